from datetime import timedelta

import pytest
from django.utils import timezone

from apps.control.models import CustomerPromise
from apps.response import services
from apps.response.models import Draft
from apps.response.queries.common_words import FEW
from helpdesk.models import Ticket
from tests.factories import NOW, make_issue, make_ticket
from tests.response.pages import count_queries


def test_the_queue_shows_what_the_view_asks_for(cast, ana):
    mine, other = make_ticket(cast, subject="Mine"), make_ticket(cast, subject="Nobody's")
    services.assign(ticket=mine, assignee=cast.ana, by=cast.ana, at=NOW)
    page = ana.get("/queue/").content.decode()
    assert "Mine" in page
    assert "Nobody's" not in page
    assert "Nobody&#x27;s" in ana.get("/queue/?view=unassigned").content.decode()
    assert other.subject == "Nobody's"


def test_a_queue_row_costs_no_query(cast, ana):
    # person, rows, counts of the views; the session comes from the cache
    make_ticket(cast)
    one = count_queries(ana, "/queue/?view=all-open")
    issue = make_issue()
    for number in range(55):
        ticket = make_ticket(cast, subject=f"Ticket {number}", due_at=NOW, clock_state="running")
        services.assign(ticket=ticket, assignee=cast.lena, by=cast.ana, at=NOW)
        services.classify(ticket=ticket, issue=issue, by=cast.ana, at=NOW)
    assert count_queries(ana, "/queue/?view=all-open") == one
    assert one <= 5


def test_a_question_with_every_kind_of_name_costs_at_most_twelve_count_queries(cast, ana):
    ticket = make_ticket(cast)
    ticket.messages.update(id=FEW)  # as after years, when it is asked which words stand everywhere
    asked = "is:open department:billing issue:nowhere product:none assignee:ana -tag:vip refund created:<1000d due:<9h"
    assert count_queries(ana, f"/queue/?q={asked}") <= 12


@pytest.mark.parametrize(
    ("asked", "blamed"),
    [
        ("tag:nowhere", "tag:nowhere"),
        ("is:open tag:nowhere severity:critical", "tag:nowhere"),
        ("is:open nonsense", "nonsense"),
        ("is:open is:unassigned -invoice", "-invoice"),
        ("assignee:ana is:unassigned", ""),  # each finds something, and both together nothing
        ("severity:critical", "severity:critical"),
        ("invoice", ""),
    ],
)
def test_the_part_that_alone_removes_everything_is_named(cast, ana, asked, blamed):
    make_ticket(cast)
    services.assign(ticket=make_ticket(cast), assignee=cast.ana, by=cast.ana, at=NOW)
    page = ana.get(f"/queue/?q={asked}")
    assert page.context["page"].blamed == blamed
    assert ("alone removes everything" in page.content.decode()) is bool(blamed)


def test_the_next_page_begins_after_the_last_row(cast, ana):
    for number in range(60):
        make_ticket(cast, subject=f"Ticket {number:02}", at=NOW + timedelta(minutes=number))
    first = ana.get("/queue/?q=is:open sort:oldest").context["page"]
    second = ana.get(first.next_url).context["page"]
    numbers = [row.ticket.subject for row in (*first.rows, *second.rows)]
    assert numbers == [f"Ticket {number:02}" for number in range(60)]
    assert second.next_url == ""


