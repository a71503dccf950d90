"""Guidance goes along when its issue is merged."""

from decimal import Decimal

import pytest

from apps.response.models import Guidance
from apps.response.services import carry_guidance, save_guidance
from helpdesk import events
from helpdesk.errors import NotAllowed
from helpdesk.models import Event
from helpdesk.services import MergeIssues, publish_taxonomy
from tests.factories import NOW


@pytest.fixture
def guided(cast, issues):
    """Two issues with guidance; the first is to be merged into the second."""
    twice, wrong, _ = issues
    save_guidance(
        issue=twice,
        questions="Which card?",
        agent_limit=Decimal(50),
        lead_limit=Decimal(90),
        by=cast.lena,
        at=NOW,
    )
    save_guidance(issue=wrong, questions="Which invoice?", explanation="Rounding", by=cast.lena, at=NOW)
    return twice, wrong


def merge(cast, *codes, into):
    return publish_taxonomy(changes=[MergeIssues(codes, into=into)], note="Alike", by=cast.ada, at=NOW)


def test_it_stands_below_what_is_known_about_the_remaining_issue(cast, guided):
    release = merge(cast, "charged-twice", into="wrong-amount")
    assert carry_guidance(release=release, by=cast.system) == 1
    kept = Guidance.objects.get(issue=guided[1])
    assert kept.questions == f"Which invoice?\n\n{guided[0].label}: Which card?"
    assert (kept.explanation, kept.agent_limit) == ("Rounding", 0)


def test_an_issue_without_any_gets_a_copy(cast, guided):
    release = merge(cast, "charged-twice", into="no-invoice")
    carry_guidance(release=release, by=cast.system)
    copy = Guidance.objects.get(issue__code="no-invoice")
    assert (copy.questions, copy.agent_limit, copy.lead_limit) == ("Which card?", 50, 90)
    assert Guidance.objects.filter(issue=guided[0]).exists()


def test_twice_is_as_good_as_once(cast, guided):
    release = merge(cast, "charged-twice", into="wrong-amount")
    assert [carry_guidance(release=release, by=cast.system) for _ in range(2)] == [1, 0]


def test_the_news_of_a_release_brings_it_about(cast, guided):
    merge(cast, "charged-twice", into="wrong-amount")
    event = Event.objects.get(kind="taxonomy.published")
    assert "response.carry_guidance" in event.owes
    events.deliver(event_id=event.pk, at=event.at, subscriber="response.carry_guidance", now=NOW)
    assert "Which card?" in Guidance.objects.get(issue=guided[1]).questions


def test_agents_do_not_do_it(cast, guided):
    release = merge(cast, "charged-twice", into="wrong-amount")
    with pytest.raises(NotAllowed):
        carry_guidance(release=release, by=cast.ana)
    assert Guidance.objects.get(issue=guided[1]).questions == "Which invoice?"
