"""Standards and coding quality say where they come from, and come out again as of any moment."""

import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.control.models import Survey
from apps.response.models import SecondReading
from tests.evaluation.test_coding_quality import bea, issues, read  # noqa: F401
from tests.factories import NOW, make_ticket, make_token

SOON = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def recompute(address):
    out = io.StringIO()
    call_command("recompute", address, stdout=out)
    return json.loads(out.getvalue())


def address_on(page):
    [address] = set(re.findall(r"recompute (?:'|&#x27;)(.+?)(?:'|&#x27;)</code>", page.content.decode()))
    return unescape(address)


@pytest.fixture
def answered(cast):
    """Twelve solved tickets, each judged by its customer an hour before now."""
    rows = [make_ticket(cast, at=NOW - timedelta(days=2)) for _ in range(12)]
    for number, ticket in enumerate(rows):
        ticket.resolve(by=cast.ana, at=NOW - timedelta(days=1))
        answer(ticket, f"key-{number}", at=NOW - timedelta(hours=1), by=cast.system)
    return rows


def answer(ticket, key, *, at, by, outcome="satisfied"):
    Survey.objects.create(ticket=ticket, key=key, send_at=at, sent_at=at, answered_at=at, outcome=outcome)
    ticket.answer_survey(outcome=outcome, would_buy_again=None, told_others=None, by=by, at=at)


def test_the_satisfaction_of_the_page_comes_out_again(cast, sign_in, answered, judged_case):
    judged_case()
    address = address_on(sign_in(cast.ada).get("/standards/"))
    found = recompute(address)["figures"]
    assert sum(month["good"] for month in found["measured"]["billing"]["satisfied"]) == 12
    assert sum(month["all"] for month in found["measured"][""]["prevented"]) == 1
    assert found["charged"]


def test_what_a_customer_says_later_leaves_the_figures_of_before_alone(cast, sign_in, answered):
    late = make_ticket(cast, at=NOW - timedelta(days=2))
    late.resolve(by=cast.ana, at=NOW - timedelta(days=1))
    address = address_on(sign_in(cast.ada).get("/standards/"))
    answer(late, "late", at=SOON, by=cast.system, outcome="dissatisfied")
    before = recompute(address)["figures"]["measured"][""]["satisfied"]
    assert sum(month["all"] for month in before) == 12


def test_a_lead_is_shown_the_address_of_what_a_lead_sees(cast, sign_in, answered):
    address = address_on(sign_in(cast.lena).get("/standards/?months=3"))
    assert address.startswith("standards?departments=billing&months=3&")
    assert set(recompute(address)["figures"]["measured"]) == {"", "billing"}


def test_standards_that_have_changed_say_what_has_happened_since(cast, sign_in, answered):
    address = address_on(sign_in(cast.ada).get("/standards/"))
    answered[0].reopen(reason="Again", by=cast.ana, at=SOON)
    with pytest.raises(CommandError, match="1 reopened"):
        recompute(address)


def test_how_far_readers_agree_comes_out_again(cast, issues, read, sign_in, client):  # noqa: F811
    read(20, issues[0])
    read(15, issues[1], issues[0])
    page = sign_in(cast.lena).get("/coding-quality/")
    address = address_on(page)
    assert "Taxonomy release 1, as of" in page.content.decode()
    found = recompute(address)["figures"]
    assert found["agreement"]["n"] == 35
    assert found["alpha"]["kappa"] == page.context["quality"].readers.alpha.value
    key = make_token(cast.robot, "taxonomy:read")
    told = client.get("/api/v1/coding-quality/", HTTP_AUTHORIZATION=f"Bearer {key}").json()
    assert told["provenance"]["address"] == address
    assert told["agreement"] == found["agreement"]


def test_a_reading_settled_later_leaves_the_figures_of_before_alone(cast, issues, read, sign_in):  # noqa: F811
    read(12, issues[0], issues[1])
    address = address_on(sign_in(cast.lena).get("/coding-quality/"))
    SecondReading.objects.first().settle_as(issues[1], by=cast.lena, at=SOON)
    recompute(address)


def test_a_reading_that_was_tampered_with_is_noticed(cast, issues, read, sign_in):  # noqa: F811
    read(12, issues[0])
    address = address_on(sign_in(cast.lena).get("/coding-quality/"))
    SecondReading.objects.filter(pk=SecondReading.objects.first().pk).update(second_issue=issues[1])
    with pytest.raises(CommandError, match="The figures differ"):
        recompute(address)
