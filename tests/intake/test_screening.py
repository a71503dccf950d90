"""What kind of mail it is, by the table, and what follows."""

from datetime import UTC, datetime

import pytest

from apps.intake.bounce import Permanence
from apps.intake.mail import read
from apps.intake.screening import CONSEQUENCES, Kind, Screening, screen
from tests.intake.letters import delivery_report, mail, multipart, part

RECEIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
OURS = frozenset({"support@helpdesk.test"})


def screened(raw: bytes) -> Screening:
    letter = read(raw, received_at=RECEIVED)
    return screen(letter, own_addresses=OURS, is_own_message_id=lambda one: one.endswith("@helpdesk.test"))


def test_an_ordinary_letter_is_ok():
    assert screened(mail()).kind is Kind.OK
    assert (
        screened(
            mail(headers={"Subject": "Where is the office?", "Auto-Submitted": "no", "X-Spam-Flag": "NO"})
        ).kind
        is Kind.OK
    )


@pytest.mark.parametrize(
    "headers", [{"Message-ID": "<out.1@helpdesk.test>"}, {"From": "Support <SUPPORT@helpdesk.test>"}]
)
def test_our_own_mail_coming_back_is_recognised(headers):
    assert screened(mail(headers=headers)).kind is Kind.OWN_MAIL


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Auto-Submitted": "auto-replied"}, Kind.AUTO_REPLY),
        ({"Auto-Submitted": "auto-generated"}, Kind.AUTOMATIC),
        ({"Auto-Submitted": "auto-replied (vacation)"}, Kind.OUT_OF_OFFICE),
        ({"X-Auto-Response-Suppress": "All"}, Kind.AUTOMATIC),
        ({"X-Auto-Response-Suppress": "None"}, Kind.OK),
        ({"X-Autoreply": "yes"}, Kind.AUTO_REPLY),
        ({"X-Autorespond": "Re: your mail"}, Kind.AUTO_REPLY),
        ({"Precedence": "auto_reply"}, Kind.AUTO_REPLY),
        ({"Precedence": "bulk"}, Kind.LIST),
        ({"Precedence": "junk"}, Kind.LIST),
        ({"Precedence": "list"}, Kind.LIST),
        ({"List-Id": "<users.example.org>"}, Kind.LIST),
        ({"Return-Path": "<>"}, Kind.AUTOMATIC),
        ({"Return-Path": "<zoe@example.org>"}, Kind.OK),
        ({"From": "MAILER-DAEMON@example.org"}, Kind.AUTOMATIC),
        ({"From": "Shop <no-reply@example.org>"}, Kind.AUTOMATIC),
        ({"X-Spam-Flag": "YES"}, Kind.SPAM),
        ({"X-Spam-Status": "Yes, score=9"}, Kind.SPAM),
    ],
)
def test_machines_are_recognised_by_a_table_of_headers(headers, kind):
    verdict = screened(mail(headers=headers))
    assert verdict.kind is kind
    assert str(verdict.reason).endswith(".")


@pytest.mark.parametrize(
    "subject",
    ["Out of Office: Zoe", "Automatic reply: Out of office", "Abwesenheitsnotiz", "Absence du bureau : Zoe",
     "RE: Out of office",
     "Fuera de la oficina", "Frånvarande", "Poza biurem", "Вне офиса"],
)  # fmt: skip
def test_absence_notices_are_recognised_by_their_subject(subject):
    verdict = screened(mail(headers={"Subject": subject}))
    assert verdict.kind in (Kind.OUT_OF_OFFICE, Kind.AUTO_REPLY)
    assert not verdict.consequence.counts_as_answer


@pytest.mark.parametrize(
    "subject", ["The office is out of order", "Refund for my vacation", "Automatic gearbox broken", "自動車"]
)
def test_a_complaint_is_no_absence_notice(subject):
    assert screened(mail(headers={"Subject": subject})).kind is Kind.OK


def test_list_mail_opens_a_ticket_and_is_not_answered_automatically():
    for kind in (Kind.LIST, Kind.AUTOMATIC):
        assert CONSEQUENCES[kind].opens_ticket
        assert not CONSEQUENCES[kind].may_be_answered_automatically


def test_every_kind_has_consequences():
    assert set(CONSEQUENCES) == set(Kind)


@pytest.mark.parametrize(
    ("report", "permanence"),
    [
        ({}, Permanence.HARD),
        ({"status": "5.1.10"}, Permanence.HARD),
        ({"status": "5.2.2"}, Permanence.SOFT),  # mailbox full
        ({"status": "5.7.1"}, Permanence.SOFT),  # refused by policy
        ({"status": "4.4.7"}, Permanence.SOFT),
        ({"action": "delayed", "status": "4.4.1"}, Permanence.SOFT),
        ({"status": "5.0.0", "diagnosis": "550 5.1.1 no such user"}, Permanence.HARD),
        ({"status": "5.0.0", "diagnosis": "552 5.2.2 over quota"}, Permanence.SOFT),
    ],
)
def test_a_delivery_report_is_hard_or_soft(report, permanence):
    bounce = screened(delivery_report(**report)).bounce
    assert bounce.permanence is permanence
    assert bounce.recipients == ("gone@example.org",)
    assert bounce.original_message_id == "out.1@helpdesk.test"


def test_a_report_of_success_is_no_bounce():
    assert screened(delivery_report(action="delivered", status="2.0.0")).kind is Kind.AUTOMATIC


def test_a_read_receipt_is_an_automatic_reply():
    raw = multipart(part("text/plain", "read"), subtype="report; report-type=disposition-notification")
    assert screened(raw).kind is Kind.AUTO_REPLY


def test_a_bounce_in_free_text_is_understood():
    text = (
        "Hi. This is the qmail-send program.\n<gone@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nMessage-ID: <out.9@helpdesk.test>\nSubject: x\n"
    )
    bounce = screened(mail(text, {"From": "MAILER-DAEMON@mx.example.org", "Return-Path": "<>"})).bounce
    assert (bounce.permanence, bounce.recipients, bounce.original_message_id) == (
        Permanence.HARD, ("gone@example.org",), "out.9@helpdesk.test",
    )  # fmt: skip


def test_a_customer_who_forwards_a_bounce_is_a_customer():
    raw = multipart(
        part("text/plain", "I got this, why?"),
        part("message/delivery-status", "Reporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1"),
        headers={"Return-Path": "<zoe@example.org>"},
    )
    assert screened(raw).kind is Kind.OK
