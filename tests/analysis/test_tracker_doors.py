"""Trackers are configured by page and by API alike, and no secret comes out again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.analysis.models import Tracker, TrackerItem
from apps.analysis.trackers import services as trackers
from apps.analysis.trackers.services import connect
from helpdesk.errors import Invalid
from helpdesk.sealed import unseal
from tests.analysis.fake_trackers import tracker_running
from tests.analysis.stages import add_action, planning
from tests.factories import NOW, make_user

GIVEN = {
    "kind": "github",
    "name": "Shop",
    "project": "acme/shop",
    "token": "secret-token",
    "labels": ["support"],
}


@pytest.fixture
def api(world, caller):
    return caller(world.cast.robot, "admin")


@pytest.fixture
def fake(settings):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    with tracker_running() as one:
        yield one


@pytest.fixture
def shown(world):
    return trackers.add_tracker(**GIVEN, by=world.cast.ada, at=NOW)


def test_one_is_connected_by_api_and_its_secret_is_shown_once(api):
    answer = api.post("/api/v1/trackers/", GIVEN, format="json")
    row, told = Tracker.objects.get(), answer.json()
    assert (answer.status_code, told["hook"]) == (201, f"http://testserver/hooks/github/{row.key}/")
    assert unseal(row.hook_secret) == told["secret"]
    assert unseal(row.token) == "secret-token"
    assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/api/v1/trackers/", f"/api/v1/trackers/{row.pk}/"):
        said = api.get(path).content.decode()
        assert "Shop" in said
        assert told["secret"] not in said
        assert "secret-token" not in said


def test_it_is_changed_tried_and_switched_by_api(api, fake):
    given = GIVEN | {"base_url": fake.url}
    at = f"/api/v1/trackers/{api.post('/api/v1/trackers/', given, format='json').json()['id']}/"
    told = api.patch(at, {"name": "Developers", "labels": []}, format="json").json()
    assert (told["name"], told["labels"], told["base_url"]) == ("Developers", [], fake.url)
    assert api.post(f"{at}try/").status_code == 200
    fake.fails = [401]
    refused = api.post(f"{at}try/")
    assert (refused.status_code, "401" in refused.json()["detail"]) == (409, True)
    assert api.patch(at, {"is_on": False}, format="json").json()["is_on"] is False
    old = unseal(Tracker.objects.get().hook_secret)
    assert api.post(f"{at}secret/").json()["secret"] == unseal(Tracker.objects.get().hook_secret) != old


@pytest.mark.parametrize(
    "wrong", [{"base_url": "https://10.0.0.1"}, {"base_url": "https://another.example"}, {"name": " "}]
)
def test_a_change_that_is_refused_switches_nothing_either(api, shown, wrong):
    at = f"/api/v1/trackers/{shown.tracker.pk}/"
    refused = api.patch(at, {"labels": ["new"], "is_on": False} | wrong, format="json")
    assert refused.status_code in (400, 422)
    row = Tracker.objects.get()
    assert (row.name, row.labels, row.is_on) == ("Shop", ["support"], True)


def test_a_switch_that_is_refused_changes_nothing_either(api, shown, monkeypatch):
    def refuse(**given):
        raise Invalid("Not now.", pointer="is_on")

    monkeypatch.setattr(connect, "switch_tracker", refuse)
    at = f"/api/v1/trackers/{shown.tracker.pk}/"
    assert api.patch(at, {"name": "Developers", "is_on": False}, format="json").status_code == 422
    assert Tracker.objects.get().name == "Shop"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"project": "shop"}, "project"),
        ({"base_url": "https://10.0.0.1"}, "base_url"),
        ({"secret": "mine"}, "secret"),
        ({"kind": "mantis"}, "kind"),
    ],
)
def test_what_is_wrong_is_named(api, wrong, pointer):
    answer = api.post("/api/v1/trackers/", GIVEN | wrong, format="json")
    assert answer.status_code in (400, 422)
    assert [error["pointer"].lstrip("/") for error in answer.json()["errors"]] == [pointer]
    assert not Tracker.objects.exists()


def test_who_may_see_cases_reads_the_list_and_nothing_more(world, caller, shown):
    mine = caller(world.cast.omar, "cases:read", "cases:write")
    (row,) = mine.get("/api/v1/trackers/").json()["data"]
    assert (row["id"], row["name"]) == (shown.tracker.pk, "Shop")
    assert "base_url" not in row
    assert mine.get(f"/api/v1/trackers/{shown.tracker.pk}/").status_code == 403
    assert mine.post("/api/v1/trackers/", GIVEN | {"name": "Two"}, format="json").status_code == 403
    assert caller(world.cast.ana).get("/api/v1/trackers/").status_code == 403


def test_a_token_without_the_scope_or_of_one_department_connects_nothing(world, caller):
    for client in (
        caller(world.cast.robot, "cases:read", "cases:write"),
        caller(make_user("courier", "api_client", world.cast.shipping), "admin"),
    ):
        assert client.post("/api/v1/trackers/", GIVEN, format="json").status_code == 403
    assert not Tracker.objects.exists()


def test_an_action_is_linked_and_unlinked_by_api(world, caller, shown):
    case = planning(world)
    action, client = add_action(world, case), caller(world.cast.omar)
    at, given = f"/api/v1/cases/{case.pk}/", {"action": action.pk, "tracker": shown.tracker.pk, "item": "#12"}
    told = client.post(f"{at}link-to-tracker/", given).json()
    assert told["actions"][0]["tracker"]["item"] == "12"
    told = client.post(f"{at}unlink-from-tracker/", {"action": action.pk}).json()
    assert told["actions"][0]["tracker"] is None
    assert not TrackerItem.objects.exists()


def test_the_list_takes_the_same_queries_for_one_and_for_twenty(api, world, shown):
    def queries():
        with CaptureQueriesContext(connection) as made:
            assert api.get("/api/v1/trackers/").status_code == 200
        return len(made)

    api.get("/api/v1/trackers/")  # notes that the token is in use
    one = queries()
    for number in range(19):
        trackers.add_tracker(**GIVEN | {"name": f"Shop {number}"}, by=world.cast.ada, at=NOW)
    assert queries() == one


# --- pages --------------------------------------------------------------------------------------------


def test_it_is_changed_on_its_page(world, sign_in, shown):
    browser, at = sign_in(world.cast.ada), reverse("tracker", args=[shown.tracker.pk])
    page = browser.get(at).content.decode()
    assert "secret-token" not in page
    given = {"name": "Developers", "base_url": shown.tracker.base_url, "labels": "a, b", "token": ""}
    assert browser.post(at, given).status_code == 302
    row = Tracker.objects.get()
    assert (row.name, row.labels, unseal(row.token)) == ("Developers", ["a", "b"], "secret-token")
    refused = browser.post(at, given | {"base_url": "https://elsewhere.test"})
    assert refused.status_code == 422
    assert "https://elsewhere.test" in refused.content.decode()
    page = browser.post(reverse("new_hook_secret", args=[row.pk])).content.decode()
    assert unseal(Tracker.objects.get().hook_secret) in page


@pytest.mark.parametrize("name", ["ana", "lena", "nils", "omar"])
def test_only_administrators_see_its_page(world, sign_in, shown, name):
    answer = sign_in(getattr(world.cast, name)).get(reverse("tracker", args=[shown.tracker.pk]))
    assert answer.status_code == 403


def test_an_action_is_unlinked_on_the_page_of_its_case(world, sign_in, shown):
    case = planning(world)
    action, browser = add_action(world, case), sign_in(world.cast.omar)
    trackers.link_to_tracker(action=action, tracker=shown.tracker, item="12", by=world.cast.omar, at=NOW)
    assert "unlink-from-tracker" in browser.get(f"/cases/{case.pk}/").content.decode()
    browser.post(f"/cases/{case.pk}/unlink-from-tracker/", {"action": action.pk})
    assert not TrackerItem.objects.exists()
    assert "unlinked the action" in browser.get(f"/cases/{case.pk}/").content.decode()
