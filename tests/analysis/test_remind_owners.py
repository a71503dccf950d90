"""Reminders, the ladder of escalation, and accepted risks that run out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from apps.analysis import services, tasks
from apps.analysis.models import OwnershipRule, Reminder
from apps.analysis.queries.cases import needs_of
from apps.analysis.queries.history import history_of
from apps.control.models import Calendar
from apps.output.models import Delivery
from helpdesk.errors import NotAllowed
from helpdesk.models import Event
from tests.analysis.stages import SOON, assessed, fixing, fresh, routed, routed_to
from tests.analysis.world import make_world, sow
from tests.factories import NOW, make_cast, make_user

# Routed on Wednesday the 6th, so the answer is due on Monday the 11th.
THURSDAY, FRIDAY, SATURDAY = (NOW + timedelta(days=days) for days in (1, 2, 3))
TUESDAY, THURSDAY_NEXT, MONDAY_AFTER = (NOW + timedelta(days=days) for days in (6, 8, 12))


@pytest.fixture
def case(world, olga):
    """Olga's, with a deputy; Omar is the head of the department."""
    return routed_to(world, olga)


def remind(world, at):
    return services.remind_owners(by=world.cast.system, at=at)


def letters():
    return sorted((row.to[0].split("@")[0], row.subject.partition(": ")[2]) for row in Delivery.objects.all())


def steps(case):
    return [row.step for row in case.reminders.all()]


# --- the ladder


def test_two_working_days_before_it_is_due_owner_and_deputy_are_told(world, case):
    assert remind(world, THURSDAY) == 1
    subject = "Invoices are charged twice: your answer is due on Monday, 11 May"
    assert letters() == [("dora", subject), ("olga", subject)]
    assert (steps(case), fresh(case).escalation) == (["due_soon"], 0)
    assert Delivery.objects.first().text.count("/o/") == 6  # the case, and each of the five answers


def test_the_same_rung_is_climbed_once_however_often_it_is_asked(world, case):
    remind(world, THURSDAY)
    for hours in range(1, 5):
        assert remind(world, THURSDAY + timedelta(hours=hours)) == 0
    assert len(letters()) == 2


def test_what_is_not_answered_climbs_to_the_head_and_to_the_sponsor(world, case):
    told = {}
    for at in (THURSDAY, FRIDAY, TUESDAY, TUESDAY + timedelta(days=1), THURSDAY_NEXT, MONDAY_AFTER):
        Delivery.objects.all().delete()
        remind(world, at)
        told[at.day] = [name for name, _ in letters()]
    assert told == {7: ["dora", "olga"], 8: [], 12: ["dora", "olga"], 13: [], 14: ["omar"], 18: []}
    assert (steps(case), fresh(case).escalation) == (["due_soon", "overdue", "head", "sponsor"], 3)


def test_the_history_says_each_rung_in_words(world, case):
    for at in (THURSDAY, TUESDAY, THURSDAY_NEXT, MONDAY_AFTER):
        remind(world, at)
    assert [entry.text for entry in history_of(case.ref)][:4] == [
        "carried it up to the sponsor, Ada: it was due 11 May",
        "carried it up to the head of the department, Omar: it was due 11 May",
        "told Olga and Dora that it was due 11 May",
        "reminded Olga and Dora that it is due 11 May",
    ]


def test_the_sponsor_of_the_rule_hears_of_it_and_sees_the_case(world, case):
    OwnershipRule.objects.create(
        issue=world.charged,
        department=world.cast.billing,
        sponsor=make_user("sam", "lead", world.cast.shipping),
    )
    for at in (THURSDAY, TUESDAY, THURSDAY_NEXT, MONDAY_AFTER):
        remind(world, at)
    sam = case.reminders.get(step="sponsor").told.get()
    assert (sam.name, case.is_visible_to(sam)) == ("Sam", True)
    assert "See to it that Olga answers for" in [need.verb for need in needs_of(sam, at=MONDAY_AFTER)]


def test_a_head_who_left_is_not_said_to_have_heard_of_it(world, case):
    world.cast.omar.is_active = False
    world.cast.omar.save(update_fields=["is_active"])
    for at in (TUESDAY, THURSDAY_NEXT):
        remind(world, at)
    assert list(case.reminders.get(step="head").told.all()) == []


