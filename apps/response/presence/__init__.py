"""Who has a ticket open, and who writes on it. A courtesy: it locks nothing, is kept nowhere but in Valkey, and is gone
within a minute after a page was left. What must be right is checked when an answer is sent (`NewerMessage`).
"""