@pytest.mark.parametrize("sort", ["due", "updated", "created", "oldest", "severity"])
def test_every_order_can_be_paged_through(cast, ana, sort):
    for number in range(54):
        due = NOW + timedelta(minutes=number // 2) if number % 3 else None
        make_ticket(cast, due_at=due, severity=1 + number % 4, at=NOW + timedelta(minutes=number // 4))
    page = ana.get(f"/queue/?q=is:open sort:{sort}").context["page"]
    seen = [row.ticket.pk for row in page.rows]
    seen += [row.ticket.pk for row in ana.get(page.next_url).context["page"].rows]
    assert sorted(seen) == sorted(Ticket.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "after", ["x", "~", "nonsense~5", "2026-01-01T00:00:00+00:00~99999999999999999999", "~-1"]
)
def test_a_broken_place_in_the_list_is_no_fault(cast, ana, after):
    make_ticket(cast)
    assert ana.get("/queue/", {"view": "all-open", "after": after}).status_code == 200


def test_a_wrong_token_is_told_and_the_rest_runs(cast, ana):
    make_ticket(cast, subject="Refund")
    make_ticket(cast, subject="Parcel", body="Late")
    page = ana.get("/queue/", {"q": "is:opne colour:red refund"})
    text = page.content.decode()
    assert "is:opne" in text
    assert "colour:" in text
    assert [row.ticket.subject for row in page.context["page"].rows] == ["Refund"]


def test_an_empty_view_says_what_to_do_next(cast, ana):
    assert "Press P" in ana.get("/queue/?view=my-open").content.decode()
    assert "No ticket fits" in ana.get("/queue/?q=zebra").content.decode()


def test_play_on_an_empty_list_says_so(cast, ana):
    answer = ana.post("/queue/play/?view=unassigned", follow=True)
    assert "Nothing here waits" in answer.content.decode()


def test_a_stranger_sees_an_empty_queue(cast, sign_in):
    make_ticket(cast, subject="Secret of Billing")
    assert "Secret" not in sign_in(cast.mallory).get("/queue/?view=all-open").content.decode()


def test_the_queue_is_not_for_customers(cast, sign_in):
    assert sign_in(cast.zoe_account).get("/queue/").status_code == 403


def test_the_list_says_when_each_ticket_is_due_and_fetches_what_is_left_of_it(cast, ana):
    due = make_ticket(cast, due_at=NOW, clock_state="running")
    make_ticket(cast)
    for address in ("/queue/?view=all-open", f"/queue/beside/{due.pk}/?view=all-open"):
        page = ana.get(address).content.decode()
        assert page.count(f'data-due="{due.pk}"') == page.count("data-due=") == 1
        assert f'hx-get="/clocks/due/?number={due.pk}"' in page
        assert f"{NOW:%a %H:%M}" in page
        assert "data-clock=" not in page


def test_a_list_without_promises_fetches_nothing(cast, ana):
    make_ticket(cast)
    assert b"/clocks/due/" not in ana.get("/queue/?view=all-open").content


def test_a_row_says_that_i_have_not_sent_what_i_wrote_and_that_a_promise_is_due(cast, ana):
    ticket, other = make_ticket(cast, subject="Mine"), make_ticket(cast, subject="Hers")
    for one, user, text in ((ticket, cast.ana, "Dear"), (other, cast.lena, "Dear"), (other, cast.ana, "  ")):
        Draft.objects.create(user=user, ticket=one, kind="reply", writer="w", text=text, at=NOW)
    due = timezone.now() + timedelta(minutes=1)
    CustomerPromise.objects.create(
        ticket=other, text="Call", due_at=due, warn_at=due, owner=cast.ana, made_by=cast.ana, made_at=NOW
    )
    rows = {row.ticket.subject: row.ticket for row in ana.get("/queue/?view=all-open").context["page"].rows}
    assert [(rows[name].has_draft, rows[name].promise_is_due) for name in ("Mine", "Hers")] == [
        (True, False), (False, True)
    ]  # fmt: skip


def test_a_peek_shows_the_head_and_the_last_that_was_said(cast, ana, sign_in):
    ticket = make_ticket(cast, subject="Charged twice", tags=["vip"], body="First words")
    assert "First words" in ana.get(f"/t/{ticket.pk}/peek/").content.decode()
    services.add_note(ticket=ticket, body="A <b>note</b>", by=cast.ana, at=NOW + timedelta(hours=1))
    page = ana.get(f"/t/{ticket.pk}/peek/?view=all-open").content.decode()
    assert "Charged twice" in page
    assert "A &lt;b&gt;note" in page
    assert "First words" not in page
    assert f'href="/t/{ticket.pk}/?view=all-open"' in page
    assert sign_in(cast.mallory).get(f"/t/{ticket.pk}/peek/").status_code == 404