def test_an_answer_brings_the_case_down_again(world, case, olga):
    for at in (TUESDAY, THURSDAY_NEXT):
        remind(world, at)
    services.accept_case(case=case, by=olga, at=THURSDAY_NEXT)
    assert fresh(case).escalation == 0
    assert remind(world, THURSDAY_NEXT + timedelta(days=1)) == 0


def test_a_head_who_is_the_owner_gets_no_second_letter(world):
    sow(world, world.charged, {(40, 0): 1.0}, seed=1)
    case = routed(world)
    for at in (TUESDAY, THURSDAY_NEXT):
        remind(world, at)
    assert [name for name, _ in letters()] == ["omar", "omar"]  # routed, overdue
    assert "the head of the department knows it" in history_of(case.ref)[0].text


@pytest.mark.parametrize(
    "at",
    [SATURDAY, THURSDAY.replace(hour=3), THURSDAY.replace(hour=20)],
    ids=["saturday", "night", "evening"],
)
def test_nobody_is_written_to_while_the_company_is_closed(world, case, at):
    assert remind(world, at) == 0
    assert not letters()


def test_holidays_are_no_working_days(world, case):
    friday = FRIDAY.date()
    Calendar.objects.create(name="Company", days_off=[friday])
    assert remind(world, FRIDAY) == 0
    assert remind(world, THURSDAY) == 1  # a holiday more: it is still the last working day before


def test_the_fault_of_one_case_keeps_no_other_from_its_reminder(world, case, olga, monkeypatch):
    other = assessed(world)
    services.route_case(case=other, owner=olga, by=world.cast.nils, at=NOW)
    Delivery.objects.all().delete()
    reminding = import_module("apps.analysis.services.remind_owners")
    real = reminding._letter

    def letter(row, step, due_on):
        if row.pk == case.pk:
            raise ZeroDivisionError
        return real(row, step, due_on)

    monkeypatch.setattr(reminding, "_letter", letter)
    with pytest.raises(ExceptionGroup, match="1 failed, 1 done"):
        remind(world, THURSDAY)
    assert (steps(case), steps(other)) == ([], ["due_soon"])
    monkeypatch.undo()
    assert remind(world, THURSDAY) == 1
    assert steps(case) == ["due_soon"]


# --- actions, and cases that are being assessed


@pytest.fixture
def at_work(world):
    """A case that is being fixed: Ana does it by Wednesday the 13th, Omar answers for it."""
    sow(world, world.charged, {(300, 0): 1.0}, seed=1)
    case, action = fixing(world)
    Delivery.objects.all().delete()
    return case, action


def test_an_action_climbs_from_its_doer_to_the_owner_and_on_to_the_sponsor(world, at_work):
    case, action = at_work
    told = {}
    for day in (4, 5, 6, 8, 12, 14):
        Delivery.objects.all().delete()
        remind(world, NOW + timedelta(days=day))
        told[day] = [name for name, _ in letters()]
    assert told == {4: [], 5: ["ana"], 6: [], 8: ["ana", "omar"], 12: [], 14: []}
    assert [row.step for row in action.reminders.all()] == ["due_soon", "overdue", "head", "sponsor"]
    assert fresh(case).escalation == 3
    needs = [(need.verb, need.object) for need in needs_of(world.cast.ada, at=NOW + timedelta(days=14))]
    assert ("See to it that Ana does", "A key on each charge") in needs
    assert (
        history_of(case.ref)[0].text
        == "carried “A key on each charge” up to the sponsor, Ada: it was due 13 May"
    )


def test_the_letter_about_an_action_says_who_does_it_and_for_what(world, at_work):
    remind(world, NOW + timedelta(days=8))
    letter = next(row for row in Delivery.objects.all() if row.to[0].startswith("omar@"))
    assert letter.subject.endswith("A key on each charge: it was due on Wednesday, 13 May")
    assert "Ana does it. It is part of the fix of “Invoices are charged twice”." in letter.text


