from datetime import timedelta

import pytest

from apps.intake.files import File, keep_files
from apps.intake.models import Suggestion
from apps.response import services
from apps.response.models import Guidance
from apps.response.statuses.services import save_status
from helpdesk.models import Message, Participant, Ticket, TicketIssue
from tests.factories import NOW, make_issue, make_ticket
from tests.response.pages import count_queries


def full_ticket(cast, rows: int) -> Ticket:
    """A ticket with as many rows of every kind as are asked for."""
    ticket = make_ticket(cast, due_at=NOW, clock_state="running")
    for number in range(rows):
        issue = make_issue(f"issue-{number}-{ticket.pk}")
        Suggestion.objects.create(ticket=ticket, issue=issue, rank=number + 1, confidence=0.5)
        services.classify(ticket=ticket, issue=issue, by=cast.ana, at=NOW, primary=not number)
        Guidance.objects.create(issue=issue, questions="Which invoice?")
        Participant.objects.create(ticket=ticket, email=f"p{number}@customer.test", added_at=NOW)
        message = services.reply(ticket=ticket, body=f"Answer {number}", by=cast.ana, at=NOW)
        note = services.add_note(ticket=ticket, body=f"Note {number}", by=cast.lena, at=NOW)
        message.attachments.create(name="a.txt", content_type="text/plain", size=1, sha256="0" * 64, file="x")
        note.attachments.create(name="b.txt", content_type="text/plain", size=1, sha256="0" * 64, file="y")
        make_ticket(cast, subject=f"Other {number}")
    return ticket


def test_the_ticket_page_costs_the_same_for_one_row_and_for_twenty(cast, ana):
    # person, ticket, people who answer, messages, notes, files, events, other tickets, issues, suggestions,
    # participants, counts of the views
    few, many = full_ticket(cast, 1), full_ticket(cast, 20)
    cost = count_queries(ana, f"/t/{few.pk}/?view=my-open")
    assert count_queries(ana, f"/t/{many.pk}/?view=my-open") == cost
    assert cost <= 14


def test_a_ticket_with_a_state_of_its_own_that_was_merged_costs_at_most_fifteen(cast, ana):
    parts = save_status(
        status=None,
        label="Waiting for parts",
        category="waiting_owner",
        customer_label="",
        tone="wait",
        by=cast.ada,
    )
    ticket = full_ticket(cast, 2)
    TicketIssue.objects.filter(ticket=ticket).delete()
    into = make_ticket(cast, subject="The same matter")
    Ticket.objects.filter(pk=ticket.pk).update(own_status=parts, merged_into=into, primary_issue=None)
    page = f"/t/{ticket.pk}/?view=my-open"
    assert count_queries(ana, page) <= 15
    assert "The same matter" in ana.get(page).content.decode()


def test_messages_and_notes_stand_in_the_order_of_time(cast, ana):
    ticket = make_ticket(cast, body="Said first")
    services.add_note(ticket=ticket, body="Said second", by=cast.lena, at=NOW + timedelta(minutes=1))
    services.reply(ticket=ticket, body="Said third", by=cast.ana, at=NOW + timedelta(minutes=2))
    page = ana.get(f"/t/{ticket.pk}/").content.decode()
    assert page.index("Said first") < page.index("Said second") < page.index("Said third")


def test_what_a_customer_writes_can_do_no_harm(cast, ana):
    ticket = make_ticket(cast, subject="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>")
    Message.receive(
        ticket=ticket, customer=cast.zoe, body="x", by=cast.system, at=NOW,
        html='<p onclick="a()">Hello</p><script>alert(1)</script><img src="https://spy.test/p.gif">'
        '<a href="javascript:alert(1)">x</a>',
    )  # fmt: skip
    page = ana.get(f"/t/{ticket.pk}/").content.decode()
    assert "<p>Hello</p>" in page
    for harm in ("<script>alert", "onclick", "<img src=x", "spy.test", "javascript:alert"):
        assert harm not in page


def test_what_only_repeats_earlier_mail_is_folded(cast, ana):
    ticket = make_ticket(
        cast, body="New words\n\nOn Mon, 4 May 2026 at 10:00, Ana <a@desk.test> wrote:\n> Old words"
    )
    page = ana.get(f"/t/{ticket.pk}/").content.decode()
    assert '<details class="quoted">' in page
    assert page.index("New words") < page.index("<details") < page.index("Old words")


