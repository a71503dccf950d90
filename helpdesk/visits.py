"""Somebody in the help centre, known by a random key in a cookie: what belongs to one visit is counted together.

The key says nothing of the person and stands on no ticket. Points to the left of the help centre pass it on without
knowing what it is counted for.
"""

import re
import secrets

from django.http import HttpRequest, HttpResponse

COOKIE = "help_visit"
LASTS = 72 * 3600  # seconds
_KEY = re.compile(r"[0-9a-f]{32}\Z")


def visit_key(request: HttpRequest) -> str:
    """The key that this browser brought along; "" from a first page, and from most programs."""
    key = request.COOKIES.get(COOKIE, "")
    return key if _KEY.match(key) else ""


def new_key() -> str:
    return secrets.token_hex(16)


def keep_key(response: HttpResponse, key: str, *, secure: bool) -> None:
    """Let the browser bring this key along for three days; no script can read it."""
    response.set_cookie(COOKIE, key, max_age=LASTS, httponly=True, samesite="Lax", secure=secure)
