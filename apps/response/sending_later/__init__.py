"""Answers that go out later: tomorrow morning, on Monday, at a date and time.

Until then an answer is no message: the customer's page does not show it, and no clock counts it as given. When it is
due it becomes one, in the same transaction in which its row is settled: so it is sent once, or never. If somebody wrote
meanwhile, it waits for its author, unless they said otherwise.
"""
