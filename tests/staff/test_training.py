"""Somebody is given a course, takes it, or need not."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from apps.staff import services
from apps.staff.models import Assignment, Certificate
from apps.staff.services import training
from apps.staff.services.training import TrainingClosed
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event
from tests.factories import NOW
from tests.staff.conftest import DAY, TODAY, skills_of


def finish(row, by, at=NOW):
    return services.pass_course(assignment=row, by=by, at=at)


def test_it_is_begun_and_passed_and_the_skill_comes_with_it(cast, make_course, give, billing_issue):
    row = give(make_course(issues=[billing_issue], grants=2, lasts_days=365))
    services.start_course(assignment=row, by=cast.ana, at=NOW)
    row = finish(row, cast.ana)
    assert row.state == "passed"
    assert Certificate.objects.get().valid_until == TODAY + 365 * DAY
    assert skills_of(cast.ana) == {"Billing": "Able"}
    told = Event.objects.exclude(about="").values_list("kind", "data")
    assert {kind for kind, _ in told} == {
        "training.assigned", "training.started", "training.passed", "certificate.granted",
    }  # fmt: skip
    assert all(data["user"] == cast.ana.pk for _, data in told)


def test_passing_lowers_no_skill(cast, make_course, give, billing_issue):
    services.grant_skill(user=cast.ana, issue=billing_issue, level=3, by=cast.lena)
    finish(give(make_course(issues=[billing_issue], grants=2)), cast.ana)
    assert skills_of(cast.ana) == {"Billing": "Expert"}


def test_overdue_is_told_by_the_day(cast, make_course, give):
    row = give(make_course(), due_on=TODAY)
    assert not row.is_overdue(TODAY)
    assert row.is_overdue(TODAY + DAY)
    assert not finish(row, cast.ana).is_overdue(TODAY + DAY)


def test_passing_is_done_with_every_reason_for_the_same_course(cast, make_course, give):
    course = make_course()
    row = give(course)
    Assignment.give(
        user=cast.ana, course=course, reason="qa_gap", source="rule:1", due_on=TODAY, by=cast.system, at=NOW
    )
    finish(row, cast.ana)
    assert set(Assignment.objects.values_list("state", flat=True)) == {"passed"}
    assert Certificate.objects.count() == 1


def test_where_a_lead_has_to_say_so_one_can_not_say_it_oneself(cast, make_course, give):
    row = give(make_course(needs_lead=True))
    with pytest.raises(NotAllowed, match="your lead"):
        finish(row, cast.ana)
    assert not Certificate.objects.exists()
    assert finish(row, cast.lena).closed_by == cast.lena


def test_one_is_excused_with_a_reason(cast, make_course, give):
    row = give(make_course())
    with pytest.raises(Invalid):
        services.excuse_from_course(assignment=row, excuse=" ", by=cast.lena, at=NOW)
    row = services.excuse_from_course(assignment=row, excuse="Leaves in May", by=cast.lena, at=NOW)
    assert (row.state, row.excuse) == ("excused", "Leaves in May")
    with pytest.raises(services.TrainingClosed):
        finish(row, cast.ana)


def test_the_same_course_twice_is_refused_while_it_is_open(cast, make_course, give):
    course = make_course()
    row = give(course)
    with pytest.raises(services.AlreadyAssigned):
        give(course)
    finish(row, cast.ana)
    assert give(course).pk != row.pk


@pytest.mark.parametrize(
    ("given", "pointer"), [({"due_on": TODAY - DAY}, "due_on"), ({"reason": "qa_gap"}, "reason")]
)
def test_what_can_not_be_given_is_refused(make_course, give, given, pointer):
    with pytest.raises(Invalid) as refused:
        give(make_course(), **given)
    assert refused.value.pointer == pointer
    assert not Assignment.objects.exists()


def test_a_lead_gives_courses_to_their_own_people_alone(cast, make_course, give):
    with pytest.raises(NotFound):
        give(make_course(), cast.mallory)
    assert give(make_course("Two"), cast.mallory, by=cast.ada).user == cast.mallory


@pytest.mark.parametrize("who", ["mallory", "omar", "nils"])
def test_others_neither_give_nor_end_it(cast, make_course, give, who):
    row, other = give(make_course()), getattr(cast, who)
    with pytest.raises(NotAllowed):
        give(row.course, other, by=other)
    with pytest.raises((NotAllowed, NotFound)):
        finish(row, other)
    with pytest.raises(NotFound):
        services.start_course(assignment=row, by=other, at=NOW)
    row.refresh_from_db()
    assert row.state == "assigned"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_give_it_once(cast, make_course, give):
    course = make_course()

    def try_it(_):
        try:
            return give(course).pk
        except services.AlreadyAssigned:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as two:
        assert len([row for row in two.map(try_it, range(2)) if row]) == 1


@pytest.mark.django_db(transaction=True)
def test_two_reasons_for_one_course_passed_at_once_do_not_wait_for_each_other(
    cast, make_course, give, monkeypatch
):
    first = give(make_course())
    second = Assignment.give(
        user=cast.ana, course=first.course, reason="expiry", source="certificate:1", due_on=TODAY, by=cast.lena,
        at=NOW,
    )  # fmt: skip
    both, check = Barrier(2), training._must_be_open

    def after_both_have_locked(row):
        with suppress(BrokenBarrierError):
            both.wait(timeout=2)
        check(row)

    monkeypatch.setattr(training, "_must_be_open", after_both_have_locked)

    def try_it(row):
        try:
            return finish(row, cast.ana)
        except TrainingClosed:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as two:
        assert len([row for row in two.map(try_it, (first, second)) if row]) == 1
    assert set(Assignment.objects.values_list("state", flat=True)) == {"passed"}
    assert Certificate.objects.count() == 1
