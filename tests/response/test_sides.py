"""What is written about a ticket to others than its customer, and what they answer: kept among us."""

from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from apps.intake.files import File, keep_files
from apps.intake.models import InboundMail
from apps.intake.queries import request_key
from apps.intake.services import receive_mail
from apps.output.models import Delivery
from apps.output.services import TooLate, send_due, undo_side
from apps.response import queries, services
from apps.response.sides.services import open_side, settle_side, write_side
from helpdesk.errors import DomainError, Invalid, NotAllowed, NotFound
from helpdesk.models import Attachment, Message, Note, SideConversation, SideLetter, Ticket
from tests.factories import NOW, make_ticket, make_token
from tests.response.pages import count_queries

EVE = "eve@supplier.test"
LATER = NOW + timedelta(minutes=1)


def begin(cast, ticket, **more) -> SideConversation:
    given = {"to": [EVE], "subject": "Lost parcel", "body": "Where is it?", "by": cast.ana, "at": NOW} | more
    return open_side(ticket=ticket, **given)


def sent() -> Delivery:
    return Delivery.objects.filter(kind="side").latest("pk")


def answered(cast, to: str, words="It is on its way.", sender=EVE, more="") -> InboundMail:
    raw = (
        f"From: Eve <{sender}>\r\nTo: billing@desk.test\r\nSubject: Re: Lost parcel\r\n{more}"
        f"Message-ID: <{abs(hash((words, sender)))}@supplier.test>\r\nIn-Reply-To: {to}\r\n\r\n{words}\r\n"
    )
    return receive_mail(raw=raw.encode(), mailbox="billing@desk.test", by=cast.system, at=NOW)


def test_it_leaves_in_a_thread_of_its_own_with_its_files(cast, deliver_news, settings):
    ticket = make_ticket(cast)
    side = begin(cast, ticket, attachments=[File("a.txt", "text/plain", b"words")])
    deliver_news()
    first = sent()
    write_side(side=side, body="Still nothing?", by=cast.ana, at=NOW)
    deliver_news()
    deliver_news()
    second = sent()
    assert (first.to, first.cc, first.subject) == ([EVE], [], "Lost parcel")
    assert [one.name for one in first.enclosures.all()] == ["a.txt"]
    assert second.headers == {"In-Reply-To": first.letter_id, "References": first.letter_id}
    assert "Auto-Submitted" not in first.headers
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    django_mail.outbox = []
    send_due(by=cast.system, at=LATER)
    letters = [letter for letter in django_mail.outbox if letter.to == [EVE]]
    assert [letter.body for letter in letters] == ["Where is it?\n", "Still nothing?\n"]
    assert letters[0].attachments[0][0] == "a.txt"


@pytest.mark.parametrize("sender", [EVE, "zoe@customer.test", "ana@desk.test", "other@supplier.test"])
def test_whoever_answers_writes_to_us_alone(cast, deliver_news, sender):
    ticket = make_ticket(cast)
    side = begin(cast, ticket)
    deliver_news()
    before = Message.objects.count(), Ticket.objects.count()
    settle_side(side=side, state="done", by=cast.ana, at=NOW)
    mail = answered(cast, sent().letter_id, sender=sender)
    assert (mail.state, mail.ticket) == ("done", ticket)
    assert (Message.objects.count(), Ticket.objects.count()) == before
    assert not ticket.participants.exists()
    letter = side.letters.get(direction="in")
    assert (letter.body.strip(), letter.sender_email) == ("It is on its way.", sender)
    side.refresh_from_db()
    assert side.state == "open"
    deliver_news()
    told = Delivery.objects.get(kind="notice")
    assert told.to == [cast.ana.email]
    assert "on its way" not in told.text


