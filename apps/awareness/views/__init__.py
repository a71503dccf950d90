"""The pages of awareness, by what they show."""
