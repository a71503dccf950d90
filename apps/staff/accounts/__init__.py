"""Accounts of colleagues, the passwords they sign in with, and the departments they work in.

An administrator adds somebody by name, address and role; a letter leads them to a page where they choose a password.
Whoever leaves is switched off: what they did stays theirs, and their open tickets go to others.
"""