def test_an_out_of_office_opens_nothing_and_the_same_answer_comes_once(cast, deliver_news):
    ticket = make_ticket(cast)
    side = begin(cast, ticket)
    deliver_news()
    settle_side(side=side, state="done", by=cast.ana, at=NOW)
    answered(cast, sent().letter_id, words="I am away.", more="Auto-Submitted: auto-replied\r\n")
    side.refresh_from_db()
    assert side.state == "done"
    answered(cast, sent().letter_id)
    receive_mail(
        raw=bytes(InboundMail.objects.latest("pk").raw), mailbox="other@desk.test", by=cast.system, at=NOW
    )
    assert side.letters.filter(direction="in").count() == 2


def test_what_is_forwarded_holds_what_was_said_and_chosen_files_and_no_note(cast, deliver_news):
    ticket = make_ticket(cast, body="My parcel is lost.")
    said, note = ticket.messages.get(), services.add_note(ticket=ticket, body="Secret", by=cast.ana, at=NOW)
    keep_files(said, [File("seen.png", "image/png", b"p")])
    keep_files(note, [File("secret.txt", "text/plain", b"s")])
    services.reply(ticket=ticket, body="We ask them.", by=cast.ana, at=NOW)
    file, hidden = Attachment.objects.get(message=said), Attachment.objects.get(note=note)
    one = begin(cast, ticket, body="", forward=[said.pk], files_of_ticket=[file.pk])
    whole = begin(cast, ticket, body="Please look.", forward=[])
    assert [part["name"] for part in one.letters.get().files] == ["seen.png"]
    assert "My parcel is lost." in one.letters.get().body
    assert "We ask them." not in one.letters.get().body
    body = whole.letters.get().body
    assert body.index("Please look.") < body.index("My parcel is lost.") < body.index("We ask them.")
    assert "Secret" not in body
    assert "zoe@customer.test" not in body
    for given in ({"files_of_ticket": [hidden.pk]}, {"forward": [make_ticket(cast).messages.get().pk]}):
        with pytest.raises(Invalid), transaction.atomic():
            begin(cast, ticket, **given)


def test_who_may_not_and_to_whom_not(cast):
    ticket = make_ticket(cast)
    for error, given in (
        (NotFound, {"by": cast.mallory}),
        (NotAllowed, {"by": cast.omar}),
        (DomainError, {"to": ["billing@desk.test"]}),
        (DomainError, {"to": ["zoe@customer.test"]}),
        (DomainError, {"to": ["nobody"]}),
        (DomainError, {"to": []}),
        (DomainError, {"body": " "}),
    ):
        with pytest.raises(error), transaction.atomic():
            begin(cast, ticket, **given)
    assert not SideConversation.objects.exists()
    assert not SideLetter.objects.exists()


def test_the_pages_begin_it_show_it_and_settle_it(cast, ana, client, deliver_news):
    ticket = make_ticket(cast, body="My parcel is lost.")
    said = ticket.messages.get()
    keep_files(said, [File("seen.png", "image/png", b"p")])
    place = f"/t/{ticket.pk}/sides/new/?message={said.pk}"
    assert "seen.png" in ana.get(place).content.decode()
    assert ana.post(place, {"to": "billing@desk.test", "body": "x"}).status_code == 422
    made = ana.post(
        place, {"to": EVE, "subject": "Lost", "body": "Look", "going_along": [said.attachments.get().pk]}
    )
    side = SideConversation.objects.get()
    address = f"/t/{ticket.pk}/sides/{side.pk}/"
    assert made["Location"] == f"{address}?undo={side.letters.get().pk}"
    ana.post(address, {"body": "And?"})
    ana.post(f"{address}settle/", {"state": "done"})
    shown = ana.get(address).content.decode()
    assert "And?" in shown
    assert "Open again" in shown
    letter = side.letters.first()
    file = ana.get(f"/t/{ticket.pk}/sides/file/{letter.pk}/0/")
    assert b"".join(file.streaming_content) == b"p"
    panel = f"/t/{ticket.pk}/sides/"
    few = count_queries(ana, panel)
    for _ in range(5):
        begin(cast, ticket)
    assert count_queries(ana, panel) == few
    assert "wrote in the side conversation" in ana.get(f"/t/{ticket.pk}/").content.decode()
    assert "Lost" in " ".join(one.text for one in queries.history(ticket))
    status = client.get(f"/help/r/{request_key(ticket)}/").content.decode()
    assert "And?" not in status
    assert "Where is it?" not in status
    assert not Note.objects.exists()


