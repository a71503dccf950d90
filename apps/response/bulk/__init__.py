"""The same acts on many tickets.

In: numbers of tickets, or a question in the language of the queue, and acts (`apps.response.acting`). The tickets are
written down as rows, and each row is done by itself: acts, events and what became of it commit together, so that a
process may die at any moment and no ticket is done twice. Up to a hundred are done while one waits, more by a worker.
It can be stopped, and undone for a day, but for what somebody has changed since.
"""
