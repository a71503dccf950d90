"""The pages of evaluation, by what they show."""
