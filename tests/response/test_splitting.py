"""Messages that were about another matter get a ticket of their own, and come back."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from apps.analysis.models import DayCount
from apps.analysis.services.count_days import count_days
from apps.control.models import Clock
from apps.control.services import lay_out_defaults
from apps.intake import message_id
from apps.intake.files import File, keep_files
from apps.intake.models import InboundMail
from apps.intake.services import receive_mail
from apps.output.models import Delivery
from apps.response import services
from apps.response.models import Split
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Customer, Event, Message, Ticket
from tests.factories import NOW, make_ticket, make_token

LATER = NOW + timedelta(days=2)
SAID = NOW + timedelta(days=1)


def wrote(cast, ticket, body="And where is my parcel?", at=SAID, **more) -> Message:
    return Message.receive(ticket=ticket, customer=cast.zoe, body=body, by=cast.system, at=at, **more)


def answered(cast, ticket, at=SAID + timedelta(hours=1)) -> Message:
    return services.reply(ticket=ticket, body="It is on its way.", by=cast.ana, at=at)


def split(cast, ticket, *messages, at=LATER, by=None, **more) -> Split:
    numbers = [one.pk for one in messages]
    return services.split(ticket=ticket, messages=numbers, by=by or cast.ana, at=at, **more)


def test_messages_go_to_a_new_ticket_with_their_files_and_both_say_so(cast):
    ticket = make_ticket(cast)
    asked, replied = wrote(cast, ticket), answered(cast, ticket)
    keep_files(asked, [File("label.pdf", "application/pdf", b"%PDF")])
    made = split(cast, ticket, asked, replied, subject="The parcel")
    new = Ticket.objects.get(pk=made.target_id)
    assert [one.pk for one in new.messages.all()] == [asked.pk, replied.pk]
    assert (new.subject, new.customer, new.opened_at) == ("The parcel", cast.zoe, SAID)
    assert new.messages.first().attachments.get().name == "label.pdf"
    assert (ticket.messages.count(), Ticket.objects.get(pk=ticket.pk).first_replied_at) == (1, None)
    assert new.first_replied_at == replied.at
    told = {(event.kind, event.ticket_id) for event in Event.objects.filter(kind__startswith="messages.")}
    assert told == {("messages.moved", ticket.pk), ("messages.arrived", new.pk)}


def test_both_conversations_have_a_line_of_it(cast, ana):
    ticket = make_ticket(cast)
    made = split(cast, ticket, wrote(cast, ticket))
    assert f"moved 1 of the messages to #{made.target_id}" in ana.get(f"/t/{ticket.pk}/").content.decode()
    assert f"moved 1 messages here from #{ticket.pk}" in ana.get(f"/t/{made.target_id}/").content.decode()


def test_messages_go_into_another_open_ticket_of_the_customer(cast):
    ticket, into = make_ticket(cast), make_ticket(cast)
    asked = wrote(cast, ticket)
    made = split(cast, ticket, asked, into=into)
    assert (made.opened, into.messages.count(), Ticket.objects.count()) == (False, 2, 2)


def test_answers_to_what_was_moved_follow_it_and_others_do_not(cast, deliver_news):
    ticket = make_ticket(cast)
    stayed, asked, replied = answered(cast, ticket, at=NOW), wrote(cast, ticket), answered(cast, ticket)
    deliver_news(at=SAID)
    made = split(cast, ticket, asked, replied)
    for message, arrives_at in ((replied, made.target_id), (stayed, ticket.pk)):
        message.refresh_from_db()
        raw = (
            f"From: Zoe <zoe@customer.test>\r\nTo: billing@desk.test\r\nSubject: Re: x\r\n"
            f"Message-ID: <{message.pk}.answer@customer.test>\r\n"
            f"In-Reply-To: <{message.message_id}>\r\n\r\nThank you for {message.pk}.\r\n"
        )
        mail = receive_mail(raw=raw.encode(), mailbox="billing@desk.test", by=cast.system, at=LATER)
        assert mail.ticket_id == arrives_at


def test_an_old_mail_of_ours_that_is_no_message_still_names_its_ticket(cast):
    ticket = make_ticket(cast)
    own = message_id.sign(ticket.pk, "notice", domain="desk.test", secret=settings.SECRET_KEY)
    head = "From: Zoe <zoe@customer.test>\r\nTo: billing@desk.test\r\nSubject: Re: x\r\n"
    raw = f"{head}In-Reply-To: {own}\r\n\r\nYes.\r\n"
    mail = receive_mail(raw=raw.encode(), mailbox="billing@desk.test", by=cast.system, at=LATER)
    assert mail.ticket_id == ticket.pk


def test_clocks_run_from_the_first_moved_message_and_nobody_is_told_that_we_have_it(cast, deliver_news):
    lay_out_defaults()
    ticket = make_ticket(cast)
    deliver_news()
    letters = Delivery.objects.count()
    made = split(cast, ticket, wrote(cast, ticket, at=LATER - timedelta(minutes=5)))
    deliver_news(at=LATER)
    clocks = Clock.objects.filter(ticket=made.target_id)
    assert {clock.started_at for clock in clocks} == {LATER - timedelta(minutes=5)}
    assert clocks.unmet().filter(kind=Clock.Kind.FIRST_REPLY).exists()
    assert Delivery.objects.count() == letters


def test_a_reply_that_moved_along_has_kept_its_promise(cast, deliver_news):
    lay_out_defaults()
    ticket = make_ticket(cast)
    made = split(cast, ticket, wrote(cast, ticket), answered(cast, ticket))
    deliver_news(at=LATER)
    assert not Clock.objects.unmet().filter(ticket=made.target_id, kind=Clock.Kind.FIRST_REPLY).exists()


def test_the_analysis_counts_the_second_matter_on_its_own_day_until_it_is_undone(cast):
    def counted() -> dict[int, int]:
        count_days(first=NOW.date(), last=LATER.date(), at=LATER)
        return {row.day.day: row.tickets for row in DayCount.objects.all() if row.tickets}

    ticket = make_ticket(cast)
    asked = wrote(cast, ticket)
    assert counted() == {NOW.day: 1}
    made = split(cast, ticket, asked)
    assert counted() == {NOW.day: 1, SAID.day: 1}
    services.undo_split(split=made, by=cast.ana, at=LATER)
    assert counted() == {NOW.day: 1}


def cannot(cast, ticket, *messages, error, **more) -> None:
    before = (Event.objects.count(), Ticket.objects.count())
    with pytest.raises(error), transaction.atomic():
        split(cast, ticket, *messages, **more)
    assert (Event.objects.count(), Ticket.objects.count()) == before


def test_what_can_not_be_split_off_stays(cast):
    ticket, other = make_ticket(cast), make_ticket(cast)
    first, asked = ticket.messages.get(), wrote(cast, ticket)
    noor = Customer.objects.known_by(email="noor@customer.test", at=NOW)
    solved = make_ticket(cast)
    solved.resolve(by=cast.ana, at=NOW)
    leaving = answered(cast, ticket, at=LATER)
    for messages, error, more in (
        ([], Invalid, {}),
        ([other.messages.get()], Invalid, {}),
        ([leaving], Invalid, {}),
        ([asked, leaving], services.CannotSplit, {}),
        ([first, asked], services.CannotSplit, {}),
        ([asked], services.CannotSplit, {"into": ticket}),
        ([asked], services.CannotSplit, {"into": solved}),
        ([asked], services.CannotSplit, {"into": make_ticket(cast, customer=noor)}),
        ([asked], NotFound, {"into": make_ticket(cast, department=cast.shipping)}),
        ([asked], NotAllowed, {"by": cast.omar}),
        ([asked], NotFound, {"by": cast.mallory}),
    ):
        cannot(cast, ticket, *messages, error=error, **more)
    services.merge(ticket=ticket, into=other, by=cast.ana, at=LATER)
    cannot(cast, ticket, asked, error=services.TicketMerged)


def test_undone_everything_is_where_it_was(cast):
    ticket = make_ticket(cast)
    asked, replied = wrote(cast, ticket), answered(cast, ticket)
    made = split(cast, ticket, asked, replied)
    services.undo_split(split=made, by=cast.ana, at=LATER)
    assert ticket.messages.count() == 3
    assert Ticket.objects.get(pk=ticket.pk).first_replied_at == replied.at
    assert Ticket.objects.get(pk=made.target_id).merged_into_id == ticket.pk
    with pytest.raises(services.CannotUndoSplit):
        services.undo_split(split=made, by=cast.ana, at=LATER)


def test_the_mail_a_message_came_as_goes_along_and_comes_back(cast):
    ticket = make_ticket(cast)
    asked = wrote(cast, ticket)
    mails = [
        InboundMail.objects.create(
            mailbox="m", raw=b"raw", size=3, sha256=str(one.pk), state="done", ticket=ticket, message=one,
            received_at=NOW,
        )
        for one in (ticket.messages.earliest("pk"), asked)
    ]  # fmt: skip

    def places() -> list[int]:
        return [InboundMail.objects.get(pk=mail.pk).ticket_id for mail in mails]

    made = split(cast, ticket, asked)
    assert places() == [ticket.pk, made.target_id]
    services.undo_split(split=made, by=cast.ana, at=LATER)
    assert places() == [ticket.pk, ticket.pk]


def test_a_ticket_on_which_more_was_said_is_a_matter_of_its_own(cast):
    ticket = make_ticket(cast)
    made = split(cast, ticket, wrote(cast, ticket))
    services.reply(ticket=made.target, body="Found it.", by=cast.ana, at=LATER)
    with pytest.raises(services.CannotUndoSplit, match="More was said"):
        services.undo_split(split=made, by=cast.ana, at=LATER)
    assert made.target.messages.count() == 2


def test_it_is_split_and_undone_on_pages(cast, ana):
    ticket = make_ticket(cast)
    asked = wrote(cast, ticket)
    path = f"/t/{ticket.pk}/split/"
    assert ana.post(path, {"subject": "x"}).status_code == 422
    assert ana.post(path, {"messages": [asked.pk], "into": 987_654}).status_code == 422
    assert ana.post(path, {"messages": [asked.pk], "subject": "Parcel"}).status_code == 302
    made = Split.objects.get()
    assert f"/splits/{made.pk}/undo/" in ana.get(path).content.decode()
    assert ana.post(f"/splits/{made.pk}/undo/").status_code == 302
    assert ticket.messages.count() == 2


def test_a_program_splits_and_undoes(cast, client):
    ticket = make_ticket(cast)
    asked = wrote(cast, ticket)
    api = {
        "content_type": "application/json",
        "headers": {"Authorization": f"Bearer {make_token(cast.robot)}"},
    }
    path = f"/api/v1/tickets/{ticket.pk}/splits/"
    made = client.post(path, {"messages": [asked.pk], "subject": "Parcel"}, **api)
    assert (made.status_code, made.json()["opened"]) == (201, True)
    assert len(client.get(path, headers=api["headers"]).json()["splits"]) == 1
    assert client.post(f"{path}{made.json()['id']}/undo/", {}, **api).status_code == 200
    assert client.post(f"{path}{made.json()['id']}/undo/", {}, **api).status_code == 409
