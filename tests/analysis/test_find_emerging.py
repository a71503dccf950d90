import pytest

from apps.analysis.models import Signal
from apps.analysis.services import find_emerging
from helpdesk.errors import NotAllowed
from helpdesk.models import Event
from tests.analysis.world import sow
from tests.factories import NOW

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


def test_nothing_is_found_where_nothing_is_uncoded(world):
    assert find_emerging(by=world.cast.system, at=NOW) == []


def test_an_agent_can_not_start_it(world):
    with pytest.raises(NotAllowed):
        find_emerging(by=world.cast.ana, at=NOW)
