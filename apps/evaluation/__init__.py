"""The point evaluation."""
