import smtplib
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.mail.backends.locmem import EmailBackend

from apps.intake.files import File
from apps.output import services, transport
from apps.output.models import Delivery, State
from apps.output.services.send_due import STUCK_AFTER, WAITS, claim, rescue_stuck
from helpdesk.models import Event, Note
from tests.factories import NOW

AFTER = NOW + timedelta(seconds=11)


@pytest.fixture
def delivery(cast, replied) -> Delivery:
    return services.deliver(message=replied(), by=cast.system, at=NOW)


@pytest.fixture
def answers(monkeypatch, outbox) -> list:
    """What the mail server will say to the next letters: an exception, or None when it takes one."""
    said: list = []
    send = EmailBackend.send_messages

    def send_messages(self, letters):
        answer = said.pop(0) if said else None
        if answer is not None:
            raise answer
        return send(self, letters)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    return said


def test_nothing_leaves_before_its_time(delivery, outbox, settings):
    assert outbox(NOW + timedelta(seconds=settings.UNDO_SECONDS - 1)) == []
    assert len(outbox(AFTER)) == 1


def test_a_letter_leaves_once(delivery, outbox):
    outbox(AFTER)
    assert len(outbox(AFTER)) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_at, delivery.attempts) == (State.SENT, AFTER, 1)
    assert Event.objects.filter(kind="delivery.sent", ticket=delivery.ticket).count() == 1


@pytest.mark.parametrize(
    "trouble",
    [
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPDataError(451, b"try later"),
        smtplib.SMTPSenderRefused(452, b"full", "billing@desk.test"),
        smtplib.SMTPRecipientsRefused({"zoe@customer.test": (450, b"greylisted")}),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        ConnectionRefusedError("no server"),
        TimeoutError("slow"),
    ],
)
def test_passing_trouble_is_tried_again_later(cast, delivery, outbox, answers, trouble):
    answers.append(trouble)
    assert outbox(AFTER) == []
    delivery.refresh_from_db()
    assert (delivery.state, delivery.send_after) == (State.QUEUED, AFTER + WAITS[0])
    assert delivery.error
    assert outbox(AFTER + WAITS[0] - timedelta(seconds=1)) == []
    assert len(outbox(AFTER + WAITS[0])) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        smtplib.SMTPRecipientsRefused({"zoe@customer.test": (550, b"no such user")}),
        smtplib.SMTPDataError(554, b"no spam please"),
        ValueError("Invalid address"),
    ],
)
def test_what_is_refused_for_good_fails_at_once_and_is_told(
    cast, delivery, outbox, answers, deliver_news, trouble
):
    answers.append(trouble)
    outbox(AFTER)
    delivery.refresh_from_db()
    assert delivery.state == State.FAILED
    deliver_news(AFTER)
    note = Note.objects.get(ticket=delivery.ticket)
    assert (note.author, "did not leave" in note.body) == (cast.system, True)
    notice = Delivery.objects.get(kind="notice")
    assert (notice.to, notice.ticket) == (["ana@desk.test"], delivery.ticket)


def test_after_the_last_try_it_fails(delivery, outbox, answers):
    at = AFTER
    for wait in (*WAITS, timedelta(0)):
        answers.append(smtplib.SMTPServerDisconnected("gone"))
        outbox(at)
        at += wait
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.FAILED, len(WAITS) + 1)


def test_a_failed_letter_can_be_tried_again(cast, delivery, outbox, answers):
    answers.append(ValueError("Invalid address"))
    outbox(AFTER)
    services.retry(delivery=delivery, by=cast.lena, at=AFTER)
    assert len(outbox(AFTER)) == 1


def test_only_what_failed_can_be_tried_again(cast, delivery):
    with pytest.raises(services.NotFailed):
        services.retry(delivery=delivery, by=cast.lena, at=AFTER)
    delivery.refresh_from_db()
    assert delivery.state == State.HELD


def test_one_poisoned_letter_does_not_stop_the_others(cast, replied, outbox, answers):
    for number in range(3):
        services.deliver(message=replied(body=f"Answer {number}"), by=cast.system, at=NOW)
    answers.append(smtplib.SMTPDataError(554, b"no"))
    assert len(outbox(AFTER)) == 2


