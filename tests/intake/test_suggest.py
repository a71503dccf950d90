"""The issue suggested from the text: from the taxonomy's own words first, then from what people coded."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib import import_module

import numpy as np
import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.intake import tasks
from apps.intake.blind import is_blind
from apps.intake.models import EncodedText, Suggestion, SuggestionModel, TextFit
from apps.intake.queries import further_issues_for, suggestions_for
from apps.intake.services import AlreadyTraining, suggest_issue, train_suggestions
from apps.intake.services.learn import current_model
from apps.intake.subscribers import suggest
from apps.intake.suggestion import calibrate
from helpdesk.errors import NotAllowed
from helpdesk.models import Event
from tests.factories import NOW, make_cast, make_issue, make_ticket

learning_service = import_module("apps.intake.services.learn")


@pytest.fixture(autouse=True)
def words_alone(settings):
    settings.TEXT_ENCODER = "none"


@pytest.fixture
def taxonomy(cast):
    return three_issues()


def three_issues():
    return [
        make_issue("charged-twice", examples=["I was charged two times for one invoice"]),
        make_issue("late-parcel", examples=["My parcel has not arrived, where is the delivery"]),
        make_issue("broken-lamp", examples=["The lamp arrived broken, the glass is in pieces"]),
    ]


def test_a_new_desk_suggests_from_the_words_of_its_taxonomy(cast, taxonomy):
    ticket = make_ticket(cast, subject="Where is my parcel?", body="The delivery has not arrived.")
    suggest_issue(ticket=ticket, by=cast.system, at=NOW)
    said = suggestions_for(ticket)
    assert [one.rank for one in said] == [1, 2, 3]
    assert said[0].issue.code == "late-parcel"
    assert 0 < said[0].confidence <= 1
    assert SuggestionModel.objects.get().trained_on == 0


def test_again_gives_the_same_rows_and_not_more(cast, taxonomy):
    ticket = make_ticket(cast)
    event = Event.objects.get(kind="ticket.opened")
    for _ in range(2):
        suggest(event=event, by=cast.system, at=NOW)
    assert Suggestion.objects.filter(ticket=ticket).count() == 3


def test_it_learns_what_people_coded_and_not_what_programs_said(cast, taxonomy):
    charged, late, _broken = taxonomy
    for number in range(6):
        ticket = make_ticket(cast, subject=f"Blorb {number}", body="The blorb is frumious.")
        ticket.classify(charged, release=charged.release, by=cast.ana, at=NOW)
    other = make_ticket(cast, subject="Blorb", body="blorb")
    other.classify(late, release=late.release, by=cast.robot, at=NOW, source="client")
    assert train_suggestions(by=cast.system, at=NOW).trained_on == 6
    ticket = make_ticket(cast, subject="Frumious blorb", body="")
    assert suggest_issue(ticket=ticket, by=cast.system, at=NOW)[0].issue == charged


def test_a_desk_with_one_issue_has_nothing_to_suggest(cast):
    make_issue()
    ticket = make_ticket(cast)
    assert suggest_issue(ticket=ticket, by=cast.system, at=NOW) == []
    assert not SuggestionModel.objects.exists()


def test_how_good_it_is_is_told_on_tickets_it_has_not_seen(cast, taxonomy, monkeypatch):
    monkeypatch.setattr(calibrate, "ENOUGH", 30)
    for number in range(30):
        issue = taxonomy[number % 3]
        ticket = make_ticket(cast, subject=issue.examples[0], body=f"number {number}")
        ticket.classify(issue, release=issue.release, by=cast.ana, at=NOW)
    assert train_suggestions(by=cast.system, at=NOW).accuracy == 1.0


def test_only_the_last_models_are_kept(cast, taxonomy):
    for _ in range(7):
        train_suggestions(by=cast.system, at=NOW)
    assert SuggestionModel.objects.count() == 5


def test_a_model_of_another_version_is_replaced(cast, taxonomy):
    SuggestionModel.objects.create(data=b"old", trained_at=NOW, method="x", trained_on=0)
    assert suggest_issue(ticket=make_ticket(cast), by=cast.system, at=NOW)
    assert SuggestionModel.objects.count() == 2


def test_suggestions_of_a_ticket_take_one_query(cast, taxonomy, django_assert_num_queries):
    ticket = make_ticket(cast)
    suggest_issue(ticket=ticket, by=cast.system, at=NOW)
    with django_assert_num_queries(1):
        assert [one.issue.label for one in suggestions_for(ticket)]


def test_no_person_trains_it_by_hand(cast, taxonomy):
    with pytest.raises(NotAllowed):
        train_suggestions(by=cast.ada, at=NOW)
    assert not SuggestionModel.objects.exists()


def test_a_retired_issue_teaches_what_takes_its_place(cast, taxonomy):
    charged, late, _broken = taxonomy
    older, oldest = make_issue("twice"), make_issue("double")
    for retired, successor in ((older, charged), (oldest, older)):
        retired.valid_to, retired.replaced_by = NOW.date(), successor
        retired.save()
    for number in range(6):
        ticket = make_ticket(cast, subject=f"Blorb {number}", body="The blorb is frumious.")
        ticket.classify(oldest, release=late.release, by=cast.ana, at=NOW)
    assert train_suggestions(by=cast.system, at=NOW).trained_on == 6
    ticket = make_ticket(cast, subject="Frumious blorb", body="")
    assert suggest_issue(ticket=ticket, by=cast.system, at=NOW)[0].issue == charged


def test_issues_that_replace_each_other_end_the_search(cast, taxonomy):
    charged, late, _broken = taxonomy
    charged.replaced_by, late.replaced_by = late, charged
    charged.save()
    late.save()
    assert train_suggestions(by=cast.system, at=NOW)


# --- blind tickets ------------------------------------------------------------------------------------


def test_one_ticket_in_twenty_is_blind(settings):
    settings.BLIND_ONE_IN = 20
    assert sum(is_blind(number) for number in range(100_000)) == pytest.approx(5_000, rel=0.05)
    assert [is_blind(7) for _ in range(3)] == [is_blind(7)] * 3
    settings.BLIND_ONE_IN = 0
    assert not any(is_blind(number) for number in range(1_000))


def test_a_blind_ticket_shows_its_suggestions_when_it_is_coded(cast, taxonomy, settings):
    settings.BLIND_ONE_IN = 1
    ticket = make_ticket(cast, subject="Where is my parcel?", body="The delivery has not arrived.")
    assert suggest_issue(ticket=ticket, by=cast.system, at=NOW)
    assert TextFit.objects.get(ticket=ticket).is_blind
    assert suggestions_for(ticket) == []
    ticket.classify(taxonomy[0], release=taxonomy[0].release, by=cast.ana, at=NOW)
    assert len(suggestions_for(ticket)) == 3


def test_blind_tickets_tell_how_good_it_is(cast, taxonomy, settings, monkeypatch):
    monkeypatch.setattr(learning_service, "ENOUGH_BLIND", 4)
    settings.BLIND_ONE_IN = 1
    charged, late, _broken = taxonomy
    for given in (late, late, late, charged):
        ticket = make_ticket(cast, subject="Where is my parcel?", body="The delivery has not arrived.")
        suggest_issue(ticket=ticket, by=cast.system, at=NOW)
        ticket.classify(given, release=given.release, by=cast.ana, at=NOW)
    seen = make_ticket(cast, subject="Where is my parcel?")
    settings.BLIND_ONE_IN = 0
    suggest_issue(ticket=seen, by=cast.system, at=NOW)
    seen.classify(charged, release=charged.release, by=cast.ana, at=NOW)

    row = train_suggestions(by=cast.system, at=NOW)

    assert (row.blind_accuracy, row.blind_tickets) == (0.75, 4)


def test_few_blind_tickets_tell_nothing(cast, taxonomy):
    row = train_suggestions(by=cast.system, at=NOW)
    assert (row.blind_accuracy, row.blind_tickets) == (None, 0)


# --- further issues, and none that fits ----------------------------------------------------------------


def coded_tickets(cast, taxonomy, count):
    for number in range(count):
        issue = taxonomy[number % 3]
        ticket = make_ticket(cast, subject=issue.examples[0], body=f"number {number}")
        ticket.classify(issue, release=issue.release, by=cast.ana, at=NOW)


def test_a_sentence_names_a_further_issue_once_the_first_is_settled(cast, taxonomy):
    charged, late, _broken = taxonomy
    coded_tickets(cast, taxonomy, 90)
    body = f"{late.examples[0]}. Also {charged.examples[0].lower()}."
    ticket = make_ticket(cast, subject="Two things", body=body)
    first = suggest_issue(ticket=ticket, by=cast.system, at=NOW)[0].issue
    assert further_issues_for(ticket) == []
    ticket.classify(first, release=late.release, by=cast.ana, at=NOW)
    [further] = further_issues_for(ticket)
    assert {first, further.issue} == {late, charged}
    ticket.classify(further.issue, release=late.release, by=cast.ana, at=NOW, primary=False)
    assert further_issues_for(ticket) == []


def test_a_text_that_fits_no_code_is_marked(cast, taxonomy):
    coded_tickets(cast, taxonomy, 90)
    strange = make_ticket(cast, subject="Zebra", body="Quiz jazz xylophone vuvuzela")
    usual = make_ticket(cast, subject=taxonomy[0].examples[0], body="number 500")
    for ticket in (strange, usual):
        suggest_issue(ticket=ticket, by=cast.system, at=NOW)
    assert TextFit.objects.get(ticket=strange).fits_no_code
    assert not TextFit.objects.get(ticket=usual).fits_no_code


# --- with an encoder ----------------------------------------------------------------------------------


class Counting:
    """An encoder for tests that remembers what it was asked."""

    name, dimensions = "counting", 3

    def __init__(self):
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        return np.array([[len(text) % 7, 1, 2] for text in texts], np.float32).reshape(len(texts), 3)


@pytest.fixture
def encoder(monkeypatch):
    counting = Counting()
    monkeypatch.setattr(learning_service.encoders, "richest", lambda: counting)
    return counting


def test_the_second_night_encodes_what_is_new_only(cast, taxonomy, encoder):
    coded_tickets(cast, taxonomy, 3)
    assert train_suggestions(by=cast.system, at=NOW).encoder == "counting"
    asked, encoder.asked = encoder.asked, []
    assert asked
    new = make_ticket(cast, subject="The newest", body="of all")
    new.classify(taxonomy[0], release=taxonomy[0].release, by=cast.ana, at=NOW)
    train_suggestions(by=cast.system, at=NOW)
    assert encoder.asked == ["The newest\nof all"]


def test_a_model_of_the_same_number_and_time_in_another_database_is_read_anew(cast, taxonomy):
    first = train_suggestions(by=cast.system, at=NOW)
    _, known = current_model(NOW)
    assert current_model(NOW)[1] is known
    SuggestionModel.objects.all().delete()
    make_issue("lost-key", examples=["I lost the key"])
    other = train_suggestions(by=cast.system, at=NOW, encode_most=0)
    SuggestionModel.objects.filter(pk=other.pk).update(id=first.pk)
    row, model = current_model(NOW)
    assert (row.pk, row.trained_at) == (first.pk, first.trained_at)
    assert row.fingerprint != first.fingerprint
    assert set(model.codes) - set(known.codes) == {"lost-key"}


def test_vectors_of_texts_that_have_gone_are_forgotten(cast, taxonomy, encoder):
    train_suggestions(by=cast.system, at=NOW)
    EncodedText.objects.create(digest="old", vector=b"")
    train_suggestions(by=cast.system, at=NOW)
    assert not EncodedText.objects.filter(digest="old").exists()


def test_another_encoder_makes_the_model_stale(cast, taxonomy, encoder):
    ticket = make_ticket(cast)
    suggest_issue(ticket=ticket, by=cast.system, at=NOW)
    encoder.name = "another"
    learning_service._model.cache_clear()  # as in the process that the change begins
    assert suggest_issue(ticket=ticket, by=cast.system, at=NOW)
    assert [row.encoder for row in SuggestionModel.objects.all()] == ["another", "counting"]


def test_words_alone_are_enough_for_whoever_is_in_a_hurry(cast, taxonomy, encoder):
    assert train_suggestions(by=cast.system, at=NOW, encode_most=0).encoder == ""
    assert suggest_issue(ticket=make_ticket(cast), by=cast.system, at=NOW)
    assert encoder.asked == []


# --- two at once --------------------------------------------------------------------------------------


@pytest.fixture
def another_learns():
    """Another process is learning; calling this lets it end."""
    with closing(psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})) as other:
        other.cursor().execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [learning_service.TURN])
        yield other.rollback


def test_whoever_comes_second_does_not_learn_the_same_again(cast, taxonomy, another_learns):
    with pytest.raises(AlreadyTraining):
        train_suggestions(by=cast.system, at=NOW)
    with pytest.raises(CommandError, match="learning already"):
        call_command("train_suggestions")
    tasks.train_suggestions()
    assert not SuggestionModel.objects.exists()
    another_learns()
    assert train_suggestions(by=cast.system, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_the_first_tickets_of_a_desk_all_wait_for_one_model():
    cast = make_cast()
    three_issues()
    tickets = [make_ticket(cast) for _ in range(6)]

    def suggest_for(ticket):
        try:
            return suggest_issue(ticket=ticket, by=cast.system, at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        suggested = list(pool.map(suggest_for, tickets))
    assert all(suggested)
    assert SuggestionModel.objects.count() == 1
