"""The point awareness."""
