from datetime import date, timedelta
from importlib import import_module

import pytest

from apps.analysis.models import Signal
from apps.analysis.queries.uncoded import uncoded_between
from apps.analysis.services import find_emerging
from apps.intake.models import TextFit
from apps.intake.services import encode_tickets
from helpdesk.errors import NotAllowed
from helpdesk.models import Event, TaxonomyRelease, Ticket
from tests.analysis.world import sow
from tests.factories import NOW

finding = import_module("apps.analysis.services.find_emerging")

CODED = (
    "I was charged twice for one order", "The card was booked two times", "A double booking on my statement",
    "My parcel is late again", "The delivery did not come on Tuesday", "Where is the parcel you promised",
    "The login code never arrives", "No code on my phone when I sign in", "I cannot sign in without the code",
    "The refund is still missing", "You promised the refund last week", "No refund on my account so far",
)  # fmt: skip
HINGE = (
    "The hinge of the lid broke off", "Lid hinge snapped after two days", "The plastic hinge on the lid is broken",
    "Broken hinge, the lid hangs loose", "The lid came off because its hinge broke", "Hinge of the lid cracked again",
)  # fmt: skip


@pytest.fixture
def hinges(world):
    """What is coded speaks of four things; the uncoded tickets of this week speak of a fifth."""
    for number, words in enumerate(CODED):
        sow(world, world.issues[number // 3], {(34, 0): 0.4}, seed=20 + number, subject=words, body=words)
    for number, words in enumerate(HINGE):
        sow(world, None, {(7, 0): 0.5}, seed=40 + number, subject=words, body=words)
    return world


def test_a_growing_group_of_uncoded_tickets_becomes_a_signal_with_its_words(hinges):
    find_emerging(by=hinges.cast.system, at=NOW)
    signal = Signal.objects.get()
    assert (signal.kind, signal.issue) == ("emerging", None)
    assert any("hinge" in term or "lid" in term for term in signal.terms)
    assert len(signal.examples) >= 5


def test_looking_twice_changes_nothing(hinges):
    find_emerging(by=hinges.cast.system, at=NOW)
    before = list(Signal.objects.values()), Event.objects.count()
    find_emerging(by=hinges.cast.system, at=NOW)
    assert (list(Signal.objects.values()), Event.objects.count()) == before


def read_by_the_encoder(world, settings):
    settings.TEXT_ENCODER = ""
    encode_tickets(by=world.cast.system, at=NOW)


def test_tickets_that_were_encoded_are_compared_by_meaning(hinges, settings, monkeypatch):
    read_by_the_encoder(hinges, settings)
    monkeypatch.setattr(finding, "vectors_of", None)
    find_emerging(by=hinges.cast.system, at=NOW)
    signal = Signal.objects.get()
    assert any("hinge" in term or "lid" in term for term in signal.terms)


def test_a_group_that_was_announced_is_known_again_by_its_meaning(hinges, settings):
    """A week on, none of the tickets that were shown is in the span any more that the new ones come from."""
    read_by_the_encoder(hinges, settings)
    [first] = find_emerging(by=hinges.cast.system, at=NOW)
    later = NOW + timedelta(days=40)
    for number, words in enumerate(
        ("The lid's hinge snapped", "A hinge broke on my lid", "My lid hinge is cracked")
    ):
        sow(hinges, None, {(-33, -40): 0.8}, seed=80 + number, subject=words, body=words)
    read_by_the_encoder(hinges, settings)
    [again] = find_emerging(by=hinges.cast.system, at=later)
    assert again.value == first.value


def test_names_and_addresses_of_customers_are_no_terms(world):
    for number in range(6):
        words = f"Hinge of the lid, write to zoe.marsh@mail.example or Zoe Marsh, thing {number}"
        sow(world, None, {(7, 0): 0.5}, seed=number, subject="Hinge", body=words)
    [signal] = find_emerging(by=world.cast.system, at=NOW)
    assert "mail" not in " ".join(signal.terms)
    assert "zoe.marsh" not in " ".join([*signal.terms, str(signal.label)])


def test_a_ticket_that_only_a_model_coded_and_whose_text_fits_no_code_is_looked_at(hinges):
    for ticket in Ticket.objects.filter(primary_issue=None):
        release = TaxonomyRelease.objects.first()
        ticket.classify(hinges.issues[0], release=release, by=hinges.cast.system, at=NOW, source="model")
        TextFit.objects.create(ticket=ticket, novelty=1.0, fits_no_code=True, is_blind=False)
    [signal] = find_emerging(by=hinges.cast.system, at=NOW)
    assert any("hinge" in term or "lid" in term for term in signal.terms)


def test_of_very_many_tickets_some_of_every_week_are_read(hinges, monkeypatch):
    everything = uncoded_between(date(2026, 4, 1), date(2026, 5, 5))
    monkeypatch.setattr("apps.analysis.queries.uncoded.MOST_UNCODED", len(everything) // 2)
    some = uncoded_between(date(2026, 4, 1), date(2026, 5, 5))
    assert 0 < len(some) <= len(everything) // 2
    assert {one.number for one in some} <= {one.number for one in everything}


def test_nothing_is_found_where_nothing_is_uncoded(world):
    assert find_emerging(by=world.cast.system, at=NOW) == []


def test_an_agent_can_not_start_it(world):
    with pytest.raises(NotAllowed):
        find_emerging(by=world.cast.ana, at=NOW)
