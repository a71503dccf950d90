"""What is done when a person asks for what we know of them, or to be forgotten."""
