"""The point output."""
