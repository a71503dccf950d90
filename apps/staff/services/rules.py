"""Which news gives people something to learn."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.staff.models import Course, RuleKind, TrainingRule
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Issue, User
from helpdesk.permissions import require

MOST_REVIEWS, LONGEST_WAIT = 50, 365


class RuleExists(DomainError):
    """There is a rule for this already."""

    code = "rule-exists"


@transaction.atomic
def lay_out_rules(*, by: User, at: datetime) -> None:
    """Begin with two: what changes in the taxonomy or in guidance is read and confirmed by who works with it. None if
    there is any rule already."""
    require(by, "staff.manage")
    if TrainingRule.objects.exists():
        return
    for kind in (RuleKind.RELEASE, RuleKind.GUIDANCE):
        TrainingRule.objects.create(kind=kind, made_by=by, made_at=at)


@transaction.atomic
def add_rule(
    *, kind: str, criterion: str = "", more_than: int | None = None, of_last: int | None = None,
    issue: Issue | None = None, course: Course | None = None, within_days: int = 7, by: User, at: datetime,
) -> TrainingRule:  # fmt: skip
    """Say which news gives whom which course; without a course, what is new is to be read and confirmed.

    Raises Invalid for what is missing or out of range, RuleExists.
    """
    require(by, "staff.manage")
    criterion = criterion.strip()
    if kind not in RuleKind.values:
        raise Invalid(_("Choose what has to happen."), pointer="kind")
    if course is not None and (course.is_briefing or not course.is_active):
        raise Invalid(_("This course is not given to people any more."), pointer="course")
    if not 1 <= within_days <= LONGEST_WAIT:
        raise Invalid(
            _("Between 1 and %(longest_wait)s days.") % {"longest_wait": LONGEST_WAIT}, pointer="within_days"
        )
    if kind == RuleKind.MISSED:
        issue = None
        _check_misses(criterion, more_than, of_last, course)
    else:
        criterion, more_than, of_last = "", None, None
    same = TrainingRule.objects.filter(kind=kind, criterion=criterion, issue=issue, course=course)
    if same.exists():
        raise RuleExists
    return TrainingRule.objects.create(
        kind=kind, criterion=criterion, more_than=more_than, of_last=of_last, issue=issue, course=course,
        within_days=within_days, made_by=by, made_at=at,
    )  # fmt: skip


@transaction.atomic
def withdraw_rule(*, rule: TrainingRule, by: User) -> None:
    """It gives nobody anything any more; the history keeps it, and who has something to do has it still."""
    require(by, "staff.manage")
    rule.delete()


def _check_misses(criterion: str, more_than: int | None, of_last: int | None, course: Course | None) -> None:
    if not criterion:
        raise Invalid(_("Name the criterion by its code."), pointer="criterion")
    if course is None:
        raise Invalid(_("Choose the course that helps."), pointer="course")
    if of_last is None or not 1 <= of_last <= MOST_REVIEWS:
        raise Invalid(
            _("Between 1 and %(most_reviews)s reviews.") % {"most_reviews": MOST_REVIEWS}, pointer="of_last"
        )
    if more_than is None or not 0 <= more_than < of_last:
        raise Invalid(_("Fewer than the reviews that are looked at."), pointer="more_than")