def test_a_letter_is_taken_back_before_it_leaves_and_written_anew(cast, ana, sign_in, deliver_news):
    ticket = make_ticket(cast)
    file = SimpleUploadedFile("a.txt", b"words")
    made = ana.post(
        f"/t/{ticket.pk}/sides/new/", {"to": EVE, "body": "To the wrong one", "attachments": file}
    )
    letter = SideLetter.objects.get()
    assert [one["name"] for one in letter.files] == ["a.txt"]
    deliver_news()
    assert f"/side-letters/{letter.pk}/offer/" in ana.get(made["Location"]).content.decode()
    assert "data-countdown" in ana.get(f"/side-letters/{letter.pk}/offer/").content.decode()
    assert sign_in(cast.mallory).post(f"/side-letters/{letter.pk}/undo/").status_code == 404
    page = ana.post(f"/side-letters/{letter.pk}/undo/", follow=True).content.decode()
    assert "Taken back, never sent" in page
    assert "data-countdown" not in ana.get(f"/side-letters/{letter.pk}/offer/").content.decode()
    again = f"/t/{ticket.pk}/sides/new/?again={letter.pk}"
    assert again in page
    assert "To the wrong one" in ana.get(again).content.decode()
    letter.side.refresh_from_db()
    assert letter.side.state == "done"
    assert "Took a letter" in " ".join(one.text for one in queries.history(ticket))
    before_it_was_made = write_side(side=letter.side, body="And?", by=cast.ana, at=NOW)
    undo_side(letter=before_it_was_made, by=cast.ana, at=NOW)
    left = write_side(side=letter.side, body="Now", by=cast.ana, at=NOW)
    deliver_news()
    send_due(by=cast.system, at=LATER)
    assert list(Delivery.objects.filter(kind="side").order_by("pk").values_list("state", flat=True)) == [
        "withdrawn", "sent",
    ]  # fmt: skip
    assert sent().headers == {}
    with pytest.raises(TooLate):
        undo_side(letter=left, by=cast.ana, at=LATER)


def test_a_stranger_reads_none_of_it(cast, sign_in, client):
    ticket = make_ticket(cast)
    side = begin(cast, ticket, attachments=[File("a.txt", "text/plain", b"words")])
    letter = side.letters.get()
    for user in (cast.mallory, cast.zoe_account):
        browser = sign_in(user)
        for place in ("sides/", f"sides/{side.pk}/", f"sides/file/{letter.pk}/0/", "sides/new/"):
            assert browser.get(f"/t/{ticket.pk}/{place}").status_code in (403, 404)


def test_programs_hold_side_conversations(cast, client):
    ticket = make_ticket(cast)
    asked = {
        "headers": {"Authorization": f"Bearer {make_token(cast.robot)}"},
        "content_type": "application/json",
    }
    place = f"/api/v1/tickets/{ticket.pk}/sides/"
    made = client.post(place, {"to": [EVE], "body": "Hi", "forward": []}, **asked)
    assert (made.status_code, made.json()["is_forward"], made.json()["subject"]) == (
        201,
        True,
        ticket.subject,
    )
    one = f"{place}{made.json()['id']}/"
    letter = client.post(f"{one}letters/", {"body": "And?"}, **asked)
    assert letter.status_code == 201
    undo = f"{place}letters/{letter.json()['id']}/undo/"
    assert [client.post(undo, **asked).status_code for _ in range(2)] == [204, 204]
    assert client.patch(one, {"state": "done"}, **asked).json()["state"] == "done"
    assert [len(row["letters"]) for row in client.get(place, **asked).json()["data"]] == [2]
    assert client.post(place, {"to": ["zoe@customer.test"], "body": "Hi"}, **asked).status_code == 422
