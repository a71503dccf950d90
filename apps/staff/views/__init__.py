"""The pages of staff management, by what they show."""
