"""Who has something to do on a case reads why, and says how it stands; of the rest of the case nothing is theirs."""

import pytest
from django.urls import reverse

from apps.analysis import services
from apps.analysis.models import Action, ActionState
from tests.analysis.stages import add_action, planning
from tests.factories import NOW


@pytest.fixture
def action(world) -> Action:
    case = planning(world)
    proposed = add_action(world, case, assignee=None)
    services.assign_action(
        action=proposed,
        assignee=world.cast.ana,
        due_on=proposed.due_on or NOW.date(),
        by=world.cast.omar,
        at=NOW,
    )
    add_action(world, case, title="Somebody else's", assignee=world.cast.omar)
    return Action.objects.select_related("case").get(pk=proposed.pk)


def page_of(client, action):
    return client.get(reverse("case", kwargs={"number": action.case_id}))


def move(client, action, **given):
    url = reverse("act_on_case", kwargs={"number": action.case_id, "name": "move-action"})
    return client.post(url, {"action": action.pk, "to": "in_progress"} | given)


def test_an_agent_opens_the_case_and_says_how_the_action_stands(world, action, sign_in):
    client = sign_in(world.cast.ana)
    page = page_of(client, action).content.decode()
    assert action.title in page
    assert page.count("How it stands") == 1
    assert "Freeze the proof" not in page
    assert move(client, action, to="accepted").status_code == 302
    action.refresh_from_db()
    assert action.state == ActionState.ACCEPTED


def test_without_an_action_the_case_stays_closed_to_agents(world, action, sign_in):
    other = world.cast.ana
    Action.objects.update(assignee=world.cast.omar)
    assert page_of(sign_in(other), action).status_code in (403, 404)


def test_the_action_of_another_is_refused(world, action, sign_in):
    theirs = Action.objects.exclude(pk=action.pk).get()
    before = theirs.state
    assert move(sign_in(world.cast.ana), theirs).status_code in (403, 422)
    theirs.refresh_from_db()
    assert theirs.state == before
