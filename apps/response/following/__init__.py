"""Colleagues around a ticket: who follows it, and who is mentioned in its notes.

Only those who may see the ticket: whoever loses that right follows it no longer, and is told nothing more.
`mentions.py` reads names out of a text, without a database. The letters are the next
point's (`output/services/tell.py`).
"""
