"""The demo company in the database: a small one, loaded once for all of these tests and taken back at the end."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Max
from django.urls import reverse

from apps.analysis.models import Assumption, Case, CaseTicket, EffectivenessPlan, Exposure, Signal, Verdict
from apps.awareness.models import Campaign
from apps.control.models import Clock, Referral, Survey
from apps.intake.models import Suggestion, SuggestionModel
from apps.intake.services import Contact, open_ticket
from apps.output.models import Delivery
from apps.response.models import SecondReading
from apps.response.queries.finding import find
from apps.response.queries.history import history
from apps.response.query import read
from apps.staff.models import Availability
from config.demo import world
from config.demo.load import NotEmpty, load, told
from config.demo.logins import LOGINS
from config.demo.progress import Progress
from helpdesk.models import (
    Customer,
    CustomField,
    Event,
    Issue,
    Message,
    Note,
    Role,
    Ticket,
    TicketIssue,
    User,
)

END = date(2025, 11, 20)


@pytest.fixture(scope="module")
def company():
    return world.build(end=END, tickets=3_400)  # the customer who has a login wrote one of them


@pytest.fixture(scope="module")
def loaded(company, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load(company, progress=Progress(quiet=True))
        yield company
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    return loaded


def person(name):
    return User.objects.get(email=f"{name}@warmfold.example")


def test_everything_of_the_world_is_there(demo):
    coded = sum(len(ticket.issues) for ticket in demo.tickets)
    assert Ticket.objects.count() == len(demo.tickets)
    assert Customer.objects.count() == len(demo.customers)
    assert TicketIssue.objects.count() == coded
    assert Issue.objects.count() == len(demo.nodes)
    assert Survey.objects.exclude(answered_at=None).count() == len(demo.surveys)
    assert Survey.objects.filter(answered_at=None).exists()  # not everybody who is asked answers
    assert Case.objects.count() == len(demo.cases)
    assert Exposure.objects.filter(kind="active_customers").count() == (demo.end - demo.start).days + 1
    assert set(User.objects.values_list("email", flat=True)) >= {one.email for one in demo.people}


def test_a_ticket_is_the_row_it_was_made_from(demo):
    row = next(row for row in demo.tickets if row.remedy_amount and row.outcome and "\n" in row.body)
    ticket = Ticket.objects.get(opened_at=row.opened_at, subject=row.subject)
    first = ticket.messages.first()
    assert (first.body, first.direction, first.sender_name) == (
        row.body, "in", demo.customers[row.customer].name,
    )  # fmt: skip
    assert ticket.messages.filter(direction="out").first().body == row.reply
    assert ticket.issues.get(is_primary=True).remedy_amount == row.remedy_amount
    assert (ticket.department.slug, ticket.assignee.email) == (row.department, row.assignee)
    assert (ticket.outcome, ticket.told_others) == (row.outcome, row.told_others)


def test_what_a_ticket_is_really_about_never_reaches_the_database(demo):
    assert not Issue.objects.filter(code="hub-chirps").exists()
    assert not Ticket.objects.filter(tags__contains=["hub-chirps"]).exists()
    kept = {key for custom in Ticket.objects.values_list("custom", flat=True) for key in custom}
    assert kept <= set(CustomField.objects.values_list("key", flat=True))


def test_every_change_of_a_ticket_can_be_read(demo):
    ticket = Ticket.objects.filter(reopened_count=1).first()
    told = [moment.kind for moment in reversed(history(ticket))]
    assert told[:2] == ["ticket.opened", "ticket.assigned"]
    assert [kind for kind in told if kind in ("ticket.resolved", "ticket.reopened")] == [
        "ticket.resolved", "ticket.reopened", "ticket.resolved",
    ]  # fmt: skip
    assert Event.objects.filter(kind="ticket.opened").count() == len(demo.tickets)


def test_nothing_lies_in_the_future_and_nothing_is_owed(demo):
    assert Event.objects.aggregate(last=Max("at"))["last"] <= demo.now
    assert Message.objects.aggregate(last=Max("at"))["last"] <= demo.now
    assert Ticket.objects.aggregate(last=Max("updated_at"))["last"] <= demo.now
    assert not Event.objects.owing().exists()


def test_the_letters_of_the_past_have_left(demo):
    assert Delivery.objects.filter(state="sent").exists()
    assert not Delivery.objects.filter(created_at__lt=demo.now, state="queued").exists()


def test_new_rows_are_numbered_behind_the_loaded_ones(demo):
    last = {model: model.objects.aggregate(last=Max("pk"))["last"] for model in (Ticket, Message, Event)}
    ticket = open_ticket(
        subject="A new one", body="Hello", customer=Contact(email="new@example.com"), channel="form",
        by=User.objects.system(), at=demo.now,
    )  # fmt: skip
    assert ticket.pk == last[Ticket] + 1
    assert ticket.messages.get().pk == last[Message] + 1
    assert (
        ticket.events.get().pk > last[Event]
    )  # others may have taken numbers, and given back what they were for


def test_the_desk_is_alive(demo):
    states = set(Ticket.objects.open().values_list("clock_state", flat=True))
    assert states >= {"running", "paused", "breached"}
    assert Ticket.objects.open().filter(assignee=None).exists()
    assert Note.objects.filter(ticket__in=Ticket.objects.open()).exists()
    waiting = Ticket.objects.filter(status="waiting_owner")
    assert Referral.objects.filter(state="open", ticket__in=waiting).count() == waiting.count()
    assert not Clock.objects.filter(state="breached", breached_at__lt=F("due_at")).exists()


def test_nobody_has_more_than_they_can_carry(demo):
    taken = Ticket.objects.open().exclude(assignee=None).order_by()
    carried = dict(taken.values_list("assignee").annotate(n=Count("id")))
    assert all(carried.get(row.user_id, 0) <= row.capacity for row in Availability.objects.all())


def test_cases_stand_where_they_were_planned(demo):
    assert [case.state for case in Case.objects.order_by("opened_at")] == [
        case.state for case in sorted(demo.cases, key=lambda case: case.opened_on)
    ]
    assert EffectivenessPlan.objects.filter(decision_on__lt=END).count() == 3
    assert not Verdict.objects.exists()
    assert Case.objects.get(state="routed").owner == person("omar")


def test_a_case_knows_no_ticket_of_a_later_day(demo):
    later = CaseTicket.objects.filter(how="rule", ticket__opened_at__gt=F("linked_at"))
    assert CaseTicket.objects.exists()
    assert not later.exists()


def test_the_money_of_the_cases_has_a_source(demo):
    assert not Assumption.objects.filter(source="").exists()
    assert not Case.objects.exclude(state="new").filter(money_likely=None).exists()


def test_a_case_stands_in_every_state_and_came_to_rest_in_several_ways(demo):
    states = set(Case.objects.values_list("state", flat=True))
    assert states >= {
        "new",
        "routed",
        "investigating",
        "planning",
        "fixing",
        "monitoring",
        "on_hold",
        "closed",
    }
    assert set(Case.objects.filter(state="closed").values_list("outcome", flat=True)) == {
        "no_cause",
        "risk_accepted",
    }
    assert Case.objects.filter(is_known_error=True).count() == 2


def test_issues_are_suggested_for_what_nobody_has_coded(demo):
    uncoded = Ticket.objects.open().uncoded()
    assert SuggestionModel.objects.get().trained_on > 500  # of 1,000 tickets
    assert Suggestion.objects.filter(rank=1, ticket__in=uncoded).count() == uncoded.count() > 0


def test_some_tickets_were_coded_twice_and_the_newest_wait(demo):
    states = Counter(SecondReading.objects.values_list("state", flat=True))
    assert sum(states.values()) == 8 * 16
    assert min(states[state] for state in ("waiting", "agreed", "differs", "settled")) > 0
    assert SecondReading.objects.filter(suggested__isnull=False).count() > 40


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.role)
def test_each_login_signs_in_and_sees_something(demo, client, login):
    answer = client.post(reverse("login"), {"username": login.email, "password": login.password})
    assert answer.status_code == 302
    user = User.objects.get(email=login.email)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.role == login.role
    assert client.get(reverse("home"), follow=True).status_code == 200
    assert Ticket.objects.visible_to(user).exists()


def test_other_people_of_the_company_cannot_sign_in(demo):
    known = {login.email for login in LOGINS}
    others = User.objects.exclude(email__in=known).exclude(role=Role.SYSTEM)
    assert not any(user.has_usable_password() for user in others)


def test_an_agent_sees_the_tickets_of_her_own_department_only(demo):
    seen = Ticket.objects.visible_to(person("mallory")).values_list("department__slug", flat=True)
    assert set(seen) == {"delivery"}


def test_the_owner_sees_the_case_that_waits_for_his_answer(demo):
    assert Case.objects.visible_to(person("omar")).filter(state="routed").exists()
    assert not Case.objects.visible_to(person("carlo")).exists()


def test_a_second_company_does_not_move_in(demo):
    tickets = Ticket.objects.count()
    with pytest.raises(NotEmpty):
        load(demo, progress=Progress(quiet=True))
    with pytest.raises(CommandError, match="empty"):
        call_command("demo", tickets=300, verbosity=0)
    assert Ticket.objects.count() == tickets


def test_signals_of_the_past_are_promoted(demo):
    assert set(Signal.objects.values_list("state", flat=True)) == {"promoted"}


def test_the_logins_are_told_as_a_table(capsys):
    call_command("demo", logins=True)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(LOGINS) + 2
    assert re.match(r"role +name +e-mail +password", lines[0])
    assert {role for role in Role.values if any(line.startswith(role + " ") for line in lines)} == {
        login.role for login in LOGINS
    }


def test_an_issue_that_two_were_merged_into_is_asked_about_once(demo):
    issues = {issue.code: issue for issue in Issue.objects.all()}
    twice = SimpleNamespace(issues=issues | {f"{code}-before": issue for code, issue in issues.items()})

    told._ask(replace(demo, now=demo.now - timedelta(weeks=4)), twice, person("priya"))

    assert 2 <= Campaign.objects.latest("pk").issues.count() <= 4


def test_billing_refuses_what_comes_too_late(demo):
    ticket = Ticket.objects.get(pk__in=Message.objects.filter(refused_at__isnull=False).values("ticket"))
    assert (ticket.department.name, ticket.is_open, ticket.reopened_count) == ("Billing", False, 0)
    late, letter = ticket.messages.order_by("-pk")[:2][::-1]
    assert (letter.is_automatic, letter.direction) == (True, "out")
    assert late.refused_at - ticket.solved_at > timedelta(days=60)
    ana = User.objects.get(email="ana@warmfold.example")
    found, _ = find(read("is:refused", at=demo.now), user=ana)
    assert [one.pk for one in found] == [ticket.pk]
