"""An action gets its counterpart in a tracker: made once, with the evidence, and told how the action goes on."""

import re
from datetime import timedelta

import pytest

from apps.analysis import services
from apps.analysis.models import Tracker, TrackerErrand, TrackerItem
from apps.analysis.trackers import services as trackers
from apps.analysis.trackers import shapes
from apps.analysis.trackers.models import CLAIMED_FOR, ErrandState
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event
from helpdesk.outside import Answer
from tests.analysis.fake_trackers import tracker_running
from tests.analysis.stages import add_action, fresh, planning
from tests.factories import NOW


@pytest.fixture
def fake(settings):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    with tracker_running() as one:
        yield one


@pytest.fixture(params=["github", "jira"])
def tracker(request, world, fake):
    return connect(world, fake, request.param)


def connect(world, fake, kind):
    given = {"project": "acme/shop"} if kind == "github" else {"project": "SHOP", "item_type": "Bug"}
    return trackers.add_tracker(
        kind=kind, name=f"The shop's {kind}", base_url=fake.url, token="secret-token", labels=["support"], **given,
        by=world.cast.ada, at=NOW,
    ).tracker  # fmt: skip


@pytest.fixture
def action(world):
    return add_action(world, planning(world))


def run(world, at=NOW):
    return [trackers.run_errand(number=n, by=world.cast.system, at=at) for n in trackers.due_errands(at=at)]


def text_of(fake):
    (issue,) = fake.issues.values()
    return issue["body"] if "body" in issue else issue["fields"]["description"]


def test_an_item_is_made_with_the_evidence_and_the_way_back(world, fake, tracker, action):
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    assert run(world) == [True]
    item = TrackerItem.objects.get()
    assert item.name in ("acme/shop#1", "SHOP-1")
    assert item.url.startswith("http")
    said = text_of(fake)
    assert action.title in said
    assert f"/cases/{action.case_id}/" in said
    assert "The retry charges again" in said
    event = Event.objects.get(kind="action.linked")
    assert (event.by, event.data["item"]) == (world.cast.omar, item.name)


def test_our_token_is_shown_to_the_tracker_and_kept_hidden(world, fake, tracker, action):
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    run(world)
    assert fake.authorizations == {"Bearer secret-token"}
    assert "secret-token" not in Tracker.objects.get().token


def test_a_crash_after_the_call_makes_no_second_item(world, fake, tracker, action):
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    fake.forgets = True
    assert run(world) == [False]
    fake.forgets = False
    assert TrackerItem.objects.get().key == ""
    assert run(world, NOW + timedelta(minutes=1)) == [True]
    assert len(fake.issues) == 1


def test_a_worker_killed_in_the_middle_is_followed_by_another(world, fake, tracker, action):
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    TrackerErrand.objects.update(claimed_at=NOW, attempts=1)
    assert run(world, NOW + CLAIMED_FOR - timedelta(seconds=1)) == []
    assert run(world, NOW + CLAIMED_FOR + timedelta(seconds=1)) == [True]


def test_the_tracker_is_told_once_how_the_action_goes_on(world, fake, tracker, action, deliver_news):
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    services.move_action(action=action, to="in_progress", by=world.cast.ana, at=NOW)
    deliver_news(NOW)
    assert [errand.what for errand in TrackerErrand.objects.due(NOW)] == ["create"]
    run(world)
    run(world)
    deliver_news(NOW)
    ((comment,),) = fake.comments.values()
    assert "in progress" in comment


def test_a_comment_that_was_lost_on_the_way_back_is_not_written_twice(
    world, fake, tracker, action, deliver_news
):
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    run(world)
    services.move_action(action=action, to="in_progress", by=world.cast.ana, at=NOW)
    deliver_news(NOW)
    fake.forgets = True
    assert run(world) == [False]
    fake.forgets = False
    assert run(world, NOW + timedelta(minutes=1)) == [True]
    assert sum(map(len, fake.comments.values())) == 1


def test_no_note_of_ours_leaves(world, fake, tracker, action, deliver_news):
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    run(world)
    services.move_action(action=action, to="in_progress", note="Bob is slow", by=world.cast.ana, at=NOW)
    deliver_news(NOW)
    run(world)
    assert "Bob" not in str(fake.comments) + str(fake.issues)


def test_passing_trouble_is_tried_again_and_shown(world, fake, tracker, action):
    fake.fails = [503]
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    run(world)
    assert "503" in fresh(tracker).error
    assert run(world) == []
    assert run(world, NOW + timedelta(minutes=1)) == [True]
    assert fresh(tracker).error == ""


def test_what_is_refused_for_good_is_shown_and_can_be_asked_for_again(world, fake, tracker, action):
    fake.fails = [404, 404]  # of Jira both ways to search
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    run(world)
    assert "project" in TrackerItem.objects.get().problem
    fake.fails = []
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    assert TrackerErrand.objects.get().state == ErrandState.WAITING
    assert run(world) == [True]
    with pytest.raises(trackers.AlreadyLinked):
        trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("github", "12", "12"), ("github", "#12", "12"), ("github", "acme/shop#12", "12"),
        ("github", "https://github.com/acme/shop/issues/12#issuecomment-9", "12"),
        ("jira", "shop-12", "SHOP-12"), ("jira", "https://acme.atlassian.net/browse/SHOP-12?x=1", "SHOP-12"),
    ],
)  # fmt: skip
def test_an_existing_item_is_named_by_number_or_address(world, fake, action, kind, text, key):
    tracker = connect(world, fake, kind)
    item = trackers.link_to_tracker(action=action, tracker=tracker, item=text, by=world.cast.omar, at=NOW)
    assert item.key == key


