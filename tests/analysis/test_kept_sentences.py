"""What the engines found is kept once and read by everybody in their own language."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from apps.analysis import services
from apps.analysis.models import Signal
from apps.analysis.queries.history import history_of
from apps.analysis.services import find_signals
from helpdesk.models import Event
from helpdesk.sentences import in_english, read
from tests.analysis.stages import add_cause, investigating
from tests.analysis.test_hypotheses import RELEASED, half_a_year  # noqa: F401
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


def test_a_tested_cause_is_read_in_german(half_a_year, sign_in):  # noqa: F811
    omar, case = half_a_year.cast.omar, investigating(half_a_year)
    omar.language = "de"
    omar.save(update_fields=["language"])
    cause = add_cause(half_a_year, case)
    services.predict_place(cause=cause, dimension="region", value="north", since=RELEASED, by=omar, at=NOW)
    services.predict_day(cause=cause, day=RELEASED, by=omar, at=NOW)
    services.judge_cause(cause=cause, state="verified", by=omar, at=NOW)
    page = sign_in(omar).get(reverse("case", args=[case.pk])).content.decode()
    for said in (
        "Tickets liegen bei Region north",
        "Das Niveau stieg von",
        "Es zeigt sich seit",
        "zu 90\u00a0% sicher",
    ):
        assert said in page
    for english in ("% sure", "The level rose", "It is in region", "not recorded"):
        assert english not in page
    with override("de"):
        assert "Tickets liegen bei" in "".join(entry.note for entry in history_of(case.ref))
