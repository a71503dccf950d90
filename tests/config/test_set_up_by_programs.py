"""A program with the scope `admin` sets up what an administrator does on pages; one of a department its own part."""

from itertools import count

from django.test import Client

from helpdesk.models import Role
from tests.factories import make_issue, make_token, make_user

numbers = count(1)
WEEK = ["09:00-17:00"] * 5 + ["", ""]
# address, method, what is sent, what is answered
STEPS = (
    ("statuses/", "post", {"label": "At the lab", "category": "waiting_owner", "roles": ["lead"]}, 201),
    ("calendars/", "post", {"name": "Lab", "time_zone": "Europe/Berlin", "week": WEEK, "country": "DE"}, 201),
    ("closing-rules/", "post", {"remind_after": 3, "close_after": 7}, 201),
    ("reopen-policies/", "put", {"days": 14}, 200),
    ("guidance/billing/", "put", {"explanation": "Two systems charged."}, 200),
    (
        "guidance/billing/offers/",
        "post",
        {"remedy": "refund", "words": "Money back", "lead_limit": "50"},
        201,
    ),
    ("remedies/ceiling/", "put", {"per_day": "500", "per_customer": None}, 200),
    ("ask-limits/", "put", {"rest_days": 30, "most_a_day": None, "always": []}, 200),
    ("checklists/", "post", {"name": "Return", "lines": ["Label sent"]}, 201),
)


def program(department=None, scopes=("tickets:read", "admin")):
    user = make_user(f"shop{next(numbers)}", Role.API_CLIENT, department)
    return Client(headers={"Authorization": f"Bearer {make_token(user, *scopes)}"})


def send(client, address, method, data):
    return getattr(client, method)(f"/api/v1/{address}", data, content_type="application/json")


def test_a_program_of_the_whole_desk_sets_it_up(cast):
    make_issue("billing")
    robot = program()
    for address, method, given, status in STEPS:
        answer = send(robot, address, method, given)
        assert answer.status_code == status, (address, answer.content)
    calendar = robot.get("/api/v1/calendars/").json()["data"][-1]["id"]
    policy = send(
        robot, "policies/", "post", {"name": "All", "calendar": calendar, "first_reply_minutes": 60}
    )
    assert policy.status_code == 201, policy.content
    friday = {"calendar": calendar, "start": "2026-11-27T15:40:00Z", "minutes": 90}
    assert send(robot, "calendars/due/", "post", friday).json()["due_at"] == "2026-11-30T09:10:00Z"
    assert send(robot, "policies/recount/", "post", {}).status_code == 200


def test_without_the_scope_nothing_is_set_up(cast):
    make_issue("billing")
    writer = program(scopes=("tickets:read", "tickets:write"))
    for address, method, given, _status in STEPS:
        answer = send(writer, address, method, given)
        assert (answer.status_code, "admin" in answer.json()["detail"]) == (403, True), address
    assert writer.get("/api/v1/calendars/").status_code == 200


def test_a_program_of_one_department_decides_for_it_alone(cast):
    robot = program(cast.billing)
    state = {"label": "With the bank", "category": "waiting_owner"}
    assert send(robot, "statuses/", "post", state).status_code == 403
    assert send(robot, "statuses/", "post", state | {"department": cast.billing.slug}).status_code == 201
    assert (
        send(robot, "ask-limits/", "put", {"rest_days": 30, "most_a_day": None, "always": []}).status_code
        == 403
    )
    assert send(robot, "policies/recount/", "post", {}).status_code == 403
