"""The kernel: nouns every point shares, and the page shell.

Nouns live in `models/`, change only through their own named methods (mutators), and every change leaves one
row in the event log (`events.record`). The kernel imports no point. What is allowed to whom is one table,
`permissions.py`; what went wrong is said by `errors.py` and shaped for the API by `api.py`.
"""
