"""A contact becomes a ticket, whichever door it came through."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.conf import settings

from apps.intake.services import (
    Contact,
    ExternalIdTaken,
    File,
    FileTooLarge,
    NoDepartment,
    TooManyFiles,
    open_ticket,
)
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import (
    CodingSource,
    Customer,
    Department,
    Event,
    Message,
    Participant,
    TaxonomyRelease,
    Ticket,
    TicketIssue,
    User,
)
from tests.factories import NOW, make_issue, make_product, make_user

MARA = Contact(email="Mara@Customer.test", name="Mara Oyelaran", phone="+44 20 7946-0958")


def opening(cast, **fields):
    given = {
        "subject": "Charged twice", "body": "Please look.", "customer": MARA, "channel": "form", "by": cast.system,
        "at": NOW,
    }  # fmt: skip
    return open_ticket(**given | fields)


def nothing_was_opened():
    return not Ticket.objects.exists() and not Event.objects.exists() and not Message.objects.exists()


def test_a_contact_becomes_a_ticket_with_its_first_message_and_one_event(cast):
    ticket = opening(cast, tags=["vip", "vip"], custom={"order": 7}, occurred_at=NOW - timedelta(days=2))
    message = ticket.messages.get()
    assert (ticket.subject, ticket.status, ticket.department, ticket.tags) == (
        "Charged twice", "new", cast.billing, ["vip"],
    )  # fmt: skip
    assert (message.direction, message.body, message.sender_email) == ("in", "Please look.", MARA.email)
    assert ticket.occurred_at == NOW - timedelta(days=2)
    event = Event.objects.get()
    assert (event.kind, event.ticket_id) == ("ticket.opened", ticket.pk)
    assert "intake.suggest" in event.owes


def test_the_customer_is_known_again_by_address_in_any_case(cast):
    first, second = (
        opening(cast),
        opening(cast, customer=Contact(email="MARA@customer.TEST", name="Somebody Else")),
    )
    assert first.customer == second.customer
    assert first.customer.email == "mara@customer.test"
    assert first.customer.phone == "+442079460958"
    assert second.customer.name == "Mara Oyelaran"


def test_a_caller_is_known_again_by_phone_alone(cast):
    first = opening(cast, customer=Contact(phone="030 1234567"))
    second = opening(cast, customer=Contact(phone="030/1234-567", name="Jo"))
    assert first.customer == second.customer
    assert Customer.objects.get(pk=first.customer.pk).name == "Jo"


def test_the_issue_brings_its_department_its_severity_and_its_code(cast):
    issue = make_issue(owner=cast.shipping, default_severity=2)
    ticket = opening(cast, issue=issue)
    coded = TicketIssue.objects.get()
    assert (ticket.department, ticket.severity, ticket.primary_issue) == (cast.shipping, 2, issue)
    assert (coded.is_primary, coded.source, coded.at) == (True, CodingSource.CLIENT, NOW)
    assert coded.release == TaxonomyRelease.objects.get()
    assert list(Event.objects.values_list("kind", flat=True)) == ["ticket.opened", "ticket.classified"]


def test_an_agent_opens_in_the_own_department_and_codes_as_a_person(cast):
    ticket = opening(cast, by=cast.mallory, channel="phone", issue=make_issue())
    assert ticket.department == cast.shipping
    assert ticket.issues.get().source == CodingSource.PERSON


def test_a_named_department_wins(cast):
    assert opening(cast, department=cast.shipping, by=cast.ana).department == cast.shipping


def test_the_subject_comes_from_the_first_words_when_there_is_none(cast):
    body = "\n  My lamp arrived broken, and nobody has answered my letters about it since the end of last month.\nJo"
    ticket = opening(cast, subject=" ", body=body)
    assert ticket.subject.startswith("My lamp arrived broken")
    assert ticket.subject.endswith(" ...")
    assert len(ticket.subject) < 100


def test_copied_people_take_part_and_the_customer_is_none_of_them(cast):
    people = [
        Contact("Jo@x.test", "Jo"),
        Contact("jo@x.test"),
        Contact("mara@customer.test"),
        Contact(name="nobody"),
    ]
    ticket = opening(cast, cc=people)
    assert list(ticket.participants.values_list("email", flat=True)) == ["jo@x.test"]


def test_files_are_kept_under_a_name_that_is_only_a_name(cast):
    ticket = opening(cast, attachments=[File("../../etc/pass\u202ewd\x00", "text/plain", b"abc")])
    file = ticket.messages.get().attachments.get()
    assert (file.name, file.size, file.file.read()) == ("passwd", 3, b"abc")


def test_a_file_alone_is_enough(cast):
    assert (
        opening(cast, subject="", body="", attachments=[File("a.png", "image/png", b"a")]).subject
        == "(no subject)"
    )


def test_a_product_and_its_version_are_kept(cast):
    ticket = opening(cast, product=make_product(), product_version="2.1")
    assert (ticket.product.code, ticket.product_version) == ("lamp", "2.1")


def test_a_clock_that_is_a_little_ahead_is_forgiven(cast):
    assert opening(cast, occurred_at=NOW + timedelta(seconds=50)).occurred_at == NOW


# --- refusals -----------------------------------------------------------------------------------------


def test_nothing_said_is_refused(cast):
    with pytest.raises(Invalid, match="Say what happened"):
        opening(cast, subject="", body="  \n ")
    assert nothing_was_opened()


def test_nobody_is_refused(cast):
    with pytest.raises(Invalid, match="Give an e-mail address"):
        opening(cast, customer=Contact())
    assert nothing_was_opened()


def test_what_happens_in_the_future_is_refused(cast):
    with pytest.raises(Invalid, match="future"):
        opening(cast, occurred_at=NOW + timedelta(hours=1))
    assert nothing_was_opened()


def test_an_issue_that_is_out_of_use_is_refused(cast):
    with pytest.raises(Invalid, match="not in use"):
        opening(cast, issue=make_issue(valid_to=date(2026, 1, 1)))
    assert nothing_was_opened()


def test_too_long_a_text_is_refused(cast):
    with pytest.raises(Invalid, match="characters"):
        opening(cast, body="x" * 1_000_001)
    assert nothing_was_opened()


def test_too_large_a_file_is_refused(cast):
    settings_limit = settings.ATTACHMENT_MAX_BYTES
    with pytest.raises(FileTooLarge, match="big.bin is larger than 20 MB"):
        opening(cast, attachments=[File("big.bin", "", b"x" * (settings_limit + 1))])
    assert nothing_was_opened()


def test_too_many_files_are_refused(cast):
    with pytest.raises(TooManyFiles):
        opening(cast, attachments=[File("a", "", b"a")] * 21)
    assert nothing_was_opened()


def test_a_second_ticket_with_one_external_id_is_refused(cast):
    opening(cast, external_id="A-1")
    with pytest.raises(ExternalIdTaken):
        opening(cast, external_id="A-1")
    assert Ticket.objects.count() == 1


def test_two_callers_at_once_with_one_external_id_do_not_both_win(cast, monkeypatch):
    opening(cast, external_id="A-1")
    # The second has looked before the first has committed.
    module = import_module("apps.intake.services.open_ticket")
    monkeypatch.setattr(module, "_refuse_taken", lambda external_id: None)
    with pytest.raises(ExternalIdTaken):
        opening(cast, external_id="A-1")
    assert Ticket.objects.count() == 1


def test_an_analyst_may_not_open_one(cast):
    with pytest.raises(NotAllowed):
        opening(cast, by=cast.nils)
    assert nothing_was_opened()


def test_somebody_who_has_left_may_not_open_one(cast):
    with pytest.raises(NotAllowed):
        opening(cast, by=make_user("gone", "agent", cast.billing, is_active=False))
    assert nothing_was_opened()


def test_a_desk_without_departments_says_so(db):
    with pytest.raises(NoDepartment):
        open_ticket(subject="a", body="b", customer=MARA, channel="form", by=User.objects.system(), at=NOW)
    assert not Department.objects.exists()
    assert not Customer.objects.exists()
    assert not Participant.objects.exists()
