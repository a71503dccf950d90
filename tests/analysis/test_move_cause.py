"""A cause finds its place: under another answer, in another kind of causes, and never below itself."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from apps.analysis import services
from apps.analysis.models import Cause
from apps.analysis.queries.case_page import case_page
from apps.analysis.queries.history import history_of
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event
from tests.analysis.stages import add_cause, fixing, fresh, investigating, nothing_happens
from tests.analysis.together import told
from tests.analysis.world import make_world, sow_quiet
from tests.factories import NOW, make_cast, make_token


def move(world, cause, **to):
    return services.move_cause(cause=cause, **to, by=world.cast.omar, at=NOW)


@pytest.fixture
def chain(world):
    """Three whys in a row, and another one beside them."""
    case = investigating(world)
    first = add_cause(world, case, text="Charged twice")
    second = add_cause(world, case, text="A retry", parent=first)
    third = add_cause(world, case, text="No key", parent=second)
    beside = add_cause(world, case, text="No alarm", path="escape")
    return case, first, second, third, beside


def test_a_cause_moves_with_all_that_explains_it_and_to_the_question_of_its_parent(world, chain):
    case, _, second, third, beside = chain
    move(world, second, parent=beside, category="measurement", note="Nobody looked")
    second, third = fresh(second), fresh(third)
    assert (second.parent, second.path, second.bone) == (beside, "escape", "measurement")
    assert (third.parent, third.path) == (second, "escape")
    page = case_page(fresh(case), at=NOW)
    assert [node.cause.text for node in page.occurrence] == ["Charged twice"]
    assert [(node.cause.text, node.depth) for node in page.escape] == [
        ("No alarm", 0), ("A retry", 1), ("No key", 2)
    ]  # fmt: skip


def test_a_cause_becomes_the_first_of_either_question(world, chain):
    _, _, second, third, _ = chain
    move(world, third)
    assert (fresh(third).parent, fresh(third).path) == (None, "occurrence")
    move(world, second, path="escape")
    assert (fresh(second).parent, fresh(second).path) == (None, "escape")


def test_the_history_says_what_moved_where_and_why(world, chain):
    case, _, second, _, beside = chain
    move(world, second, parent=beside, category="people", note="Nobody looked")
    line = history_of(case.ref)[0]
    assert line.text == "moved the cause “A retry” under “No alarm”, to “Why did nobody catch it?”, to people"
    assert line.note == "Nobody looked"


def test_moving_it_where_it_stands_is_nothing(world, chain):
    case, first, second, _, _ = chain
    move(world, second, parent=first, category="people")
    with nothing_happens(case):
        move(world, second, parent=first, category="people")


@pytest.mark.parametrize("under", ["itself", "its why", "the why of its why"])
def test_a_cause_never_explains_itself(world, chain, under):
    case, first, second, third, _ = chain
    parent = {"itself": first, "its why": second, "the why of its why": third}[under]
    with nothing_happens(case), pytest.raises(Invalid, match="explain itself") as refusal:
        move(world, first, parent=parent)
    assert refusal.value.pointer == "parent"


def test_the_database_refuses_the_shortest_circle(world, chain):
    _, first, *_ = chain
    with pytest.raises(IntegrityError), transaction.atomic():
        Cause.objects.filter(pk=first.pk).update(parent=first)


@pytest.mark.parametrize("wrong", [{"category": "ghosts"}, {"path": "sideways"}])
def test_an_unknown_place_is_refused(world, chain, wrong):
    case, first, *_ = chain
    with nothing_happens(case), pytest.raises(Invalid):
        move(world, first, **wrong)


def test_a_cause_stays_in_its_case(world, chain):
    case, first, *_ = chain
    theirs = add_cause(world, investigating(world))
    with nothing_happens(case), pytest.raises(Invalid, match="another case"):
        move(world, first, parent=theirs)


def test_who_does_not_work_on_the_case_moves_nothing(world, chain):
    case, first, *_ = chain
    with nothing_happens(case), pytest.raises(NotAllowed):
        services.move_cause(cause=first, path="escape", by=world.cast.ana, at=NOW)


def test_once_the_work_began_the_causes_stay(world):
    sow_quiet(world, days=230, rate=1.0)
    case, _ = fixing(world)
    cause = case.causes.first()
    with nothing_happens(case), pytest.raises(services.WrongState):
        move(world, cause, path="escape")


def test_the_page_offers_every_place_but_those_below_itself(world, chain, sign_in):
    case, first, second, third, beside = chain
    client, url = sign_in(world.cast.omar), reverse("case", kwargs={"number": case.pk})
    offered = {node.cause: node.places for node in case_page(case, at=NOW).occurrence}
    assert offered[first] == [beside]
    assert offered[third] == [first, second, beside]
    given = {"cause": third.pk, "parent": beside.pk, "path": "occurrence", "category": "method"}
    answer = client.post(f"{url}move-cause/", given, follow=True)
    assert "Moved." in answer.content.decode()
    assert (fresh(third).parent, fresh(third).category) == (beside, "method")
    refused = client.post(f"{url}move-cause/", given | {"cause": first.pk, "parent": second.pk})
    assert refused.status_code == 422
    assert "explain itself" in refused.content.decode()


def test_the_api_moves_a_cause(world, chain):
    case, first, second, third, _ = chain
    client = APIClient()
    client.credentials(
        HTTP_AUTHORIZATION=f"Bearer {make_token(world.cast.nils, 'cases:read', 'cases:write')}"
    )
    url = f"/api/v1/cases/{case.pk}/move-cause/"
    moved = client.post(url, {"cause": third.pk, "parent": first.pk, "category": "people"}, "json").json()
    (row,) = [cause for cause in moved["causes"] if cause["id"] == third.pk]
    assert (row["parent"], row["category"]) == (first.pk, "people")
    assert client.post(url, {"cause": first.pk, "parent": second.pk}, "json").status_code == 422
    assert Event.objects.filter(kind="cause.placed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_move_two_causes_under_each_other_close_no_circle():
    world = make_world(make_cast())
    case = investigating(world)
    one, other = add_cause(world, case, text="One"), add_cause(world, case, text="Other")
    refused = told(lambda: move(world, one, parent=other), lambda: move(world, other, parent=one))
    assert isinstance(refused, Invalid)
    assert (fresh(one).parent, fresh(other).parent) == (other, None)
