"""What a tracker tells is heard: signed, once, and never more than that the work is done."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.analysis import services
from apps.analysis.models import Action, TrackerErrand, TrackerItem, TrackerNews
from apps.analysis.queries.history import history_of
from apps.analysis.trackers import services as trackers
from helpdesk.models import Event
from tests.analysis.fake_trackers import tracker_running
from tests.analysis.stages import add_action, fresh, planning
from tests.factories import NOW

LATER = "2026-05-06T09:30:00Z"


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def action(world):
    action = add_action(world, planning(world))
    services.move_action(action=action, to="in_progress", by=world.cast.ana, at=NOW)
    return fresh(action)


@pytest.fixture
def linked(world, action, settings):
    """A tracker of either kind whose item 7 stands for the action, and the secret of its webhooks."""

    def link(kind, **more):
        settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
        given = {
            "github": {"project": "acme/shop"},
            "jira": {"project": "SHOP", "base_url": "https://j.test"},
        }[kind]
        shown = trackers.add_tracker(
            kind=kind, name=kind, token="t", **(given | more), by=world.cast.ada, at=NOW
        )
        key = "7" if kind == "github" else "SHOP-7"
        trackers.link_to_tracker(action=action, tracker=shown.tracker, item=key, by=world.cast.omar, at=NOW)
        return shown

    return link


def github(shown, action="closed", *, delivery="d-1", state="closed", reason="completed", at=LATER, secret=None,
           project="acme/shop", number=7, event="issues", **more):  # fmt: skip
    told = {
        "action": action, "repository": {"full_name": project}, "sender": {"login": "octocat"},
        "issue": {"number": number, "state": state, "state_reason": reason, "updated_at": at, "title": "x"}, **more,
    }  # fmt: skip
    return post(shown, told, secret, HTTP_X_GITHUB_EVENT=event, HTTP_X_GITHUB_DELIVERY=delivery)


def jira(
    shown, *, category="done", resolution="Done", delivery="d-1", key="SHOP-7", secret=None, at=LATER, **more
):
    told = {
        "webhookEvent": "jira:issue_updated", "user": {"displayName": "Ida"},
        "issue": {"key": key, "fields": {
            "status": {"name": "Finished", "statusCategory": {"key": category}}, "updated": at,
            "resolution": {"name": resolution} if resolution else None}},
        "changelog": {"items": [{"field": "status", "fromString": "To Do", "toString": "Finished"}]}, **more,
    }  # fmt: skip
    return post(shown, told, secret, HTTP_X_ATLASSIAN_WEBHOOK_IDENTIFIER=delivery)


def post(shown, told, secret=None, **headers):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    signed = hmac.digest((secret or shown.secret).encode(), body, hashlib.sha256).hex()
    name = "HTTP_X_HUB_SIGNATURE_256" if shown.tracker.kind == "github" else "HTTP_X_HUB_SIGNATURE"
    return Client().post(
        f"/hooks/{shown.tracker.kind}/{shown.tracker.key}/", body, content_type="application/json",
        **({name: f"sha256={signed}"} | headers),
    )  # fmt: skip


def history(action):
    return [f"{entry.text} / {entry.note}" for entry in history_of(action.case.ref)]


DONE = {"github": github, "jira": jira}


@pytest.mark.parametrize("kind", ["github", "jira"])
def test_done_over_there_is_implemented_here_and_no_more(world, action, linked, kind):
    answer = DONE[kind](linked(kind))
    assert (answer.status_code, answer.json()) == (200, {"heard": "taken over"})
    now = fresh(action)
    assert (now.state, now.implemented_on, now.confirmed_by) == ("implemented", NOW.date(), None)
    assert any("heard from" in line for line in history(action))
    assert Event.objects.filter(kind="action.moved", data__to="implemented").get().by == world.cast.system


@pytest.mark.parametrize("kind", ["github", "jira"])
def test_the_same_delivery_again_changes_nothing(action, linked, kind):
    shown = linked(kind)
    DONE[kind](shown)
    before = Event.objects.count()
    assert DONE[kind](shown).json() == {"heard": "heard before"}
    assert Event.objects.count() == before


@pytest.mark.parametrize("kind", ["github", "jira"])
def test_a_forged_one_changes_nothing(action, linked, kind):
    shown = linked(kind)
    assert DONE[kind](shown, secret="guessed").status_code == 401
    assert fresh(action).state == "in_progress"
    assert not TrackerNews.objects.exists()


@pytest.mark.parametrize("kind", ["github", "jira"])
def test_one_without_a_signature_changes_nothing(action, linked, kind):
    shown = linked(kind)
    path = f"/hooks/{kind}/{shown.tracker.key}/"
    assert Client().post(path, b"{}", content_type="application/json").status_code == 401


def test_an_unknown_address_or_the_other_kind_is_not_found(linked):
    shown = linked("github")
    for path in ("/hooks/github/unknown/", f"/hooks/jira/{shown.tracker.key}/"):
        assert Client().post(path, b"{}", content_type="application/json").status_code == 404
    assert Client().get(f"/hooks/github/{shown.tracker.key}/").status_code == 405


def test_a_tracker_that_is_off_is_not_heard(world, action, linked):
    shown = linked("github")
    trackers.switch_tracker(tracker=shown.tracker, on=False, by=world.cast.ada, at=NOW)
    assert github(shown).status_code == 404
    assert fresh(action).state == "in_progress"


@pytest.mark.parametrize("reason", ["not_planned", "duplicate"])
def test_closed_as_not_planned_is_not_done(action, linked, reason):
    github(linked("github"), reason=reason)
    assert fresh(action).state == "in_progress"
    assert any(reason.replace("_", " ") in line for line in history(action))


def test_a_resolution_that_says_nothing_was_done_is_not_done(action, linked):
    jira(linked("jira"), resolution="Won't Do")
    assert fresh(action).state == "in_progress"
    assert TrackerItem.objects.get().is_closed


@pytest.mark.parametrize("kind", ["github", "jira"])
def test_opened_again_it_goes_back_to_work_while_nobody_has_confirmed_it(action, linked, kind):
    shown, at = linked(kind), "2026-05-06T09:45:00Z"
    DONE[kind](shown)
    if kind == "github":
        github(shown, "reopened", delivery="d-2", state="open", reason="reopened", at=at)
    else:
        jira(shown, category="new", resolution="", delivery="d-2", at=at)
    now = fresh(action)
    assert (now.state, now.implemented_on) == ("in_progress", None)


def test_opened_again_after_it_was_confirmed_is_only_written_down(world, action, linked):
    shown = linked("github")
    github(shown)
    services.confirm_action(action=fresh(action), by=world.cast.nils, at=NOW)
    before = fresh(action).state
    github(shown, "reopened", delivery="d-2", state="open", at="2026-05-06T09:45:00Z")
    assert fresh(action).state == before
    assert before in ("confirmed", "observing")
    assert any("open" in line for line in history(action)[:2])


def test_news_that_comes_late_is_not_believed(action, linked):
    shown = linked("github")
    github(shown, "reopened", delivery="d-2", state="open", at="2026-05-06T09:45:00Z")
    github(shown, delivery="d-1", at=LATER)
    assert fresh(action).state == "in_progress"


def test_what_the_rules_refuse_is_written_down_and_not_lost(world, action, linked):
    services.block_action(action=action, obstacle="No budget", by=world.cast.ana, at=NOW)
    assert github(linked("github")).json() == {"heard": "noted"}
    assert fresh(action).state == "in_progress"
    assert any("Not taken over: The action is blocked: No budget" in line for line in history(action))


def test_nobody_had_begun_and_it_is_done(world, linked, action):
    Action.objects.filter(pk=action.pk).delete()
    fresh_one = add_action(world, action.case)
    assert fresh_one.state == "assigned"
    shown = trackers.add_tracker(
        kind="github", name="two", project="acme/shop", token="t", by=world.cast.ada, at=NOW
    )
    trackers.link_to_tracker(action=fresh_one, tracker=shown.tracker, item="7", by=world.cast.omar, at=NOW)
    github(shown)
    assert fresh(fresh_one).state == "implemented"


def test_a_comment_is_read_as_text_without_what_names_people(action, linked, sign_in, world):
    told = {"comment": {"body": "<b>Call</b> zoe@customer.test", "created_at": LATER}}
    github(linked("github"), "created", event="issue_comment", state="open", reason=None, **told)
    assert any("octocat" in line and "<b>Call</b>" in line for line in history(action))
    page = sign_in(world.cast.nils).get(f"/cases/{action.case_id}/").content.decode()
    assert "&lt;b&gt;Call&lt;/b&gt;" in page
    assert "zoe@customer.test" not in page
    assert fresh(action).state == "in_progress"


def test_a_comment_in_jira_is_heard_too(action, linked):
    told = {
        "webhookEvent": "comment_created",
        "issue": {"key": "SHOP-7"},
        "comment": {
            "body": "Deployed",
            "author": {"displayName": "Ida"},
            "created": "2026-05-06T09:30:00.000+0000",
        },
    }
    assert post(linked("jira"), told).json() == {"heard": "noted"}
    assert any("Ida" in line and "Deployed" in line for line in history(action))


@pytest.mark.parametrize(
    "more",
    [{"number": 8}, {"project": "other/shop"}, {"event": "ping"}, {"event": "push"}, {"action": "labeled"}],
)
def test_what_is_not_about_our_item_changes_nothing(action, linked, more):
    before = Event.objects.count()
    shown = linked("github")
    answer = github(shown, **more)
    assert answer.status_code == 200
    assert Event.objects.count() == before + 1  # that it was linked
    assert not TrackerNews.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"nothing",
        b'{"issue": 3}',
        b'{"issue": {"number": "7"}}',
        pytest.param(b"[" * 50_000, id="deep"),
    ],
)
def test_what_can_not_be_read_is_refused(linked, body):
    shown = linked("github")
    answer = post(shown, body, HTTP_X_GITHUB_EVENT="issues", HTTP_X_GITHUB_DELIVERY="d-1")
    assert answer.status_code == 400


def test_the_tracker_is_not_told_what_came_from_it(action, linked, deliver_news):
    shown = linked("github")
    deliver_news(NOW)
    TrackerErrand.objects.all().delete()
    github(shown)
    deliver_news(NOW)
    assert not TrackerErrand.objects.exists()


def test_what_no_webhook_told_is_found_by_looking(world, action, linked):
    with tracker_running() as fake:
        shown = linked("github", base_url=fake.url)
        fake.issues["7"] = {
            "number": 7, "state": "closed", "state_reason": "completed", "updated_at": LATER, "title": "x",
            "html_url": "https://github.test/acme/shop/issues/7",
        }  # fmt: skip
        (number,) = trackers.stale_items(at=NOW)
        trackers.look_at_item(number=number, by=world.cast.system, at=NOW)
    assert fresh(action).state == "implemented"
    assert TrackerItem.objects.get().url == "https://github.test/acme/shop/issues/7"
    assert trackers.stale_items(at=NOW + timedelta(minutes=9)) == []
    before = Event.objects.count()
    assert github(shown).json() == {"heard": "noted"}  # the webhook was late
    assert Event.objects.count() == before


def test_old_news_is_forgotten(action, linked):
    github(linked("github"))
    assert trackers.forget_old_news(at=NOW + timedelta(days=31)) == 1
