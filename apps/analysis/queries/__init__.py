"""Reads that span rows and tables: computed things as frozen dataclasses, rows as QuerySets."""
