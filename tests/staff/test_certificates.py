"""Certificates hold until a day, are renewed in time, and count for who gets a ticket."""

import pytest

from apps.staff import services
from apps.staff.models import Assignment, Certificate
from apps.staff.queries.people import skills_for
from apps.staff.tasks import renew_certificates as every_morning
from config.schedule import SCHEDULE
from helpdesk.errors import Invalid, NotFound
from helpdesk.models import Role, TaxonomyRelease
from tests.factories import NOW, make_issue, make_product, make_ticket, make_user
from tests.staff.conftest import DAY, TODAY


def grant(cast, course, user=None, *, days_ago=0):
    return services.grant_certificate(
        user=user or cast.ana, course=course, passed_on=TODAY - days_ago * DAY, by=cast.lena, at=NOW
    )


def renew(cast, at=NOW):
    return services.renew_certificates(by=cast.system, at=at)


def test_the_last_day_belongs_to_it_and_the_month_before_it_warns(cast, make_course):
    row = grant(cast, make_course(lasts_days=100))
    assert row.is_valid(TODAY + 100 * DAY)
    assert not row.is_valid(TODAY + 101 * DAY)
    assert row.runs_out(TODAY + 70 * DAY)
    assert not row.runs_out(TODAY + 69 * DAY)


def test_one_that_runs_out_is_given_again_once(cast, make_course):
    row = grant(cast, make_course(lasts_days=100), days_ago=80)
    assert renew(cast) == 1
    assert renew(cast) == 0
    again = Assignment.objects.get()
    assert (again.reason, again.due_on) == ("expiry", TODAY + 20 * DAY)
    services.pass_course(assignment=again, by=cast.ana, at=NOW)
    assert Certificate.objects.exclude(pk=row.pk).get().valid_until == TODAY + 100 * DAY
    assert renew(cast) == 0


def test_one_for_good_and_one_with_time_left_are_left_alone(cast, make_course):
    grant(cast, make_course())
    grant(cast, make_course("Long", lasts_days=31))
    assert renew(cast) == 0


def test_who_has_left_or_is_at_it_is_given_nothing(cast, make_course, give):
    course = make_course(lasts_days=20)
    grant(cast, course)
    give(course)
    bo = make_user("bo", Role.AGENT, cast.billing)
    grant(cast, course, bo)
    bo.is_active = False
    bo.save()
    assert renew(cast) == 0


def test_the_scheduled_task_renews(cast, make_course, today_is_now):
    grant(cast, make_course(lasts_days=20))
    every_morning()
    every_morning()
    assert Assignment.objects.count() == 1
    assert SCHEDULE["renew certificates"]["task"] == every_morning.name


def test_it_is_withdrawn_with_a_reason_and_once(cast, make_course):
    row = grant(cast, make_course())
    with pytest.raises(Invalid):
        services.withdraw_certificate(certificate=row, why="", by=cast.lena, at=NOW)
    row = services.withdraw_certificate(certificate=row, why="Wrong person", by=cast.lena, at=NOW)
    assert not row.is_valid(TODAY)
    with pytest.raises(services.CertificateWithdrawn):
        services.withdraw_certificate(certificate=row, why="Again", by=cast.lena, at=NOW)


def test_a_day_to_come_and_other_peoples_people_are_refused(cast, make_course):
    course = make_course()
    with pytest.raises(Invalid):
        grant(cast, course, days_ago=-1)
    with pytest.raises(NotFound):
        grant(cast, course, cast.mallory)
    assert not Certificate.objects.exists()


# --- routing --------------------------------------------------------------------------------------------


@pytest.fixture
def desk(cast, billing_issue):
    """Ana is Billing's expert, Bo is able; a ticket of an issue below it comes."""
    bo = make_user("bo", Role.AGENT, cast.billing)
    for user, level in ((cast.ana, 3), (bo, 2)):
        services.set_availability(user=user, capacity=5, by=cast.lena)
        services.grant_skill(user=user, issue=billing_issue, level=level, by=cast.lena)
    ticket = make_ticket(cast)
    twice = make_issue("charged-twice", parent=billing_issue)
    ticket.classify(twice, release=TaxonomyRelease.objects.get(), by=cast.lena, at=NOW)
    return bo, ticket


def assigned(cast, ticket):
    return services.assign(ticket=ticket, by=cast.system, at=NOW)


def test_a_required_certificate_that_has_run_out_takes_the_skill_out_of_routing(
    cast, desk, make_course, billing_issue
):
    bo, ticket = desk
    course = make_course(issues=[billing_issue], is_required=True, lasts_days=30)
    grant(cast, course, days_ago=31)
    assert skills_for(ticket, [cast.ana.pk, bo.pk], at=NOW) == {bo.pk: 2}
    assert assigned(cast, ticket) == bo


def test_passed_again_it_counts_again(cast, desk, make_course, billing_issue):
    _, ticket = desk
    course = make_course(issues=[billing_issue], is_required=True, lasts_days=30)
    grant(cast, course, days_ago=31)
    grant(cast, course)
    assert assigned(cast, ticket) == cast.ana


def test_who_never_held_it_keeps_their_skill(cast, desk, make_course, billing_issue):
    make_course(issues=[billing_issue], is_required=True, lasts_days=30)
    assert assigned(cast, desk[1]) == cast.ana


@pytest.mark.parametrize("what", ["not required", "another issue", "another product", "retired"])
def test_a_certificate_that_does_not_concern_the_ticket_changes_nothing(
    cast, desk, make_course, billing_issue, what
):
    about = {"issues": [billing_issue]}
    if what == "another issue":
        about = {"issues": [make_issue("app")]}
    if what == "another product":
        about = {"products": [make_product()]}
    course = make_course(**about, is_required=what != "not required", lasts_days=30)
    grant(cast, course, days_ago=31)
    if what == "retired":
        services.retire_course(course=course, by=cast.lena)
    assert assigned(cast, desk[1]) == cast.ana


def test_a_withdrawn_certificate_counts_like_one_that_has_run_out(cast, desk, make_course, billing_issue):
    bo, ticket = desk
    row = grant(cast, make_course(issues=[billing_issue], is_required=True))
    services.withdraw_certificate(certificate=row, why="Cheated", by=cast.lena, at=NOW)
    assert assigned(cast, ticket) == bo
