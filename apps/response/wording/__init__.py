"""Letters that nobody writes by hand: in the company's words where it has some, in ours where it has none.

By language, with fields that are filled for each ticket. `words.py` keeps and fills them, `forms.py` asks for them.
"""
