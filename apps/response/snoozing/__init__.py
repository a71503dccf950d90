"""A ticket leaves somebody's own list until a time, or until the customer writes; then it is back, on top and marked.

It is a colleague's own: nobody else's list changes, nor does the ticket. Promises of time go on running.
"""
