"""The point response."""
