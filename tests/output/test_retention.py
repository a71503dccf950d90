"""Old words go by rules that are switched on, and what is held stays."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from apps.intake.models import InboundMail
from apps.output.privacy.models import LegalHold, RetentionRule, RetentionRun
from apps.output.privacy.services import retention
from apps.output.privacy.services.erasing import IsHeld, erase_customer
from apps.response import services as response
from helpdesk.errors import DomainError, NotAllowed
from helpdesk.models import Attachment, Customer, Event, Message, Ticket
from tests.factories import NOW, make_ticket, make_token

LATER = NOW + timedelta(days=100)
MAILS = RetentionRule(kind="mails", days=30)


@pytest.fixture
def old(cast) -> Ticket:
    """A closed ticket with words, a file and the mail it came by; one is open, one another department's."""
    for department, closed in ((cast.billing, True), (cast.billing, False), (cast.shipping, True)):
        ticket = make_ticket(cast, department=department)
        message = ticket.messages.first() or Message.receive(
            ticket=ticket, customer=cast.zoe, body="Where is it?", channel="email", by=cast.system, at=NOW
        )
        content = f"file {ticket.pk}".encode()
        Attachment.keep(name="a.txt", content_type="text/plain", content=content, message=message)
        InboundMail.objects.create(
            mailbox="m",
            raw=b"raw",
            size=3,
            sha256=str(ticket.pk),
            state="done",
            ticket=ticket,
            received_at=NOW,
        )
        if closed:
            Ticket.objects.filter(pk=ticket.pk).update(status="closed", solved_at=NOW, closed_at=NOW)
    Customer.objects.create(name="Never Wrote", email="never@x.test", created_at=NOW)
    return Ticket.objects.filter(department=cast.billing, status="closed").get()


def rule(cast, kind: str, department=None, days: int = 30, *, is_on: bool = True) -> RetentionRule:
    row = retention.set_rule(kind=kind, department=department, days=days, by=cast.ada, at=NOW)
    return retention.switch_rule(rule=row, is_on=is_on, by=cast.ada, at=NOW)


def left() -> dict[str, int]:
    return {
        "files": Attachment.objects.count(),
        "words": Message.objects.exclude(body="[erased]").values("ticket").distinct().count(),
        "mails": InboundMail.objects.exclude(raw=b"").count(),
        "customers": Customer.objects.filter(anonymised_at=None).count(),
    }


@pytest.mark.parametrize(
    ("kind", "of_billing", "gone"),
    [("files", True, 1), ("files", False, 2), ("words", True, 1), ("mails", True, 2), ("mails", False, 3),
     ("customers", False, 1)],
)  # fmt: skip
def test_what_is_older_goes_and_nothing_else(cast, old, kind, of_billing, gone):
    before = left()
    row = rule(cast, kind, cast.billing if of_billing else None)
    assert retention.due(row, at=NOW + timedelta(days=29)).count() == 0
    assert retention.due(row, at=LATER).count() == gone
    assert retention.apply_rules(at=LATER) == {row.pk: gone}
    # With the words of a ticket go its files and its mail.
    after = left()
    assert before[kind] - after[kind] == gone
    untouched = {"files": ("words", "mails", "customers"), "mails": ("words", "files", "customers")}.get(
        kind, ()
    )
    assert all(before[name] == after[name] for name in untouched)
    assert retention.apply_rules(at=LATER) == {}
    assert sorted(RetentionRun.objects.values_list("rows", flat=True)) == [0, gone]


def test_a_rule_that_is_off_and_a_ticket_that_is_held_lose_nothing(cast, old):
    before = left()
    rule(cast, "files", is_on=False)
    hold = retention.place_hold(ticket=old, reason="Court", by=cast.ada, at=NOW)
    on_customer = retention.place_hold(customer=cast.zoe, reason="Court", by=cast.ada, at=NOW)
    rule(cast, "words")
    assert (retention.apply_rules(at=LATER), left()) == ({}, before)
    with pytest.raises(IsHeld):
        erase_customer(customer=cast.zoe, typed=cast.zoe.email, reason="Asked", by=cast.ada, at=NOW)
    retention.lift_hold(hold=on_customer, by=cast.ada, at=NOW)
    assert sum(retention.apply_rules(at=LATER).values()) == 1
    old.refresh_from_db()
    assert old.subject != "[erased]"
    retention.lift_hold(hold=hold, by=cast.ada, at=NOW)
    assert sum(retention.apply_rules(at=LATER).values()) == 1
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"retention.changed", "hold.placed", "hold.lifted"} <= kinds


def test_held_mail_stays_wherever_its_message_went_and_whoever_it_reached(cast, old):
    InboundMail.objects.create(
        mailbox="m", raw=b"raw", size=3, sha256="stranger", state="quarantined", sender="zoe@customer.test",
        received_at=NOW,
    )  # fmt: skip
    elsewhere = Ticket.objects.filter(department=cast.shipping).get()
    InboundMail.objects.filter(ticket=elsewhere).update(message=old.messages.get())
    for held, kept in (({"ticket": old}, 2), ({"customer": cast.zoe}, 4)):
        hold = retention.place_hold(**held, reason="Court", by=cast.ada, at=NOW)
        assert InboundMail.objects.count() - retention.due(MAILS, at=LATER).count() == kept
        retention.lift_hold(hold=hold, by=cast.ada, at=NOW)