def test_guidance_shows_this_persons_own_limit(cast, ana, sign_in):
    issue = make_issue()
    Guidance.objects.create(issue=issue, questions="Which invoice?", agent_limit=50, lead_limit=200)
    ticket = make_ticket(cast)
    services.classify(ticket=ticket, issue=issue, by=cast.ana, at=NOW)
    page = ana.get(f"/t/{ticket.pk}/guidance/").content.decode()
    assert "Which invoice?" in page
    assert "50.00" in page
    assert "200.00" in sign_in(cast.lena).get(f"/t/{ticket.pk}/guidance/").content.decode()


def test_suggestions_show_how_sure_they_are(cast, ana):
    ticket, issue = make_ticket(cast), make_issue()
    Suggestion.objects.create(ticket=ticket, issue=issue, rank=1, confidence=0.87)
    page = ana.get(f"/t/{ticket.pk}/").content.decode()
    assert "Charged twice" in page
    assert "87\u00a0%" in page


@pytest.mark.parametrize("path", ["", "history/", "guidance/", "issues/", "change/hold/", "change/classify/"])
def test_a_stranger_finds_nothing_at_any_address_of_a_ticket(cast, sign_in, path):
    ticket = make_ticket(cast)
    assert sign_in(cast.mallory).get(f"/t/{ticket.pk}/{path}").status_code == 404


def test_a_number_there_is_no_ticket_of_is_not_found(cast, ana):
    assert ana.get("/t/999999/").status_code == 404
    assert ana.get("/t/99999999999999999999999/").status_code == 404


def test_an_owner_may_read_and_note_but_gets_no_reply_box(cast, sign_in):
    ticket = make_ticket(cast)
    page = sign_in(cast.omar).get(f"/t/{ticket.pk}/").content.decode()
    assert 'id="note-body"' in page
    assert 'id="reply-body"' not in page


def test_the_history_tells_every_change_in_words(cast, ana):
    issue, ticket = make_issue(), make_ticket(cast)
    services.assign(ticket=ticket, assignee=cast.ana, by=cast.ana, at=NOW)
    services.classify(ticket=ticket, issue=issue, by=cast.ana, at=NOW)
    services.rate(ticket=ticket, severity=1, by=cast.ana, at=NOW)
    services.hold(ticket=ticket, waiting_on="waiting_owner", reason="stock", by=cast.ana, at=NOW)
    page = ana.get(f"/t/{ticket.pk}/history/").content.decode()
    for words in (
        "Given to Ana",
        "Coded as Charged twice",
        "Severity Normal to Critical",
        "Waiting on owner (before: new): stock",
    ):
        assert words in page


def test_the_history_costs_the_same_however_long_it_is(cast, ana):
    short, long = full_ticket(cast, 1), full_ticket(cast, 12)
    assert count_queries(ana, f"/t/{long.pk}/history/") == count_queries(ana, f"/t/{short.pk}/history/")


# Files


def test_a_file_is_a_download_whatever_it_says_it_is(cast, ana):
    ticket = make_ticket(cast)
    keep_files(ticket.messages.get(), [File("evil.html", "text/html", b"<script>alert(1)</script>")])
    file = ticket.messages.get().attachments.get()
    answer = ana.get(f"/attachments/{file.pk}/?inline")
    assert answer["Content-Disposition"] == 'attachment; filename="evil.html"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


def test_a_file_of_a_ticket_one_may_not_see_is_not_there(cast, sign_in):
    ticket = make_ticket(cast)
    note = services.add_note(ticket=ticket, body="x", by=cast.ana, at=NOW)
    file = note.attachments.create(name="b.txt", content_type="text/plain", size=1, sha256="0" * 64, file="y")
    assert sign_in(cast.mallory).get(f"/attachments/{file.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("lines", "asked", "folded"),
    [
        (39, "", False),
        (60, "", True),
        (60, "?q=is:open+subject:line+unseen", True),
        (60, "?find=refunding", False),
        (60, '?q=is:open+"refund"', False),
    ],
)
def test_long_words_are_shown_in_part_but_never_what_is_looked_for(cast, ana, lines, asked, folded):
    body = "\n".join(["Line"] * (lines - 1) + ["Refund me"])
    ticket = make_ticket(cast, body=f"{body}\n-- \nZoe Ltd, Refund Street 1")
    page = ana.get(f"/t/{ticket.pk}/{asked}").content.decode()
    assert ('<div class="long">' in page) == folded
    assert "Refund me" in page
    signature = page[: page.index("Refund Street")].rpartition("<details")[2]
    assert (" open" in signature.partition(">")[0]) == ("efund" in asked)
