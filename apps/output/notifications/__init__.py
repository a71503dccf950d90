"""News for colleagues: what happened that concerns them, in the pages and by mail, as each of them wants it.

`inform` (`apps/output/services/notify.py`) is the one door: whoever has news for a colleague says what happened
(`item.py`) and of which kind it is (`kinds.py`), and the colleague's choices say whether it stands in their inbox,
goes out as a letter, waits for a digest, or none of these. Nobody hears of their own acts, or of a ticket they may not
see: asked when it is told, when mail goes and when it is shown.
"""
