"""What the engines found is kept once and read by everybody in their own language."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from apps.analysis.models import Signal
from apps.analysis.services import find_signals
from helpdesk.models import Event
from helpdesk.sentences import in_english, read
from tests.analysis.test_pages import make_signal
from tests.analysis.world import sow, sow_quiet
from tests.factories import NOW


@pytest.fixture
def raised(world):
    """A surge in the north, raised while nobody's language was asked for."""
    sow_quiet(world, but=(world.charged,))
    sow(world, world.charged, {(330, 9): 2.0, (9, 0): 1.5}, seed=1)
    sow(world, world.charged, {(9, 0): 5.0}, seed=2, regions=("north",))
    run = find_signals(by=world.cast.system, at=NOW)
    return run, Signal.objects.get()


def test_a_signal_that_was_raised_in_english_is_read_in_german(world, raised):
    run, signal = raised
    assert "tickets in the last" in str(signal.sentence)
    assert "The rise is explained by one place: region north:" in str(signal.where)
    assert str(run.sentence).startswith("We looked at ")
    with override("de"):
        assert "Tickets in den letzten" in str(signal.sentence)
        assert "Den Anstieg erklärt eine Stelle: Region north:" in str(signal.where)
        assert str(run.sentence).startswith("Wir haben ")


def test_its_page_and_its_list_speak_the_readers_language(world, raised, sign_in):
    _, signal = raised
    world.cast.nils.language = "de"
    world.cast.nils.save(update_fields=["language"])
    for address in (reverse("signal", kwargs={"number": signal.pk}), reverse("signals")):
        page = sign_in(world.cast.nils).get(address).content.decode()
        assert "Tickets in den letzten" in page
        assert "tickets in the last" not in page


def test_its_answer_by_api_is_in_the_language_that_was_asked_for(world, raised, caller):
    robot = caller(world.cast.robot)
    said = {
        language: robot.get("/api/v1/signals/", HTTP_ACCEPT_LANGUAGE=language).json()["data"][0]["sentence"]
        for language in ("", "en", "de")
    }
    assert said[""] == said["en"] == in_english(raised[1].sentence)
    assert "Tickets in den letzten" in said["de"]


def test_a_signal_of_before_reads_as_it_was_written(world):
    signal = make_signal(issue=world.charged, sentence="More than {expected}.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sentence FROM analysis_signal WHERE id = %s", [signal.pk])
        assert cursor.fetchone() == ("More than {expected}.",)
    with override("de"):
        assert str(Signal.objects.get(pk=signal.pk).sentence) == "More than {expected}."


def test_an_event_keeps_the_sentence_and_not_its_words(world, raised):
    data = Event.objects.get(kind="signal.raised").data
    _, signal = raised
    assert read(data["label"]) == signal.label
