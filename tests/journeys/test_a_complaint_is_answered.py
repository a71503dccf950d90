"""The tactical half, through every real door: form, API and mail in; suggestion, clocks, assignment; reply out."""

import json
import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from apps.control.models import Clock
from apps.control.services import lay_out_defaults
from apps.intake.models import Suggestion
from apps.staff.services import set_availability
from helpdesk.models import Status, Ticket
from tests.factories import PASSWORD, make_cast, make_issue, make_token
from tests.journeys.house import House, eventually

pytestmark = pytest.mark.slow

LETTER = b"""\
From: Zoe <zoe@customer.test>
To: support@localhost
Subject: Charged twice
Message-ID: <first@customer.test>

My invoice was charged twice this month.
"""


def call(house: House, path: str, body: dict, key: str, **headers: str) -> tuple[int, dict]:
    request = Request(
        house.site + path, json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **headers},
    )  # fmt: skip
    try:
        answer = urlopen(request, timeout=60)
    except HTTPError as error:
        answer = error
    return answer.status, json.loads(answer.read())


def test_a_complaint_by_every_door_is_answered_and_solved(house: House):
    cast = make_cast()
    lay_out_defaults()
    set_availability(user=cast.ana, capacity=10, by=cast.lena)
    make_issue(
        "charged-twice", owner=cast.billing, examples=["My invoice was charged twice", "Paid two times"]
    )
    make_issue(
        "late-parcel", owner=cast.shipping, examples=["The parcel did not arrive", "Where is my delivery"]
    )

    # By API, with a key that makes a repetition harmless.
    asked = {
        "subject": "Paid two times",
        "body": "Please refund.",
        "customer": {"email": "zoe@customer.test"},
    }
    key = make_token(cast.robot)
    status, first = call(house, "/api/v1/tickets/", asked, key, **{"Idempotency-Key": "order-1"})
    again, same = call(house, "/api/v1/tickets/", asked, key, **{"Idempotency-Key": "order-1"})
    assert (status, again, same["number"]) == (201, 201, first["number"])

    # By mail, real bytes on standard input; the same letter twice is one ticket.
    house.manage("receive_mail", given=LETTER)
    house.manage("receive_mail", given=LETTER)
    assert Ticket.objects.filter(channel="email").count() == 1

    # By the form, in a browser without JavaScript.
    zoe = house.browser()
    page = zoe.get("/help/new/")
    fields = dict.fromkeys(re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', page), "")
    fields |= {"body": "My parcel did not arrive.", "email": "zoe@customer.test"}
    zoe.post("/help/new/", {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"})
    assert zoe.status == 200, zoe.page
    assert Ticket.objects.count() == 3

    # The worker has suggested, started the clocks, found an agent and acknowledged; nothing is owed any more.
    house.settle()
    ticket = Ticket.objects.get(channel="email")
    assert Suggestion.objects.filter(ticket=ticket).order_by("rank").first().issue.code == "charged-twice"
    assert set(Clock.objects.filter(ticket=ticket).values_list("kind", flat=True)) == {
        "acknowledge", "first_reply", "resolve",
    }  # fmt: skip
    assert ticket.assignee == cast.ana
    eventually(lambda: len(house.letters(to="zoe@customer.test")) >= 3, seconds=90)

    # Ana answers and solves it.
    ana = house.browser()
    ana.sign_in("ana@desk.test", PASSWORD)
    page = ana.get(f"/t/{ticket.pk}/")
    assert ana.status == 200, page
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    ana.post(
        f"/t/{ticket.pk}/reply/",
        {"body": "We refund it today.", "then": "solve", "seen": seen[1] if seen else ""},
    )  # fmt: skip
    assert ana.status == 200, ana.page
    ticket.refresh_from_db()
    assert ticket.status == Status.SOLVED

    def answer():
        return [m for m in house.letters(to="zoe@customer.test") if "We refund it today." in m.as_string()]

    letter = eventually(answer)[0]
    assert letter["In-Reply-To"] == "<first@customer.test>"

    # Zoe answers by mail: her letter finds its ticket by our signed Message-ID and opens it again.
    reply = "From: zoe@customer.test\nTo: support@localhost\nSubject: Re: hello\nMessage-ID: <second@customer.test>\n"
    reply += f"In-Reply-To: {letter['Message-ID']}\n\nIt is not there yet.\n"
    house.manage("receive_mail", given=reply.encode())
    eventually(lambda: Ticket.objects.get(pk=ticket.pk).status == Status.OPEN)
    assert Ticket.objects.count() == 3
    house.settle()
    assert Clock.objects.unmet().filter(ticket=ticket, kind="next_reply").count() == 1