def test_a_sender_killed_before_the_answer_sends_the_same_letter_again(cast, delivery, outbox):
    claim(at=AFTER)  # and then the process is gone
    assert outbox(AFTER + STUCK_AFTER) == []
    (letter,) = outbox(AFTER + STUCK_AFTER + timedelta(seconds=1))
    assert letter.message()["Message-ID"] == delivery.letter_id
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.SENT, 2)


def test_a_fault_of_ours_leaves_the_letter_claimed_and_is_raised(delivery, outbox, answers):
    answers.append(ZeroDivisionError("a bug"))
    with pytest.raises(ExceptionGroup) as raised:
        outbox(AFTER)
    assert raised.group_contains(ZeroDivisionError)
    delivery.refresh_from_db()
    assert delivery.state == State.SENDING


def test_a_fault_of_ours_with_one_letter_does_not_stop_the_others(cast, replied, outbox, answers):
    first, *others = [
        services.deliver(message=replied(body=f"Answer {n}"), by=cast.system, at=NOW) for n in range(3)
    ]
    answers.append(ZeroDivisionError("a bug"))
    with pytest.raises(ExceptionGroup):
        outbox(AFTER)
    assert {letter.pk for letter in Delivery.objects.filter(state=State.SENT)} == {one.pk for one in others}
    assert Delivery.objects.get(pk=first.pk).state == State.SENDING


def test_a_letter_that_can_not_even_be_given_up_does_not_stop_the_mail(cast, replied, outbox, monkeypatch):
    stuck, late = [services.deliver(message=replied(), by=cast.system, at=NOW) for _ in range(2)]
    Delivery.objects.filter(pk__in=[stuck.pk, late.pk]).update(
        state=State.SENDING, claimed_at=NOW, attempts=len(WAITS) + 1
    )
    waiting = services.deliver(message=replied(), by=cast.system, at=NOW)
    fail = Delivery.fail

    def broken(self, **told):
        if self.pk == stuck.pk:
            raise ZeroDivisionError
        fail(self, **told)

    monkeypatch.setattr(Delivery, "fail", broken)
    with pytest.raises(ExceptionGroup):
        outbox(AFTER + STUCK_AFTER)
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {stuck.pk: State.SENDING, late.pk: State.FAILED, waiting.pk: State.SENT}


def test_a_notice_is_sent_once_for_its_key(cast, outbox):
    for _ in range(2):
        services.send_notice(
            to="Omar@desk.test", subject="A case\nfor you", text="Look.", about="case:31", key="case:31:routed",
            by=cast.system, at=NOW,
        )  # fmt: skip
    (letter,) = outbox(NOW)
    raw = letter.message()
    assert (raw["To"], raw["Subject"], raw["Auto-Submitted"]) == (
        "omar@desk.test",
        "A case for you",
        "auto-generated",
    )


def test_partial_refusals_are_judged_by_every_recipient():
    both = {"a@x.test": (550, b"no"), "b@x.test": (450, b"later")}
    assert not transport.judge(smtplib.SMTPRecipientsRefused(both)).for_good


def test_a_letter_that_kills_its_sender_again_and_again_fails_in_the_end(cast, delivery, outbox):
    at = AFTER
    for _ in range(len(WAITS) + 1):
        assert claim(at=at).pk == delivery.pk  # and the process dies here
        at += STUCK_AFTER + timedelta(seconds=1)
        rescue_stuck(by=cast.system, at=at)
    delivery.refresh_from_db()
    assert delivery.state == State.FAILED
    assert Event.objects.filter(kind="delivery.failed", ticket=delivery.ticket).count() == 1
    assert claim(at=at) is None


@pytest.mark.parametrize(
    "kind", ["pdf", "message/rfc822", "multipart/mixed", "text/plain; charset=utf-16", ""]
)
def test_a_file_of_an_odd_type_leaves_with_its_letter_as_it_is(replied, cast, outbox, deliver_news, kind):
    content = "Übel".encode("latin-1")
    replied(attachments=[File("odd.bin", kind, content)])
    deliver_news()
    letter = next(one for one in outbox(AFTER) if "credited" in one.body)
    sent = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    assert next(sent.iter_attachments()).get_payload(decode=True) == content
