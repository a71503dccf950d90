"""Every word the house says is marked for translation: in a language that puts each between ⟦ and ⟧, no page has a word
outside, but for what people wrote."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real
from selectolax.lexbor import LexborHTMLParser

from tests.browser.desk import Desk, own_rows
from tests.browser.screens import FULL, Screen
from tests.factories import NOW

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
# What people wrote says so itself (`dir="auto"`); programs, keys and times are no words.
NOT_OURS = (
    "[dir=auto], script, style, code, pre, kbd, time, template, textarea, option, svg, .avatar, .mono, .brand"
)


class Bracketed(trans_real.DjangoTranslation):
    """A language in which every marked text is seen to be one."""

    def __init__(self) -> None:
        super().__init__("en")

    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, singular, plural, number):
        return f"⟦{singular if number == 1 else plural}⟧"


@contextmanager
def bracketed() -> Iterator[None]:
    known = trans_real._translations.get("en")
    trans_real._translations["en"] = Bracketed()
    translation.activate("en")
    try:
        yield
    finally:
        trans_real._translations["en"] = known
        translation.deactivate()


def unmarked(page: str) -> set[str]:
    tree = LexborHTMLParser(page)
    for node in tree.css(NOT_OURS):
        node.decompose()
    words = MARKED.sub(" ", MARKED.sub(" ", tree.body.text(separator="\n") if tree.body else ""))
    return {line.strip() for line in words.splitlines() if re.search(r"[^\W\d_]{3,}", line)}


def test_no_page_says_a_word_that_is_not_marked(desk: Desk, django_db_blocker):
    with ThreadPoolExecutor(1) as apart:  # the browser's own thread may not ask the database
        found = apart.submit(read_all, desk, django_db_blocker).result()
    import json, pathlib
    pathlib.Path("/tmp/found.json").write_text(json.dumps({k: sorted(v) for k, v in found.items()}, ensure_ascii=False))
    assert not found


def read_all(desk: Desk, blocker) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with own_rows(desk, blocker), bracketed(), time_machine.travel(NOW):
        for screen in FULL:
            for line in unmarked(page_of(desk, screen)):
                found.setdefault(line, set()).add(screen.name)
    return found


def page_of(desk: Desk, screen: Screen) -> str:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    if screen.person:
        row = Session.objects.get(pk=desk.session(screen.person)).get_decoded()
        from helpdesk.models import User

        client.force_login(
            User.objects.get(pk=row["_auth_user_id"]), backend=settings.AUTHENTICATION_BACKENDS[-1]
        )
    answer = client.get(desk.address(screen.place).removeprefix(desk.site))
    return answer.content.decode() if answer.headers.get("Content-Type", "").startswith("text/html") else ""
