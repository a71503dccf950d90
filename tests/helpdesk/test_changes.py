"""What was changed in how the desk is set up, by whom, and from what to what."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.control.services import lay_out_defaults
from apps.control.services.policies import Terms, save_policy
from apps.response.statuses.services import save_status
from helpdesk.changes import changes, tables
from tests.factories import NOW, make_token
from tests.response.pages import count_queries


@pytest.fixture
def policy(cast):
    row = lay_out_defaults()
    terms = {name: getattr(row, name) for name in Terms.__dataclass_fields__}
    return save_policy(policy=row, terms=Terms(**terms | {"resolve_minutes": 960}), by=cast.ada)


def test_a_change_says_who_and_from_what_to_what(policy):
    newest, made = changes(kind="policies")
    assert (newest.name, newest.by, newest.is_new) == ("Standard", "Ada", False)
    assert [(one.field, one.before, one.after) for one in newest.differences] == [
        ("resolve_minutes", "2400", "960")
    ]
    assert (made.is_new, made.by) == (True, "")
    assert ("calendar", "", "Office hours") in [
        (one.field, one.before, one.after) for one in made.differences
    ]


def test_the_name_of_one_transaction_does_not_stand_under_the_next(cast, policy):
    save_status(status=None, label="Lab", category="waiting_owner", by=cast.lena, department=cast.billing)
    assert [one.by for one in changes(kind="states")] == ["Lena"]
    assert {one.kind for one in changes()} >= {"states", "policies", "calendars", "rungs"}


def test_every_table_that_is_looked_through_has_a_history(db):
    assert all(history.pgh_tracked_model for history, _called in tables().values())


def test_administrators_look_at_it_and_nobody_else(cast, policy, sign_in):
    page = sign_in(cast.ada).get("/admin/changes/?kind=policies").content.decode()
    assert "<code>resolve_minutes</code>" in page
    assert sign_in(cast.lena).get("/admin/changes/").status_code == 403
    one = count_queries(sign_in(cast.ada), "/admin/changes/")
    for number in range(5):
        save_status(status=None, label=f"State {number}", category="waiting_owner", by=cast.ada)
    assert count_queries(sign_in(cast.ada), "/admin/changes/") <= one + 3  # states have something to show now


def test_programs_read_it_by_api(cast, policy):
    robot = Client(headers={"Authorization": f"Bearer {make_token(cast.robot, 'admin')}"})
    (newest, _made) = robot.get("/api/v1/changes/?kind=policies").json()["data"]
    assert newest["differences"] == [{"field": "resolve_minutes", "before": "2400", "after": "960"}]
    long_ago = (NOW - timedelta(days=3650)).isoformat().replace("+00:00", "Z")
    assert robot.get(f"/api/v1/changes/?until={long_ago}").json()["data"] == []
    assert robot.get("/api/v1/changes/?kind=weather").status_code == 422
    assert robot.get("/api/v1/changes/?until=soon").status_code == 422
    reader = Client(headers={"Authorization": f"Bearer {make_token(cast.robot, 'tickets:read')}"})
    assert reader.get("/api/v1/changes/").status_code == 403
