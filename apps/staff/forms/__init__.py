"""The forms of staff management, by use case."""
