"""Policies, their order and ladder, and promises counted anew: by services, pages and API."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Subquery

from apps.control import queries, services
from apps.control.fitting import first_fitting
from apps.control.models import Clock, Escalation, Rung, ServicePolicy
from apps.control.queries_recount import recount_preview
from apps.control.services import Terms
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import CodingSource, Event, Message, Status, TaxonomyRelease, Ticket
from tests.factories import NOW, make_issue, make_ticket, make_token

HOUR = timedelta(hours=1)


def clocks(ticket):
    return {clock.kind: clock for clock in Clock.objects.filter(ticket=ticket).exclude(state="cancelled")}


def wait_for_owner(cast, ticket, at):
    ticket.hold(Status.WAITING_OWNER, by=cast.ana, at=at)
    services.pause_clocks(ticket=ticket, at=at)


def write(cast, ticket, at, *, automatic=False):
    message = Message.write(
        ticket=ticket, body="News", by=cast.ana, at=at, channel="email", is_automatic=automatic
    )
    services.meet_clocks(ticket=ticket, message=message, at=at)
    return message


@pytest.fixture
def news(policy):
    """News within four working hours, while somebody else has a part of the work."""
    policy.next_update_minutes = 240
    policy.save()
    return policy


def updates(ticket):
    return list(
        Clock.objects.filter(ticket=ticket, kind="next_update")
        .order_by("started_at")
        .values_list("state", "due_at")
    )


def test_who_waits_for_an_owner_is_promised_news_again_and_again(cast, news):
    ticket = make_ticket(cast)
    wait_for_owner(cast, ticket, NOW)
    assert updates(ticket) == [("running", NOW + 4 * HOUR)]
    write(cast, ticket, NOW + 2 * HOUR)
    assert updates(ticket) == [("met", NOW + 4 * HOUR), ("running", NOW + 6 * HOUR)]
    write(cast, ticket, NOW + 3 * HOUR, automatic=True)
    assert len(updates(ticket)) == 2  # a machine's letter is no news


def test_news_is_promised_once_whatever_the_order_of_what_happened(cast, news):
    ticket = make_ticket(cast)
    ticket.hold(Status.WAITING_OWNER, by=cast.ana, at=NOW)
    write(cast, ticket, NOW)  # heard before the hold it came with
    services.pause_clocks(ticket=ticket, at=NOW)
    services.pause_clocks(ticket=ticket, at=NOW)
    assert updates(ticket) == [("running", NOW + 4 * HOUR)]


def test_news_is_not_promised_any_more_once_the_ticket_is_solved(cast, news):
    ticket = make_ticket(cast)
    wait_for_owner(cast, ticket, NOW)
    ticket.resolve(by=cast.ana, at=NOW + HOUR)
    services.stop_clocks(ticket=ticket, at=NOW + HOUR)
    assert [state for state, _ in updates(ticket)] == ["met"]


def test_news_that_was_taken_back_leaves_the_older_promise(cast, news):
    ticket = make_ticket(cast)
    wait_for_owner(cast, ticket, NOW)
    message = write(cast, ticket, NOW + HOUR)
    services.unmeet_clocks(ticket=ticket, message=message, at=NOW + HOUR)
    assert updates(ticket) == [("running", NOW + 4 * HOUR), ("cancelled", NOW + 5 * HOUR)]


def terms(policy, **changes):
    return Terms(**{"name": "Special", "calendar": policy.calendar, "resolve_minutes": 60} | changes)


FITS = [
    ({}, True),
    ({"department": "billing"}, True),
    ({"department": "shipping"}, False),
    ({"issue": "invoice"}, True),
    ({"issue": "charged-twice"}, True),
    ({"issue": "elsewhere"}, False),
    ({"severity": 3}, True),
    ({"severity": 1}, False),
    ({"segment": "home"}, True),
    ({"customer": "zoe"}, True),
    ({"organisation": "ACME gmbh"}, True),
    ({"organisation": "Acme"}, False),
    ({"channel": "form"}, True),
    ({"channel": "phone"}, False),
    ({"channel": "form", "severity": 1}, False),
]


def test_the_database_and_the_explanation_agree_on_what_fits(cast, policy):
    top = make_issue("invoice")
    issues = {"invoice": top, "charged-twice": make_issue(parent=top), "elsewhere": make_issue("elsewhere")}
    cast.zoe.organisation = "Acme GmbH"
    cast.zoe.save()
    ticket = make_ticket(cast)
    ticket.primary_issue = issues["charged-twice"]
    ticket.save()
    special = services.save_policy(policy=None, terms=terms(policy), by=cast.ada)
    services.move_policy(policy=special, steps=-9, by=cast.ada)
    for conditions, fits in FITS:
        given = dict(conditions)
        given |= {"department": getattr(cast, given["department"])} if "department" in given else {}
        given |= {"issue": issues[given["issue"]]} if "issue" in given else {}
        given |= {"customer": cast.zoe} if "customer" in given else {}
        services.save_policy(policy=special, terms=terms(policy, **given), by=cast.ada)
        by_sql = queries.policy_for(ticket)
        beside = Ticket.objects.filter(pk=ticket.pk).annotate(
            own=Subquery(queries.fitting_policies().values("pk")[:1])
        )
        assert beside.get().own == (by_sql and by_sql.pk), conditions
        assert (by_sql == special) is fits, conditions
        assert first_fitting(queries.policies_in_force(), queries.facts_of(ticket)) == by_sql, conditions


def test_an_issue_that_is_found_later_brings_its_own_promise(cast, policy):
    issue = make_issue()
    services.save_policy(
        policy=None,
        terms=terms(policy, issue=issue, resolve_minutes=120, first_reply_minutes=30),
        by=cast.ada,
    )
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, at=NOW)
    ticket.classify(
        issue, release=TaxonomyRelease.objects.get(), by=cast.ana, at=NOW + HOUR, source=CodingSource.PERSON
    )
    services.restart_clocks(ticket=ticket, at=NOW + HOUR)
    found = clocks(ticket)
    assert found["resolve"].due_at == NOW + 2 * HOUR
    assert "acknowledge" not in found


def test_a_new_policy_stands_before_those_that_fit_every_ticket(cast, policy):
    first = services.save_policy(policy=None, terms=terms(policy, severity=1), by=cast.ada)
    assert [row.pk for row in queries.policies_in_force()] == [first.pk, policy.pk]
    services.move_policy(policy=policy, steps=-1, by=cast.ada)
    assert [row.pk for row in queries.policies_in_force()] == [policy.pk, first.pk]


def test_a_retired_policy_is_given_to_nobody_and_keeps_what_it_promised(cast, policy):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, at=NOW)
    services.retire_policy(policy=policy, by=cast.ada, at=NOW)
    assert queries.policy_for(ticket) is None
    assert clocks(ticket)["resolve"].state == "running"
    services.restore_policy(policy=policy, by=cast.ada)
    assert queries.policy_for(ticket) == policy


REFUSED = [
    ({"name": " "}, "name"),
    ({"name": "Standard"}, "name"),
    ({"resolve_minutes": None}, "first_reply_minutes"),
    ({"resolve_minutes": -1}, "resolve_minutes"),
    ({"severity": 9}, "severity"),
    ({"channel": "pigeon"}, "channel"),
    ({"pauses_on": ["solved"]}, "pauses_on"),
]


@pytest.mark.parametrize(("wrong", "pointer"), REFUSED)
def test_a_policy_that_can_not_be_kept_is_refused(cast, policy, wrong, pointer):
    with pytest.raises(Invalid) as refused:
        services.save_policy(policy=None, terms=terms(policy, **wrong), by=cast.ada)
    assert refused.value.pointer == pointer
    assert ServicePolicy.objects.count() == 1


def test_leads_promise_for_their_own_department_alone(cast, policy):
    services.save_policy(policy=None, terms=terms(policy, department=cast.billing), by=cast.lena)
    with pytest.raises(NotAllowed):
        services.save_policy(policy=None, terms=terms(policy, name="Other"), by=cast.lena)
    with pytest.raises(NotAllowed):
        services.retire_policy(policy=policy, by=cast.lena, at=NOW)
    with pytest.raises(NotAllowed):
        services.move_policy(policy=policy, steps=1, by=cast.lena)
    with pytest.raises(NotAllowed):
        services.recount(by=cast.lena, at=NOW)


def test_a_step_is_climbed_as_often_as_it_says_and_each_time_once(cast, policy):
    policy.rungs.all().delete()
    services.add_rung(
        policy=policy,
        after_minutes=60,
        tell="person",
        person=cast.nils,
        times=3,
        repeat_minutes=120,
        by=cast.ada,
    )
    services.start_clocks(ticket=make_ticket(cast), kinds=["acknowledge"], at=NOW)
    for hours in (2, 2, 2.5, 3.1, 5.1, 5.2, 7.1, 30, 31):  # found broken at 12:00; told at 13:00, 15:00 ...
        services.tick(by=cast.system, at=NOW + hours * HOUR)
    told = [(one.time, one.at, one.told.get()) for one in Escalation.objects.order_by("time")]
    assert [(time, person) for time, _, person in told] == [(1, cast.nils), (2, cast.nils), (3, cast.nils)]
    assert told[0][1] == NOW + 3.1 * HOUR


@pytest.mark.parametrize(
    ("step", "names"),
    [
        ({"tell": "role", "role": "analyst"}, "nils"),
        ({"tell": "department", "department": "billing"}, "lena"),
    ],
)
def test_a_step_tells_a_role_or_another_departments_leads(cast, policy, step, names):
    policy.rungs.all().delete()
    department = cast.billing if "department" in step else None
    services.add_rung(policy=policy, after_minutes=0, by=cast.ada, **step | {"department": department})
    services.start_clocks(ticket=make_ticket(cast), kinds=["acknowledge"], at=NOW)
    services.tick(by=cast.system, at=NOW + 2 * HOUR)
    assert Escalation.objects.get().told.get() == getattr(cast, names)


@pytest.mark.parametrize(
    ("step", "pointer"),
    [
        ({"tell": "person"}, "person"),
        ({"tell": "role", "role": "customer"}, "role"),
        ({"tell": "leads", "after_minutes": -1}, "after_minutes"),
        ({"tell": "leads", "times": 2}, "repeat_minutes"),
        ({"tell": "leads", "times": 99, "repeat_minutes": 1}, "times"),
        ({"tell": "leads", "after_minutes": 0}, "tell"),
    ],
)
def test_a_step_that_can_not_be_is_refused(cast, policy, step, pointer):
    with pytest.raises(Invalid) as refused:
        services.add_rung(policy=policy, by=cast.ada, **{"after_minutes": 5} | step)
    assert refused.value.pointer == pointer
    assert policy.rungs.count() == 3


def test_whom_a_step_told_stays_written_down_when_it_is_taken_out(cast, policy):
    services.start_clocks(ticket=make_ticket(cast), kinds=["acknowledge"], at=NOW)
    services.tick(by=cast.system, at=NOW + 2 * HOUR)
    before = Escalation.objects.count()
    services.take_out_rung(rung=policy.rungs.get(tell="leads"), by=cast.ada)
    assert Escalation.objects.count() == before


def test_running_promises_stay_until_they_are_counted_anew(cast, policy, django_assert_num_queries):
    ticket, resting = make_ticket(cast), make_ticket(cast)
    for one in (ticket, resting):
        services.start_clocks(ticket=one, kinds=["resolve"], at=NOW)
    resting.hold(Status.WAITING_CUSTOMER, by=cast.ana, at=NOW + HOUR)
    services.pause_clocks(ticket=resting, at=NOW + HOUR)
    kept = {name: getattr(policy, name) for name in Terms.__dataclass_fields__}
    services.save_policy(policy=policy, terms=Terms(**kept | {"resolve_minutes": 180}), by=cast.ada)
    assert clocks(ticket)["resolve"].due_at == datetime(2026, 5, 13, 10, tzinfo=UTC)
    with django_assert_num_queries(4):  # the clocks; policies, their rungs; the tickets' history
        preview = recount_preview(at=NOW + 4 * HOUR)
    assert (len(preview.changed), preview.earlier, preview.overdue) == (2, 1, 1)
    assert services.recount(by=cast.ada, at=NOW + 4 * HOUR) == 2
    ticket.refresh_from_db()
    assert clocks(ticket)["resolve"].due_at == ticket.due_at == NOW + 3 * HOUR
    assert clocks(resting)["resolve"].minutes_left == 120
    assert Event.objects.filter(kind="clock.recounted").count() == 2
    assert services.recount(by=cast.ada, at=NOW + 4 * HOUR) == 0


def test_a_pause_is_counted_when_a_promise_is_counted_anew(cast, policy):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, kinds=["resolve"], at=NOW)
    for status, at in ((Status.WAITING_CUSTOMER, NOW + HOUR), ("", NOW + 3 * HOUR)):
        if status:
            ticket.hold(status, by=cast.ana, at=at)
            services.pause_clocks(ticket=ticket, at=at)
        else:
            ticket.begin(by=cast.ana, at=at)
            services.resume_clocks(ticket=ticket, at=at)
    assert services.recount(by=cast.ada, at=NOW + 4 * HOUR) == 0  # nothing changed, so nothing changes


def test_broken_promises_stay_broken(cast, policy):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, kinds=["acknowledge"], at=NOW)
    services.tick(by=cast.system, at=NOW + 2 * HOUR)
    policy.acknowledge_minutes = 600
    policy.save()
    assert services.recount(by=cast.ada, at=NOW + 3 * HOUR) == 0
    assert clocks(ticket)["acknowledge"].state == "breached"


def test_a_policy_is_made_moved_and_retired_on_the_pages(cast, policy, sign_in):
    browser = sign_in(cast.ada)
    given = {"name": "Fast", "calendar": policy.calendar_id, "severity": 1, "first_reply_minutes": 30}
    tried = browser.post("/admin/clocks/policies/new/", given | {"try": "1", "try-start": "2026-05-08T16:40"})
    assert b"Mon 11 May, 09:10" in tried.content
    assert not ServicePolicy.objects.filter(name="Fast").exists()
    assert browser.post("/admin/clocks/policies/new/", given).status_code == 302
    fast = ServicePolicy.objects.get(name="Fast")
    assert browser.post(f"/admin/clocks/policies/{fast.pk}/", given | {"name": ""}).status_code == 422
    assert browser.post(f"/admin/clocks/policies/{fast.pk}/move/", {"way": "later"}).status_code == 302
    assert [row.pk for row in queries.policies_in_force()] == [policy.pk, fast.pk]
    ladder, step = f"/admin/clocks/policies/{fast.pk}/rungs/", {"after_minutes": 0, "times": 1}
    assert browser.post(ladder, step | {"tell": "leads"}).status_code == 302
    assert browser.post(ladder, step | {"tell": "person"}).status_code == 422
    assert browser.post(f"/admin/clocks/rungs/{fast.rungs.get().pk}/take-out/").status_code == 302
    assert browser.post(f"/admin/clocks/policies/{fast.pk}/retire/").status_code == 302
    assert (
        browser.get("/admin/clocks/").status_code == browser.get("/admin/clocks/recount/").status_code == 200
    )
    assert browser.post("/admin/clocks/recount/").status_code == 302


def test_the_page_says_which_policy_a_ticket_would_get_and_why(cast, policy, sign_in):
    services.save_policy(policy=None, terms=terms(policy, severity=1, segment="x"), by=cast.ada)
    ticket = make_ticket(cast)
    page = sign_in(cast.lena).get("/admin/clocks/", {"check": "1", "number": ticket.pk}).content.decode()
    assert "does not fit: severity, segment" in " ".join(page.split()).replace("</span>", "").replace(
        '<span class="muted small">', ""
    )
    assert "it gets this one" in page
    wrong = sign_in(cast.lena).get("/admin/clocks/", {"check": "1", "number": 4711})
    assert b"There is no such ticket." in wrong.content


def test_the_list_of_policies_asks_as_many_queries_for_twenty_as_for_one(
    cast, policy, sign_in, django_assert_max_num_queries
):
    for n in range(20):
        row = services.save_policy(policy=None, terms=terms(policy, name=f"P{n}", severity=2), by=cast.ada)
        Rung.objects.create(policy=row, tell="person", person=cast.nils)
    browser = sign_in(cast.ada)
    with django_assert_max_num_queries(13):
        browser.get("/admin/clocks/")


def test_programs_do_with_promises_what_the_pages_can(cast, policy, client):
    auth = {"Authorization": f"Bearer {make_token(cast.robot, 'tickets:read', 'tickets:write', 'admin')}"}

    def ask(method, path, body=None, expect=200):
        answer = client.generic(
            method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=auth
        )
        assert answer.status_code == expect, answer.content
        return answer.json() if answer.content else None

    fast = {"name": "Fast", "calendar": policy.calendar_id, "severity": 3, "first_reply_minutes": 30}
    made = ask("POST", "policies/", fast, 201)
    assert [row["name"] for row in ask("GET", "policies/")["data"]] == ["Fast", "Standard"]
    ask("PUT", f"policies/{made['id']}/", fast | {"segment": "home"})
    ticket = make_ticket(cast)
    assert ask("GET", f"policies/fitting/?ticket={ticket.pk}")["policy"] == made["id"]
    ask("PUT", "policies/order/", {"order": [policy.pk, made["id"]]})
    ask("PUT", "policies/order/", {"order": [policy.pk]}, 422)
    assert ask("GET", f"policies/fitting/?ticket={ticket.pk}")["policy"] == policy.pk
    rung = ask("POST", f"policies/{made['id']}/rungs/", {"after_minutes": 5, "tell": "leads"}, 201)
    ask("DELETE", f"policies/{made['id']}/rungs/{rung['id']}/", expect=204)
    services.start_clocks(ticket=ticket, at=NOW)
    assert ask("GET", "policies/recount/")["changed"] == 0
    assert ask("POST", "policies/recount/", {"policy": policy.pk})["changed"] == 0
    ask("DELETE", f"policies/{made['id']}/", expect=204)
    assert ask("GET", f"policies/{made['id']}/")["retired_at"] is not None
    ask("POST", "policies/", fast | {"severty": 1}, 422)
