"""A person is exported, and forgotten: no name, address or phrase of theirs is left anywhere, and figures stay."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Count, Sum

from apps.control import services as control
from apps.intake.models import InboundMail, TextVector
from apps.intake.services import receive_mail
from apps.output.customers import services as customers
from apps.output.models import Delivery, WebhookDelivery
from apps.output.privacy.models import CustomerExport, Erasure
from apps.output.privacy.services import erasing, exporting
from apps.output.webhooks import services as webhooks
from apps.response import services as response
from helpdesk.errors import DomainError, NotAllowed
from helpdesk.models import (
    Attachment,
    Customer,
    Event,
    IdempotencyKey,
    Issue,
    Message,
    Note,
    Participant,
    Ticket,
    User,
)
from tests.factories import NOW, make_issue, make_ticket

NAME, ADDRESS, PHRASE = "Zebedee Quillfeather", "zebedee@quillfeather.test", "heliotrope umbrella"
PLANTED = ("quillfeather", "heliotrope", "4366012")
HOUR = timedelta(hours=1)
LETTER = f"""From: {NAME} <{ADDRESS}>
To: support@localhost
Subject: The {PHRASE}
Message-ID: <first@quillfeather.test>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain

My {PHRASE} never came. {NAME}
--x
Content-Type: text/plain; name="heliotrope.txt"
Content-Disposition: attachment; filename="heliotrope.txt"

