"""The point staff."""
