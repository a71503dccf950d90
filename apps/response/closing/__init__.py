"""Tickets that wait on their customer close by themselves: reminded of, warned of, then solved or closed.

By department and state, switched off until somebody has seen what it would do. It stops when the customer writes, and
leaves out tickets marked to stay open.
"""
