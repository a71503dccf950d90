"""Articles of the help centre: written, looked over, published in several languages, withdrawn.

`models.py` says what an article is, `services.py` what may be done with one, `markup.py` makes its Markdown safe to
show, `languages.py` names the languages there are. Who reads them, and whether it helped, is `help_centre/`.
"""
