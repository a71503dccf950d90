"""What the pages of quality read."""
