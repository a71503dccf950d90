"""docs/permissions.txt against the house: who is let in where, for every address, method and person."""

import os
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.browser.desk import Desk
from tests.browser.matrix import PEOPLE, PROGRAMS, hasten, lines
from tests.browser.samples import Samples
from tests.factories import NOW

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # ten thousand answers

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "permissions.txt"
REMEDY = f"""Look at each line that changed. If it is meant, write the table anew:
WRITE_PERMISSIONS=1 .venv/bin/python manage.py test {Path(__file__).relative_to(ROOT)} -n 0"""
ZOE = 1 + PEOPLE.index("zoe")
READER = 1 + len(PEOPLE) + PROGRAMS.index("reader")
# Where people come without an account: their own page, letters' links, what is public.
FOR_EVERYBODY = (
    "/", "/setup/", "/login/", "/health/", "/help/", "/s/", "/o/", "/c/", "/gone/", "/address/", "/changes/",
    "/no-letters/", "/approve/", "/answer/", "/done/", "/language/", "/settings/",
    "/api/schema/", "/api/docs/", "/api/v1/schemas/",
)  # fmt: skip
FOR_CUSTOMERS = ("/api/v1/notices/", "/api/v1/me/")
# A desk that is set up, a signature of a program of theirs, and what asks for more than an address.
FOR_NOBODY_HERE = {
    "/setup/", "/hooks/github/<str:key>/", "/hooks/jira/<str:key>/", "/t/<int:number>/tasks/lay-out/",
    "/t/<int:number>/drafts/file/", "/t/<int:number>/drafts/reply/files/", "/t/<int:number>/drafts/note/files/",
    "/quality/reviews/new/", "/api/v1/policies/fitting/", "/admin/tags/one/",
    # For customers who signed in by mail: nobody of these did.
    "/help/sign-out/", "/help/sign-out/everywhere/", "/help/mine/", "/help/mine/details/", "/help/mine/addresses/",
    "/help/mine/addresses/<int:pk>/primary/", "/help/mine/organisation/",
}  # fmt: skip


@pytest.fixture(scope="module")
def found(desk: Desk, django_db_blocker: DjangoDbBlocker) -> list[str]:
    """The lines of the table as the house is; in a thread, for the browser has this one."""

    def look() -> list[str]:
        with django_db_blocker.unblock(), desk.connected(), time_machine.travel(NOW, tick=True):
            with transaction.atomic():
                samples = Samples(desk.places)
                seen = list(lines(samples))
                transaction.set_rollback(True)
            assert not samples.lacking, "Say in tests/browser/samples.py (or rare.py) what stands there."
            return seen

    with ThreadPoolExecutor(1) as beside, pytest.MonkeyPatch.context() as patch:
        hasten(patch)
        return beside.submit(look).result()


def test_everybody_is_let_in_where_the_table_says_and_nowhere_else(found):
    head, known = written()
    if os.environ.get("WRITE_PERMISSIONS"):
        TABLE.write_text("\n".join([*head, *found]) + "\n")
    changed = [line for line in unified_diff(known, found, lineterm="", n=0) if not line.startswith("@@")]
    assert changed == [], REMEDY


def test_every_address_has_somebody_it_is_for(found):
    nobody = [line.split(" ")[2] for line in found if not {"+", "?"} & set(line.split(" ")[0])]
    assert set(nobody) - FOR_NOBODY_HERE == set(), "samples.py has no row of theirs, or they are for nobody"


def test_without_an_account_one_comes_nowhere_but_to_what_is_for_everybody(found):
    for line in found:
        signs, _, place = line.split(" ")
        if not place.startswith(FOR_EVERYBODY[1:]) and place != "/":
            assert signs[0] in ">.", line
            assert signs[ZOE] in "-.?" or place in FOR_CUSTOMERS, line


def test_a_token_that_may_read_changes_nothing(found):
    for line in found:
        signs, method, _ = line.split(" ")
        if len(signs) > READER and method != "GET":
            assert signs[READER] in "-.", line


def written() -> tuple[list[str], list[str]]:
    """The head of the table, and its lines."""
    text = TABLE.read_text().splitlines()
    end = text.index("") + 1
    return text[:end], text[end:]
