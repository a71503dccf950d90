"""What the smaller pages of the analysis do, programs can do too."""

import pytest
from django.utils import timezone

from apps.analysis import services
from apps.analysis.models import AnalysisRun, CalendarEntry, Case, OwnershipRule, WorkaroundUse
from tests.analysis.world import TODAY
from tests.factories import NOW, make_ticket, make_user


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def api(world, caller):
    return caller(world.cast.robot, "cases:read", "cases:write", "tickets:write")


def test_a_case_is_opened_by_api(world, api):
    answer = api.post("/api/v1/cases/", {"title": "Twice again", "issue": "charged-twice"}, format="json")
    case = Case.objects.get()
    assert (answer.status_code, answer.json()["number"], case.issue) == (201, case.pk, world.charged)
    assert api.post("/api/v1/cases/", {"title": "x", "issue": "nothing"}, format="json").status_code == 422
    assert Case.objects.count() == 1


def test_an_entry_of_the_calendar_is_withdrawn_by_api(world, api):
    entry = services.add_entry(kind="release", day=TODAY, words="4.2", by=world.cast.nils, at=NOW)
    assert api.delete(f"/api/v1/analysis/calendar/{entry.pk}/").status_code == 204
    assert not CalendarEntry.objects.standing().exists()
    assert api.delete(f"/api/v1/analysis/calendar/{entry.pk}/").status_code == 404


def test_owners_are_ruled_by_api(world, api):
    given = {"issue": "late-parcel", "department": "billing", "person": "omar@desk.test"}
    answer = api.post("/api/v1/analysis/ownership/", given, format="json")
    assert answer.status_code == 201
    (row,) = api.get("/api/v1/analysis/ownership/").json()["data"]
    assert (row["issue"], row["department"], row["person"]) == ("late-parcel", "billing", "omar@desk.test")
    assert api.post("/api/v1/analysis/ownership/", given, format="json").status_code in (409, 422)
    assert api.delete(f"/api/v1/analysis/ownership/{row['id']}/").status_code == 204
    assert not OwnershipRule.objects.exists()


def test_the_analysis_is_asked_for_by_api(world, api, caller):
    answer = api.post("/api/v1/analysis/runs/")
    run = AnalysisRun.objects.get()
    assert (answer.status_code, answer.json()["id"]) == (202, run.pk)
    assert api.get(f"/api/v1/analysis/runs/{run.pk}/").json()["day"] == run.day.isoformat()
    courier = caller(make_user("courier", "api_client", world.cast.shipping))
    assert courier.post("/api/v1/analysis/runs/").status_code == 403


def test_what_agents_say_beside_a_ticket_is_said_by_api(world, api):
    ticket = make_ticket(world.cast)
    ticket.classify(world.charged, release=world.charged.release, by=world.cast.ana, at=NOW)
    case = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
    services.publish_workaround(case=case, workaround="Pay by card.", by=world.cast.nils, at=NOW)
    at = f"/api/v1/tickets/{ticket.pk}/"
    assert api.post(f"{at}workaround/", {"case": case.pk, "helped": "yes"}, format="json").status_code == 204
    assert WorkaroundUse.objects.get().helped
    assert api.post(f"{at}flag/", {"title": "It keeps happening"}, format="json").status_code == 204
    assert Case.objects.filter(title="It keeps happening").exists()
    assert api.post(f"{at}flag/", {"headline": "x"}, format="json").status_code == 422


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("cases/", {"title": "x", "issue": "charged-twice"}),
        ("analysis/ownership/", {"issue": "late-parcel", "department": "billing"}),
        ("analysis/runs/", {}),
    ],
)
def test_who_may_not_on_the_page_may_not_by_api(world, caller, path, given):
    answer = caller(world.cast.ana).post(f"/api/v1/{path}", given, format="json")
    assert answer.status_code == 403
    assert not any(kind.objects.exists() for kind in (Case, OwnershipRule, AnalysisRun))
