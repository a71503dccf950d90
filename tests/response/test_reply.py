from datetime import timedelta

import pytest
from django.db import transaction

from apps.intake.files import File, FileTooLarge
from apps.response import services
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Attachment, Event, Message, Note, Status
from tests.factories import NOW, make_ticket

LATER = NOW + timedelta(minutes=5)


def reply(ticket, by, body="We have credited it.", at=LATER, **more):
    return services.reply(ticket=ticket, body=body, by=by, at=at, **more)


def told(ticket) -> list[str]:
    return list(Event.objects.filter(ticket=ticket).values_list("kind", flat=True))


def test_a_reply_is_written_and_the_new_ticket_is_open(cast):
    ticket = make_ticket(cast)
    message = reply(ticket, cast.ana)
    ticket.refresh_from_db()
    assert (message.body, message.author, message.direction) == ("We have credited it.", cast.ana, "out")
    assert (ticket.status, ticket.first_replied_at) == (Status.OPEN, LATER)
    assert told(ticket)[-2:] == ["message.written", "ticket.begun"]


def test_only_the_first_reply_is_noted_as_the_first(cast):
    ticket = make_ticket(cast)
    reply(ticket, cast.ana)
    reply(ticket, cast.ana, at=LATER + timedelta(hours=1))
    ticket.refresh_from_db()
    assert ticket.first_replied_at == LATER


@pytest.mark.parametrize(
    ("then", "status"), [("", Status.OPEN), ("wait", Status.WAITING_CUSTOMER), ("solve", Status.SOLVED)]
)
def test_a_reply_says_what_becomes_of_the_ticket(cast, then, status):
    ticket = make_ticket(cast)
    reply(ticket, cast.ana, then=then)
    ticket.refresh_from_db()
    assert ticket.status == status


@pytest.mark.parametrize("ended", ["solved", "closed"])
def test_a_reply_to_an_ended_ticket_reopens_it(cast, ended):
    ticket = make_ticket(cast)
    ticket.resolve(by=cast.ana, at=NOW)
    if ended == "closed":
        ticket.close(by=cast.system, at=NOW)
    reply(ticket, cast.ana)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopened_count) == (Status.OPEN, 1)


def test_a_last_word_on_a_solved_ticket_leaves_it_solved(cast):
    ticket = make_ticket(cast)
    ticket.resolve(by=cast.ana, at=NOW)
    reply(ticket, cast.ana, then="solve")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.solved_at, ticket.reopened_count) == (Status.SOLVED, NOW, 0)


def test_a_last_word_on_a_closed_ticket_solves_it_anew(cast):
    ticket = make_ticket(cast)
    ticket.close(by=cast.system, at=NOW)
    reply(ticket, cast.ana, then="solve")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.solved_at) == (Status.SOLVED, LATER)


def test_files_go_with_a_reply_under_a_harmless_name(cast):
    message = reply(
        make_ticket(cast), cast.ana, attachments=[File("../../in\u202evoice.pdf", "application/pdf", b"%PDF")]
    )
    file = Attachment.objects.get(message=message)
    assert (file.name, file.size) == ("invoice.pdf", 4)


def refuses(error, ticket, by, **more) -> str:
    ticket.refresh_from_db()
    before = ticket.status, Event.objects.count(), Message.objects.count()
    with pytest.raises(error) as refused, transaction.atomic():
        reply(ticket, by, **more)
    ticket.refresh_from_db()
    assert (ticket.status, Event.objects.count(), Message.objects.count()) == before
    return str(refused.value)


@pytest.mark.parametrize("body", ["", "  \r\n\t ", "\0"])
def test_nothing_but_blanks_is_no_reply(cast, body):
    refuses(services.NothingSaid, make_ticket(cast), cast.ana, body=body)


def test_a_file_that_is_too_large_is_refused_with_the_reply(cast, settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    refuses(FileTooLarge, make_ticket(cast), cast.ana, attachments=[File("a.txt", "text/plain", b"x" * 11)])


def test_a_colleague_of_another_department_finds_no_ticket_to_reply_to(cast):
    refuses(NotFound, make_ticket(cast), cast.mallory)


@pytest.mark.parametrize("who", ["omar", "nils", "zoe_account"])
def test_roles_that_do_not_answer_customers_may_not_reply(cast, who):
    refuses(NotAllowed, make_ticket(cast), getattr(cast, who))


def test_a_merged_ticket_says_where_to_go_on(cast):
    ticket, other = make_ticket(cast), make_ticket(cast)
    services.merge(ticket=ticket, into=other, by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert f"#{other.pk}" in refuses(services.TicketMerged, ticket, cast.ana)


# What somebody wrote meanwhile


def test_a_newer_message_of_the_customer_asks_for_a_second_press(cast):
    ticket = make_ticket(cast)
    seen = ticket.messages.get().pk
    newer = Message.receive(
        ticket=ticket, customer=cast.zoe, body="It is solved!", by=cast.system, at=NOW, sender_name="Zoe"
    )
    assert "Zoe wrote" in refuses(services.NewerMessage, ticket, cast.ana, seen=seen)
    reply(ticket, cast.ana, seen=newer.pk)


def test_a_newer_reply_of_a_colleague_asks_for_a_second_press(cast):
    ticket = make_ticket(cast)
    seen = ticket.messages.get().pk
    reply(ticket, cast.lena)
    assert "Lena wrote" in refuses(services.NewerMessage, ticket, cast.ana, seen=seen)


def test_own_automatic_and_withdrawn_messages_do_not_stop_a_reply(cast):
    ticket = make_ticket(cast)
    seen = ticket.messages.get().pk
    reply(ticket, cast.ana)
    Message.receive(ticket=ticket, customer=cast.zoe, body="Away", by=cast.system, at=NOW, is_automatic=True)
    reply(ticket, cast.lena).withdraw(by=cast.lena, at=NOW)
    reply(ticket, cast.ana, seen=seen)


# Notes


def test_a_note_is_kept_apart_from_what_the_customer_sees(cast):
    ticket = make_ticket(cast)
    note = services.add_note(
        ticket=ticket,
        body="Third one this week.",
        by=cast.omar,
        at=NOW,
        attachments=[File("log.txt", "", b"x")],
    )
    ticket.refresh_from_db()
    assert note.attachments.get().name == "log.txt"
    assert (ticket.status, ticket.messages.count(), told(ticket)[-1]) == (Status.NEW, 1, "note.added")


def test_a_stranger_can_add_no_note(cast):
    ticket = make_ticket(cast)
    with pytest.raises(NotFound):
        services.add_note(ticket=ticket, body="Hello", by=cast.mallory, at=NOW)
    assert not Note.objects.exists()


def test_a_customer_may_not_write_notes(cast):
    with pytest.raises(NotAllowed):
        services.add_note(ticket=make_ticket(cast), body="Hello", by=cast.zoe_account, at=NOW)