def test_while_it_is_being_fixed_a_case_is_due_when_its_next_action_is(world, at_work):
    case, action = at_work
    assert fresh(case).due_on == SOON
    other = services.add_action(
        case=case, title="Tell the shop", strength="weak", assignee=world.cast.ana,
        due_on=SOON - timedelta(days=2), by=world.cast.omar, at=NOW,
    )  # fmt: skip
    assert fresh(case).due_on == SOON - timedelta(days=2)
    services.move_action(action=other, to="not_doing", note="No need", by=world.cast.omar, at=NOW)
    assert fresh(case).due_on == SOON
    for state in ("accepted", "in_progress", "implemented"):
        services.move_action(action=action, to=state, by=world.cast.ana, at=NOW)
    assert fresh(case).due_on is None


def test_a_moved_day_begins_the_ladder_anew_and_brings_the_case_down(world, at_work):
    case, action = at_work
    remind(world, NOW + timedelta(days=8))
    assert fresh(case).escalation == 1
    later = SOON + timedelta(days=14)
    services.change_due(
        action=action, due_on=later, reason="The vendor", by=world.cast.omar, at=NOW + timedelta(days=8)
    )
    assert (fresh(case).due_on, fresh(case).escalation) == (later, 0)
    assert remind(world, NOW + timedelta(days=12)) == 0
    assert remind(world, NOW + timedelta(days=20)) == 1
    assert [row.step for row in action.reminders.all()] == ["overdue", "due_soon"]


def test_nobody_is_reminded_of_what_is_done_or_of_a_case_on_hold(world, at_work):
    case, action = at_work
    services.hold_case(
        case=case, reason="Vendor", review_on=SOON + timedelta(days=60), by=world.cast.nils, at=NOW
    )
    assert remind(world, NOW + timedelta(days=8)) == 0
    services.resume_case(case=fresh(case), by=world.cast.nils, at=NOW + timedelta(days=8))
    assert fresh(case).due_on == SOON
    for state in ("accepted", "in_progress", "implemented"):
        services.move_action(action=action, to=state, by=world.cast.ana, at=NOW + timedelta(days=8))
    assert remind(world, NOW + timedelta(days=9)) == 0


def test_a_case_nobody_assesses_is_carried_up_to_analysts_and_administrators(world):
    sow(world, world.charged, {(40, 0): 1.0}, seed=1)
    nina = make_user("nina", "analyst")
    case = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
    told = {}
    for at in (THURSDAY, TUESDAY, THURSDAY_NEXT, MONDAY_AFTER):
        Delivery.objects.all().delete()
        remind(world, at)
        told[at.day] = letters()
    assert [name for name, _ in (told[7] + told[12] + told[14])] == ["nils", "nils", nina.name.lower()]
    assert "its assessment was due on Monday, 11 May" in told[12][0][1]
    assert [row.name for row in case.reminders.get(step="sponsor").told.all()] == ["Ada"]


def test_only_the_machine_reminds(world, case):
    with pytest.raises(NotAllowed):
        services.remind_owners(by=world.cast.omar, at=THURSDAY)
    assert not Reminder.objects.exists()


def test_the_scheduled_task_is_a_door(world, case, monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: THURSDAY)
    tasks.remind_owners()
    assert steps(case) == ["due_soon"]


def test_finding_what_to_do_costs_the_same_for_one_case_and_for_twenty(world, case, olga):
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        remind(world, NOW)  # it came today: nothing is due
    for _ in range(3):
        row = assessed(world)
        services.route_case(case=row, owner=olga, by=world.cast.nils, at=NOW)
    with CaptureQueriesContext(connection) as many:
        remind(world, NOW)
    a_case = (len(many) - len(few)) / 3
    assert a_case <= 7  # a transaction of its own, the locked row, its rungs, the calendar


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_climb_one_rung_and_write_one_letter():
    world = make_world(make_cast())
    sow(world, world.charged, {(20, 0): 1.0}, seed=1)
    case = routed(world)

    def work(_):
        try:
            return services.remind_owners(by=world.cast.system, at=THURSDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(4)))
    assert sorted(done) == [0, 0, 0, 1]
    assert (steps(case), Delivery.objects.count()) == (["due_soon"], 2)  # and the letter of its routing
    assert Event.objects.filter(kind="case.reminded").count() == 1
