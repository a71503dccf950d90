"""Skills go along when their issue is merged."""

import pytest

from apps.staff.models import Skill
from apps.staff.services import carry_skills, grant_skill
from helpdesk import events
from helpdesk.errors import NotAllowed
from helpdesk.models import Event
from helpdesk.services import MergeIssues, publish_taxonomy
from tests.factories import NOW, make_issue


@pytest.fixture
def issues(cast):
    return make_issue("charged-twice", owner=cast.billing), make_issue("wrong-amount", owner=cast.billing)


@pytest.fixture
def merged(cast, issues):
    """Ana is an expert in what is merged, and learns what is left."""
    grant_skill(user=cast.ana, issue=issues[0], level=Skill.Level.EXPERT, by=cast.lena)
    grant_skill(user=cast.ana, issue=issues[1], level=Skill.Level.LEARNING, by=cast.lena)
    change = MergeIssues(("charged-twice",), into="wrong-amount")
    return publish_taxonomy(changes=[change], note="Alike", by=cast.ada, at=NOW)


def level(cast, issue):
    return Skill.objects.get(user=cast.ana, issue=issue).level


def test_the_higher_level_counts_and_the_old_skill_stays(cast, issues, merged):
    assert carry_skills(release=merged, by=cast.system) == 1
    assert [level(cast, issue) for issue in issues] == [Skill.Level.EXPERT, Skill.Level.EXPERT]


def test_twice_is_as_good_as_once(cast, issues, merged):
    assert [carry_skills(release=merged, by=cast.system) for _ in range(2)] == [1, 0]


def test_the_news_of_a_release_brings_it_about(cast, issues, merged):
    event = Event.objects.get(kind="taxonomy.published")
    events.deliver(event_id=event.pk, at=event.at, subscriber="staff.carry_skills", now=NOW)
    assert level(cast, issues[1]) == Skill.Level.EXPERT


def test_agents_do_not_do_it(cast, issues, merged):
    with pytest.raises(NotAllowed):
        carry_skills(release=merged, by=cast.ana)
    assert level(cast, issues[1]) == Skill.Level.LEARNING
