"""Every ticket gets a vector of the encoder that is chosen for its language, now or in the background."""

from contextlib import closing

import numpy as np
import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.intake import encoders, tasks
from apps.intake.models import TextVector
from apps.intake.services import AlreadyEncoding, encode_ticket, encode_tickets
from apps.intake.services.encode import waiting
from apps.intake.subscribers import encode
from helpdesk.errors import NotAllowed
from helpdesk.models import Customer, Event
from tests.factories import NOW, make_ticket

MINILM, USE = "all-minilm-l6-v2", "use-multilingual-3"
GERMAN = "Meine Rechnung wurde zweimal abgebucht, bitte um Erstattung."


@pytest.fixture(autouse=True)
def best_encoder(settings):
    """Other tests do without any."""
    settings.TEXT_ENCODER = ""


def stored(ticket):
    return TextVector.objects.get(ticket=ticket)


def run(cast, **options):
    return encode_tickets(by=cast.system, at=NOW, **options)


def test_a_new_ticket_gets_its_vector_from_the_news(cast, deliver_news):
    ticket = make_ticket(cast)

    deliver_news()

    row = stored(ticket)
    assert (row.encoder, row.encoded_at) == (MINILM, NOW)
    direct = encoders.named("minilm").encode(["Charged twice\nPlease look at my invoice."])[0]
    assert np.asarray(row.vector) == pytest.approx(direct, abs=1e-3)


def test_the_same_news_again_changes_nothing(cast):
    make_ticket(cast)
    event = Event.objects.get(kind="ticket.opened")
    for _ in range(2):
        encode(event=event, by=cast.system, at=NOW)
    assert TextVector.objects.count() == 1


def test_the_language_is_read_from_the_words_and_chooses_the_encoder(cast):
    ticket = make_ticket(cast, subject="Abbuchung", body=GERMAN)

    encode_ticket(ticket=ticket, by=cast.system, at=NOW)

    ticket.refresh_from_db()
    assert ticket.language == "de"
    assert Customer.objects.get(pk=cast.zoe.pk).language == "de"
    assert stored(ticket).encoder == USE


def test_a_language_that_was_told_stands(cast):
    ticket = make_ticket(cast, subject="Abbuchung", body=GERMAN, language="fr")
    encode_ticket(ticket=ticket, by=cast.system, at=NOW)
    ticket.refresh_from_db()
    assert ticket.language == "fr"


def test_a_language_taken_over_from_the_customer_gives_way_to_the_words(cast):
    cast.zoe.note_language("en")
    ticket = make_ticket(cast, subject="Abbuchung", body=GERMAN, language="en")
    encode_ticket(ticket=ticket, by=cast.system, at=NOW)
    ticket.refresh_from_db()
    assert ticket.language == "de"
    assert Customer.objects.get(pk=cast.zoe.pk).language == "en"


def test_english_of_a_country_is_not_made_less_exact(cast):
    cast.zoe.note_language("en-GB")
    ticket = make_ticket(cast, body="I was charged twice for one order.", language="en-GB")
    encode_ticket(ticket=ticket, by=cast.system, at=NOW)
    ticket.refresh_from_db()
    assert ticket.language == "en-GB"


def test_a_ticket_without_a_word_is_done_and_has_no_vector(cast):
    ticket = make_ticket(cast, subject="!", body="...")
    assert run(cast) == 1
    assert stored(ticket).vector is None
    assert run(cast) == 0


def test_the_background_encodes_the_newest_first_and_goes_on_where_it_was(cast):
    tickets = [make_ticket(cast, subject=f"Invoice {number}") for number in range(5)]

    assert run(cast, most=2) == 2
    assert set(TextVector.objects.values_list("ticket", flat=True)) == {one.pk for one in tickets[3:]}
    assert run(cast) == 3
    assert not waiting().exists()


def test_the_newest_alone_may_be_looked_at(cast):
    tickets = [make_ticket(cast, subject=f"Invoice {number}") for number in range(5)]
    assert run(cast, newest=3) == 3
    assert set(TextVector.objects.values_list("ticket", flat=True)) == {one.pk for one in tickets[2:]}
    assert run(cast, newest=9) == 2


def test_what_was_done_before_a_break_is_kept(cast, monkeypatch):
    monkeypatch.setattr("apps.intake.services.encode.BATCH", 2)
    for number in range(5):
        make_ticket(cast, subject=f"Invoice {number}")
    seen = []

    def stop(done, total):
        seen.append((done, total))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(cast, progress=stop)
    assert seen == [(2, 5), (4, 5)]
    assert TextVector.objects.count() == 4


def test_another_encoder_reads_every_ticket_anew(cast, settings):
    ticket = make_ticket(cast)
    run(cast)
    settings.TEXT_ENCODER = "use"
    assert run(cast) == 1
    assert stored(ticket).encoder == USE
    assert run(cast) == 0


def test_without_an_encoder_nothing_is_stored_and_the_language_is_noted(cast, settings):
    settings.TEXT_ENCODER = "none"
    ticket = make_ticket(cast, subject="Abbuchung", body=GERMAN)
    encode_ticket(ticket=ticket, by=cast.system, at=NOW)
    ticket.refresh_from_db()
    assert ticket.language == "de"
    assert run(cast) == 0
    assert not TextVector.objects.exists()
    with pytest.raises(CommandError, match="no encoder"):
        call_command("encode_tickets")


def test_a_colleague_can_not_start_it(cast):
    with pytest.raises(NotAllowed):
        encode_tickets(by=cast.ana, at=NOW)
    with pytest.raises(NotAllowed):
        encode_ticket(ticket=make_ticket(cast), by=cast.ana, at=NOW)


def test_one_process_does_it_at_a_time(cast):
    make_ticket(cast)
    with closing(psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})) as other:
        other.cursor().execute("SELECT pg_advisory_lock(hashtext('encode tickets'))")
        with pytest.raises(AlreadyEncoding):
            run(cast)
        tasks.encode_tickets()
        tasks.encode_newest_tickets()
        with pytest.raises(CommandError, match="encoded already"):
            call_command("encode_tickets")
    assert not TextVector.objects.exists()


def test_the_command_says_how_many_it_encoded(cast, capsys):
    make_ticket(cast)
    call_command("encode_tickets")
    assert capsys.readouterr().out == "1 tickets encoded.\n"
    assert TextVector.objects.count() == 1
