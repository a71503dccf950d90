"""What there is to learn."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.staff.models import Course, Skill, Topic, TrainingRule
from apps.staff.models.training import LONGEST_TITLE
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Issue, Product, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number

LONGEST_BODY, LONGEST_COURSE, LONGEST_HELD = 50_000, 2_400, 3_660  # characters, minutes, days


class CourseInUse(DomainError):
    """A rule gives this course to people. Withdraw the rule first."""

    code = "course-in-use"


class NotKept(DomainError):
    """News wrote this page: it is read as it stands."""

    code = "not-kept"


@dataclass(frozen=True)
class CourseWords:
    """What a course says of itself, as its editor sends it."""

    title: str
    teaches: str
    link: str = ""
    body: str = ""
    minutes: int = 15
    lasts_days: int | None = None
    grants: int | None = None
    is_required: bool = False
    needs_lead: bool = False


@transaction.atomic
def save_course(
    *, words: CourseWords, issues: Collection[Issue] = (), products: Collection[Product] = (),
    course: Course | None = None, by: User, at: datetime,
) -> Course:  # fmt: skip
    """Make a course, or change one; certificates that were given keep their day.

    Raises Invalid for a title that is taken, a course without content, and one that grants or requires nothing in
    particular; NotKept for what news wrote.
    """
    require(by, "staff.manage")
    if course is not None:
        course = held(course)
        if course.is_briefing:
            raise NotKept
    _check(words, covers_something=bool(issues or products), besides=course)
    course = course or Course(written_by=by, written_at=at)
    for name, value in vars(words).items():
        setattr(course, name, value.strip() if isinstance(value, str) else value)
    course.save()
    _cover(course, issues, products)
    return course


@transaction.atomic
def retire_course(*, course: Course, by: User) -> None:
    """It is given to nobody any more; who has it may finish it, and certificates hold. Raises CourseInUse, NotKept."""
    require(by, "staff.manage")
    course = held(course)
    if course.is_briefing:
        raise NotKept
    if TrainingRule.objects.filter(course=course).exists():
        raise CourseInUse
    course.is_active = False
    course.save(update_fields=["is_active"])


def _check(words: CourseWords, *, covers_something: bool, besides: Course | None) -> None:
    title = words.title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(
            _("Between 1 and %(longest_title)s characters.") % {"longest_title": LONGEST_TITLE},
            pointer="title",
        )
    taken = Course.objects.offered().filter(title=title)
    if besides is not None:
        taken = taken.exclude(pk=besides.pk)
    if taken.exists():
        raise Invalid(_("There is a course named “%(title)s” already.") % {"title": title}, pointer="title")
    if not words.teaches.strip():
        raise Invalid(_("Say in a sentence what it teaches."), pointer="teaches")
    if not words.link and not words.body.strip():
        raise Invalid(_("Give a link, or write the course here."), pointer="body")
    if len(words.body) > LONGEST_BODY:
        raise Invalid(
            _("At most %(longest_body)s characters.") % {"longest_body": Number(LONGEST_BODY, grouped=True)},
            pointer="body",
        )
    if not 1 <= words.minutes <= LONGEST_COURSE:
        raise Invalid(
            _("Between 1 and %(longest_course)s minutes.")
            % {"longest_course": Number(LONGEST_COURSE, grouped=True)},
            pointer="minutes",
        )
    if words.lasts_days is not None and not 1 <= words.lasts_days <= LONGEST_HELD:
        raise Invalid(
            _("Between 1 and %(longest_held)s days, or empty: for good.")
            % {"longest_held": Number(LONGEST_HELD, grouped=True)},
            pointer="lasts_days",
        )
    if words.grants is not None and words.grants not in Skill.Level.values:
        raise Invalid(_("Choose one of the levels."), pointer="grants")
    if (words.grants or words.is_required) and not covers_something:
        raise Invalid(_("Choose the issues or products it is about."), pointer="issues")


def _cover(course: Course, issues: Collection[Issue], products: Collection[Product]) -> None:
    """Rows come and go one by one, so that the history says what changed."""
    wanted = {(issue.pk, None) for issue in issues} | {(None, product.pk) for product in products}
    for topic in course.topics.all():
        if (about := (topic.issue_id, topic.product_id)) in wanted:
            wanted.remove(about)
        else:
            topic.delete()
    Topic.objects.bulk_create(
        Topic(course=course, issue_id=issue, product_id=product) for issue, product in wanted
    )