A {PHRASE}.
--x--
"""


@pytest.fixture
def customer(cast, deliver_news) -> Customer:
    """Somebody who has left words wherever words are kept."""
    webhooks.add_webhook(url="https://other.example/hear", kinds=["*"], by=cast.ada, at=NOW)
    receive_mail(
        raw=LETTER.replace("\n", "\r\n").encode(), mailbox="support@localhost", by=cast.system, at=NOW
    )
    deliver_news(NOW)
    row = Customer.objects.get(email=ADDRESS)
    by = {"by": cast.ana, "at": NOW}
    customers.change_customer(customer=row, values={"phone": "+436601234567", "organisation": "Quillfeather Ltd"},
                              by=cast.ada, at=NOW)  # fmt: skip
    customers.change_customer(customer=row, values={"region": "north", "value": 90}, by=cast.ada, at=NOW)
    customers.note_customer(customer=row, body=f"{NAME} is kind", by=cast.ada, at=NOW)
    customers.add_address(customer=row, email="zeb@quillfeather.test", by=cast.ada, at=NOW)
    ticket = row.tickets.get()
    response.classify(ticket=ticket, issue=make_issue("lost"), **by)
    response.reply(ticket=ticket, body=f"Dear {NAME}, your {PHRASE} is on its way.", **by)
    response.add_note(ticket=ticket, body=f"The {PHRASE} again", **by)
    response.hold(ticket=Ticket.objects.get(pk=ticket.pk), waiting_on="waiting_customer", reason=f"About the {PHRASE}",
                  **by)  # fmt: skip
    control.refer(ticket=ticket, department=cast.shipping, question=f"Where is the {PHRASE}?", **by)
    Participant.objects.create(ticket=ticket, email="aunt@quillfeather.test", name="Aunt", added_at=NOW)
    Participant.objects.create(ticket=make_ticket(cast), email=ADDRESS, name=NAME, added_at=NOW)
    IdempotencyKey.objects.create(token_user=cast.robot, key="k", request_digest="d", status=201, created_at=NOW,
                                  response={"number": ticket.pk, "subject": PHRASE})  # fmt: skip
    TextVector.objects.filter(ticket=ticket).delete()
    TextVector.objects.create(ticket=ticket, encoder="none", vector=None, encoded_at=NOW)
    User.objects.create_user(email=ADDRESS, name=NAME, role="customer", customer=row)
    Issue.objects.update(definition=f"As {NAME} and {ADDRESS} had it")
    Note.objects.create(ticket=make_ticket(cast), author=cast.ana, body=f"Call {ADDRESS} back", at=NOW)
    deliver_news(NOW + HOUR)
    for letter in Delivery.objects.filter(ticket=ticket):
        letter.error = f"{ADDRESS} does not answer"
        letter.save(update_fields=["error"])
    return row


def left() -> list[str]:
    """Every text of the database in which something planted is found: all columns of all tables, whoever owns them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT table_name, column_name FROM information_schema.columns
               WHERE table_schema = current_schema() AND data_type IN
               ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'bytea', 'tsvector', 'USER-DEFINED')"""
        )
        found = []
        for table, column in cursor.fetchall():
            text = (
                f"convert_from({column}, 'LATIN1')" if column in ("raw", "content") else f'"{column}"::text'
            )
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {text} ~* %s', ["|".join(PLANTED)])
            if n := cursor.fetchone()[0]:
                found.append(f"{table}.{column}: {n}")
    return found


def figures() -> list:
    """What analysis counts by: tickets and what became of them, surveys, letters, kinds of news, what customers are
    worth."""
    ways = (
        "status",
        "channel",
        "severity",
        "department",
        "primary_issue",
        "segment",
        "region",
        "outcome",
        "language",
    )
    tickets = Ticket.objects.order_by(*ways).values(*ways).annotate(
        n=Count("pk"), minutes=Sum("handling_minutes"), customers=Count("customer", distinct=True)
    )  # fmt: skip
    return [
        list(tickets),
        sorted(Message.objects.values_list("ticket", "direction", "at", "is_automatic")),
        sorted(Note.objects.values_list("ticket", "at")),
        Customer.objects.aggregate(n=Count("pk"), value=Sum("value")),
        sorted(
            Event.objects.exclude(kind__startswith="customer.").values_list("kind", "at", "ticket", "by"),
            key=str,
        ),
        sorted(Delivery.objects.values_list("kind", "ticket", "created_at"), key=str),
    ]


def erase(cast, customer, **more) -> Erasure:
    given = {"typed": ADDRESS.upper(), "reason": f"Letter of {NAME}, 4 May", "by": cast.ada, "at": NOW} | more
    return erasing.erase_customer(customer=customer, **given)


# --- erased -------------------------------------------------------------------------------------------


def test_nothing_of_an_erased_person_is_left_in_any_column_and_the_figures_stay(cast, customer):
    assert len(left()) > 25, "too little was planted to prove anything"
    before, place = figures(), Attachment.objects.get(message__ticket__customer=customer).file.name
    erasure = erase(cast, customer)
    customer.refresh_from_db()
    assert (str(customer), customer.email, customer.region, customer.value) == (
        f"Customer {customer.pk}", None, "north", 90,
    )  # fmt: skip
    # A worker is killed after every few batches.
    rounds = 0
    while erasing.erase_on(at=NOW + HOUR, batches=7):
        rounds += 1
    erasure.refresh_from_db()
    assert rounds > 5
    assert erasure.finished_at
    assert erasure.terms == {}
    assert "[erased]" in erasure.reason
    assert left() == []
    assert figures() == before
    assert WebhookDelivery.objects.filter(body='{"erased":true}').exists()
    assert InboundMail.objects.get().raw == b""
    assert Event.objects.filter(kind="ticket.held").values_list("data", flat=True)[0]["reason"] == "[erased]"
    assert not User.objects.get(customer=customer).is_active
    assert not default_storage.exists(place)
    with pytest.raises(DomainError):
        customers.note_customer(customer=customer, body="x", by=cast.ada, at=NOW)


def test_others_of_the_same_name_keep_theirs(cast, customer):
    other = Customer.objects.create(email="other.zebedee@quillfeather.test", name=NAME, created_at=NOW)
    ticket = make_ticket(cast, customer=other, subject=f"{NAME} asks")
    erase(cast, customer)
    erasing.erase_on(at=NOW)
    other.refresh_from_db()
    ticket.refresh_from_db()
    assert (other.name, other.email, ticket.subject) == (
        NAME,
        "other.zebedee@quillfeather.test",
        f"{NAME} asks",
    )


@pytest.mark.parametrize(
    ("more", "code"),
    [({"typed": "zebedee"}, "invalid"), ({"reason": " "}, "invalid"), ({"by": "lena"}, "not-allowed")],
)
def test_who_does_not_mean_it_or_may_not_erases_nobody(cast, customer, more, code):
    if "by" in more:
        more = {"by": getattr(cast, more["by"])}
    with pytest.raises(DomainError) as refused:
        erase(cast, customer, **more)
    assert refused.value.code == code
    assert not Erasure.objects.exists()
    assert Customer.objects.get(pk=customer.pk).name == NAME


# --- exported -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_notes", [False, True])
def test_an_export_holds_everything_and_notes_by_choice_only(cast, customer, sign_in, with_notes):
    browser = sign_in(cast.ada)
    page = f"/customers/{customer.pk}/privacy/"
    browser.post(f"{page}export/", {"with_notes": "on"} if with_notes else {})
    with pytest.raises(exporting.BeingMade):
        exporting.ask_for_export(customer=customer, with_notes=False, by=cast.ada, at=NOW)
    row = exporting.make_export(at=NOW)
    assert exporting.make_export(at=NOW) is None
    assert row.done == row.total > 5
    CustomerExport.objects.update(ready_at=None)
    CustomerExport.objects.update(ready_at=Event.objects.latest("pk").at)
    answer = browser.get(f"{page}{row.pk}/")
    archive = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    said, page_of = archive.read("data.json").decode(), archive.read("index.html").decode()
    for text in (ADDRESS, f"My {PHRASE} never came", f"Dear {NAME}", "zeb@quillfeather.test"):
        assert text in said
        assert text in page_of or "&" in page_of
    assert ("is kind" in said) is with_notes
    assert (f"The {PHRASE} again" in said) is with_notes
    assert json.loads(said)["files"][0]["place"] in archive.namelist()
    kinds = set(Event.objects.filter(about=f"customer:{customer.pk}").values_list("kind", flat=True))
    assert {"customer.exported", "customer.export_fetched"} <= kinds
    assert exporting.forget_exports(at=row.ready_at + timedelta(days=400)) == 1
    assert browser.get(f"{page}{row.pk}/").status_code == 409
    assert not default_storage.exists(row.place)


def test_the_page_of_an_export_is_in_the_language_of_whom_it_is_about(cast, customer):
    Customer.objects.filter(pk=customer.pk).update(language="de")
    exporting.ask_for_export(customer=customer, with_notes=False, by=cast.ada, at=NOW)
    row = exporting.make_export(at=NOW)
    with default_storage.open(row.place) as file, zipfile.ZipFile(file) as archive:
        page, data = archive.read("index.html").decode(), archive.read("data.json").decode()
    for words in ('<html lang="de">', "<h2>Nachrichten</h2>", "<b>Betreff</b>", "<h2>Dateien</h2>"):
        assert words in page
    assert '"subject"' in data


def test_who_may_not_gets_no_export_and_no_page_of_it(cast, customer, sign_in):
    with pytest.raises(NotAllowed):
        exporting.ask_for_export(customer=customer, with_notes=False, by=cast.ana, at=NOW)
    row = exporting.ask_for_export(customer=customer, with_notes=False, by=cast.lena, at=NOW)
    assert sign_in(cast.ana).get(f"/customers/{customer.pk}/privacy/").status_code == 403
    assert sign_in(cast.mallory).get(f"/customers/{customer.pk}/privacy/{row.pk}/").status_code == 404
    assert sign_in(cast.lena).get(f"/customers/{customer.pk}/erase/").status_code == 403
    page = sign_in(cast.ada).get(f"/customers/{customer.pk}/erase/").content.decode()
    assert "Mails as they came" in page
    assert ADDRESS in page
    default_storage.delete(default_storage.save("exports/x.zip", ContentFile(b"")))
