"""The pages of quality: the team's figures, reviews, scorecards, calibration."""