@pytest.mark.parametrize(
    ("kind", "text"),
    [("github", "https://github.com/other/shop/issues/12"), ("github", "twelve"), ("github", "12/../13"),
     ("jira", "OTHER-12"), ("jira", "12")],
)  # fmt: skip
def test_what_names_no_item_of_the_project_is_refused(world, fake, action, kind, text):
    with pytest.raises(Invalid):
        trackers.link_to_tracker(
            action=action, tracker=connect(world, fake, kind), item=text, by=world.cast.omar, at=NOW
        )
    assert not TrackerItem.objects.exists()


def test_an_item_stands_for_one_action(world, fake, tracker, action):
    text = "7" if tracker.kind == "github" else "SHOP-7"
    trackers.link_to_tracker(action=action, tracker=tracker, item=text, by=world.cast.omar, at=NOW)
    other = add_action(world, action.case)
    with pytest.raises(trackers.AlreadyLinked):
        trackers.link_to_tracker(action=other, tracker=tracker, item=text, by=world.cast.omar, at=NOW)


def test_who_does_not_work_on_the_case_creates_nothing(world, fake, tracker, action):
    with pytest.raises(NotAllowed):
        trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.mallory, at=NOW)
    assert not TrackerItem.objects.exists()


def test_a_wrong_connection_is_refused(world):
    for wrong in (
        {"project": "shop"}, {"kind": "mantis"}, {"base_url": "https://10.1.1.1/"}, {"token": " "}, {"name": ""},
    ):  # fmt: skip
        given = {"kind": "github", "name": "Shop", "project": "acme/shop", "token": "x"} | wrong
        with pytest.raises(Invalid):
            trackers.add_tracker(**given, by=world.cast.ada, at=NOW)
    with pytest.raises(NotAllowed):
        trackers.add_tracker(
            kind="github", name="Shop", project="acme/shop", token="x", by=world.cast.lena, at=NOW
        )
    assert not Tracker.objects.exists()


def test_a_connection_can_be_tried(world, fake, tracker):
    trackers.try_tracker(tracker=tracker, by=world.cast.ada)
    fake.fails = [401]
    with pytest.raises(trackers.TrackerAway, match="401"):
        trackers.try_tracker(tracker=tracker, by=world.cast.ada)
    assert "token" in fresh(tracker).error


def test_it_is_changed_and_its_token_stays_unless_another_is_given(world, fake, tracker):
    sealed = tracker.token
    given = {
        "name": "Developers",
        "base_url": tracker.base_url,
        "account": "",
        "item_type": "Bug",
        "labels": ["x"],
    }
    trackers.change_tracker(tracker=tracker, **given, by=world.cast.ada, at=NOW)
    assert (fresh(tracker).name, fresh(tracker).labels, fresh(tracker).token) == ("Developers", ["x"], sealed)
    trackers.change_tracker(tracker=tracker, **given, token="another", by=world.cast.ada, at=NOW)
    trackers.try_tracker(tracker=fresh(tracker), by=world.cast.ada)
    assert fake.authorizations == {"Bearer another"}


def test_the_token_is_not_sent_to_another_address_unless_it_is_given_again(world, fake, tracker):
    given = {"name": "x", "account": "", "item_type": "", "labels": []}
    with pytest.raises(Invalid, match="token again"):
        trackers.change_tracker(
            tracker=tracker, **given, base_url="https://elsewhere.test", by=world.cast.ada, at=NOW
        )
    assert fresh(tracker).base_url == fake.url


def test_unlinked_they_know_nothing_of_each_other(world, fake, tracker, action, deliver_news):
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    run(world)
    trackers.unlink_from_tracker(action=action, by=world.cast.omar, at=NOW)
    services.move_action(action=action, to="in_progress", by=world.cast.ana, at=NOW)
    deliver_news(NOW)
    assert run(world) == []
    assert not fake.comments
    assert Event.objects.get(kind="action.unlinked").data["action"] == action.pk
    with pytest.raises(trackers.NotLinked):
        trackers.unlink_from_tracker(action=action, by=world.cast.omar, at=NOW)


def test_who_does_not_work_on_the_case_unlinks_nothing(world, fake, tracker, action):
    trackers.create_in_tracker(action=action, tracker=tracker, by=world.cast.omar, at=NOW)
    with pytest.raises(NotAllowed):
        trackers.unlink_from_tracker(action=action, by=world.cast.mallory, at=NOW)
    assert TrackerItem.objects.exists()


def test_a_token_sealed_under_another_key_is_told_and_is_no_fault(world, fake, tracker):
    Tracker.objects.update(token="gone", hook_secret="gone")
    with pytest.raises(trackers.TrackerAway, match="SECRET_KEY"):
        trackers.try_tracker(tracker=fresh(tracker), by=world.cast.ada)


@pytest.mark.parametrize(
    ("status", "text", "words"),
    [
        (
            400,
            '{"errorMessages": ["No."], "errors": {"summary": "Too long."}}',
            "400 No. summary: Too long.",
        ),
        (422, '{"message": "Validation Failed", "errors": [{"field": "title"}]}', "422 Validation Failed"),
        (401, '{"message": "Bad credentials"}', "401 (is the token right?) Bad credentials"),
        (502, "<h1>Bad\n gateway</h1>", "502 <h1>Bad gateway</h1>"),
        (500, '["odd"]', '500 ["odd"]'),
        (503, "", "503"),
    ],
)
def test_what_a_tracker_refuses_is_told_in_its_own_words(monkeypatch, status, text, words):
    monkeypatch.setattr(shapes, "call", lambda *given, **more: Answer(status, text, 0.1))
    with pytest.raises(shapes.Trouble, match=f"^{re.escape(words)}$"):
        shapes.Wire("https://tracker.example", {}).ask("GET", "/")