def test_words_go_from_notes_drafts_and_the_log_while_the_ticket_counts_on(cast, old):
    open_one = Ticket.objects.get(department=cast.billing, status="new")
    response.add_note(ticket=open_one, body="Private words", by=cast.ana, at=NOW)
    response.hold(ticket=Ticket.objects.get(pk=open_one.pk), waiting_on="waiting_customer", reason="Private reason",
                  by=cast.ana, at=NOW)  # fmt: skip
    Ticket.objects.filter(pk=open_one.pk).update(status="closed", solved_at=NOW, closed_at=NOW)
    rule(cast, "words", cast.billing)
    retention.apply_rules(at=LATER)
    open_one.refresh_from_db()
    assert (open_one.subject, open_one.notes.get().body, open_one.customer) == (
        "[erased]",
        "[erased]",
        cast.zoe,
    )
    assert "Private" not in str(list(Event.objects.values_list("data", flat=True)))
    assert Customer.objects.get(pk=cast.zoe.pk).name == "Zoe"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"days": 3}, "invalid"),
        ({"kind": "dust"}, "invalid"),
        ({}, "rule-exists"),
        ({"by": "lena"}, "not-allowed"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(cast, asked, code):
    rule(cast, "files")
    given = {"kind": "files", "department": None, "days": 30, "by": cast.ada, "at": NOW} | asked
    given["by"] = cast.lena if "by" in asked else cast.ada
    with pytest.raises(DomainError) as refused:
        retention.set_rule(**given)
    assert refused.value.code == code
    assert RetentionRule.objects.count() == 1


def test_rules_and_holds_are_kept_by_page_and_by_api(cast, old, sign_in):
    browser, page = sign_in(cast.ada), "/admin/retention/"
    assert browser.post(f"{page}rules/", {"kind": "files", "days": 3}).status_code == 422
    browser.post(f"{page}rules/", {"kind": "files", "days": 30})
    row = RetentionRule.objects.get()
    assert not row.is_on
    browser.post(f"{page}rules/{row.pk}/", {"act": "on"})
    assert browser.post(f"{page}holds/", {"customer": "no@body.test", "reason": "x"}).status_code == 422
    browser.post(f"{page}holds/", {"ticket": old.pk, "reason": "Court"})
    assert "Court" in browser.get(page).content.decode()
    browser.post(f"{page}holds/{LegalHold.objects.get().pk}/lift/")
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot, 'admin')}")
    assert api.get("/api/v1/retention-rules/").json()["data"][0]["is_on"] is True
    made = api.post("/api/v1/retention-rules/", {"kind": "mails", "days": 90}, format="json").json()
    assert (
        api.patch(f"/api/v1/retention-rules/{made['id']}/", {"is_on": True}, format="json").status_code == 200
    )
    assert api.delete(f"/api/v1/retention-rules/{made['id']}/").status_code == 204
    hold = api.post("/api/v1/legal-holds/", {"customer": cast.zoe.pk, "reason": "x"}, format="json").json()
    assert api.post(f"/api/v1/legal-holds/{hold['id']}/lift/").json()["lifted_at"]
    assert sign_in(cast.lena).get(page).status_code == 403
    with pytest.raises(NotAllowed):
        retention.place_hold(ticket=old, reason="x", by=cast.lena, at=NOW)


@pytest.mark.parametrize("place", range(4))
def test_a_hold_on_one_of_merged_tickets_holds_all_of_them(cast, old, place):
    """first -> second -> third, and fourth -> third: whichever is held, nothing of them goes."""
    others = [make_ticket(cast, subject=f"Twin {number}") for number in range(3)]
    Ticket.objects.update(status="closed", solved_at=NOW, closed_at=NOW)
    one, two, three, four = family = [old, *others]
    for gone, kept in ((one, two), (two, three), (four, three)):
        Ticket.objects.filter(pk=gone.pk).update(merged_into=kept)
    hold = retention.place_hold(ticket=family[place], reason="Before the court", by=cast.ada, at=NOW)
    row = rule(cast, "words", cast.billing)
    due = set(retention.due(row, at=LATER).values_list("pk", flat=True))
    assert not due & {ticket.pk for ticket in family}
    assert due
    with pytest.raises(IsHeld):
        erase_customer(customer=cast.zoe, typed=cast.zoe.email, reason="Asked", by=cast.ada, at=NOW)
    retention.lift_hold(hold=hold, by=cast.ada, at=NOW)
    due = set(retention.due(row, at=LATER).values_list("pk", flat=True))
    assert due >= {ticket.pk for ticket in family}
