"""Reads of staff management that span rows and tables."""
