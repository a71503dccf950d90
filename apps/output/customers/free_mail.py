"""Domains at which anybody has an address: that two do says nothing of them."""

FREE_MAIL = frozenset({
    "126.com", "163.com", "aol.com", "bluewin.ch", "comcast.net", "fastmail.com", "free.fr",
    "gmail.com", "gmx.at", "gmx.ch", "gmx.de", "gmx.net", "googlemail.com", "hey.com",
    "hotmail.co.uk", "hotmail.com", "hotmail.fr", "icloud.com", "laposte.net", "libero.it",
    "live.com", "mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com",
    "outlook.de", "proton.me", "protonmail.com", "qq.com", "t-online.de", "tutanota.com",
    "wanadoo.fr", "web.de", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.fr",
    "yandex.ru", "ymail.com", "zoho.com",
})  # fmt: skip
