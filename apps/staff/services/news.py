"""What is new becomes something to learn: reviews, releases of the taxonomy, guidance and known errors."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.text import Truncator

from apps.analysis.models import Case
from apps.response.models import Guidance
from apps.staff.briefings import about_guidance, about_release, about_workaround, codes_changed
from apps.staff.models import Assignment, Course, CourseKind, Reason, ReviewHeard, RuleKind, TrainingRule
from apps.staff.models.training import LONGEST_TITLE
from apps.staff.queries.concerned import workers_of
from apps.staff.queries.people import paths_above
from apps.staff.services.training import give_by_news
from helpdesk.locales import as_read_by
from helpdesk.models import Issue, TaxonomyRelease, User
from helpdesk.permissions import require
from helpdesk.rows import held

SUPERSEDED = "A newer one came."
WORDS_A_MINUTE = 200


@transaction.atomic
def hear_review(
    *, review: int, user: User, missed: Sequence[str], published_at: datetime, by: User, at: datetime
) -> None:
    """Keep what a review found missing, and give the course of every rule that it fills."""
    require(by, "staff.manage")
    # One review of a person after the other, or neither of two would see the other's misses.
    held(user)
    ReviewHeard.objects.update_or_create(
        review=review,
        defaults={"user": user, "missed": sorted(set(missed)), "published_at": published_at},
    )
    if not user.is_active:
        return
    rules = TrainingRule.objects.filter(kind=RuleKind.MISSED, criterion__in=missed).select_related("course")
    for rule in rules.order_by("pk"):
        _mind_misses(rule, user, by=by, at=at)


def _mind_misses(rule: TrainingRule, user: User, *, by: User, at: datetime) -> None:
    """Misses from before the course was last passed are settled by it."""
    if rule.course is None or rule.of_last is None or rule.more_than is None:
        return
    source = f"rule:{rule.pk}"
    theirs = Assignment.objects.filter(user=user, course=rule.course, reason=Reason.QA_GAP, source=source)
    if theirs.open().exists():
        return
    reviews = ReviewHeard.objects.filter(user=user)
    if (last := theirs.order_by("-closed_at").first()) is not None:
        reviews = reviews.filter(published_at__gt=last.closed_at)
    found = list(reviews.values_list("missed", flat=True)[: rule.of_last])
    if sum(rule.criterion in missed for missed in found) > rule.more_than:
        give_by_news(
            [user], rule.course, reason=Reason.QA_GAP, source=source, within_days=rule.within_days, again=True,
            by=by, at=at,
        )  # fmt: skip


@transaction.atomic
def train_for_release(*, release: TaxonomyRelease, by: User, at: datetime) -> None:
    """People who work with what a release changed read what it changed, or take the course a rule names."""
    require(by, "staff.manage")
    codes = codes_changed(release)
    changed = list(Issue.objects.filter(code__in=codes)) if codes else []
    with as_read_by(release.published_by):
        words = about_release(release)
    _train(
        RuleKind.RELEASE, changed, reason=Reason.RELEASE, source=f"release:{release.pk}",
        words=words, besides=release.published_by, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def train_for_guidance(*, issue: Issue, number: int, author: User, by: User, at: datetime) -> None:
    """People who work with an issue confirm that they have read its new guidance; `number` tells one change from the
    next."""
    require(by, "staff.manage")
    guidance = Guidance.objects.select_related("issue").get(issue=issue)
    with as_read_by(author):
        words = about_guidance(guidance)
    _train(
        RuleKind.GUIDANCE, [issue], reason=Reason.GUIDANCE, source=f"guidance:{issue.pk}@{number}",
        words=words, besides=author, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def train_for_workaround(*, case: Case, number: int, author: User, by: User, at: datetime) -> None:
    """People who work with the issue of a case confirm that they have read what to do until its cause is gone."""
    require(by, "staff.manage")
    if case.issue is None:
        return
    with as_read_by(author):
        words = about_workaround(case)
    _train(
        RuleKind.GUIDANCE, [case.issue], reason=Reason.GUIDANCE, source=f"workaround:{case.pk}@{number}",
        words=words, besides=author, by=by, at=at,
    )  # fmt: skip


def _train(
    kind: str, issues: Sequence[Issue], *, reason: str, source: str, words: tuple[str, str], besides: User,
    by: User, at: datetime,
) -> None:  # fmt: skip
    """Each rule of this kind gives its course, or a briefing with these words, to those whom its part concerns. Where
    there are none, what was to be read has been taken back."""
    _supersede(source, by=by, at=at)
    if not words[1]:
        return
    for rule in _rules(kind, issues):
        touched = [issue for issue in issues if _is_under(issue, rule.issue)]
        people = workers_of(touched, at=at, besides=besides)
        if not people:
            continue
        course = rule.course or _briefing(words, source=source, by=by, at=at)
        give_by_news(people, course, reason=reason, source=source, within_days=rule.within_days, by=by, at=at)


def _rules(kind: str, issues: Iterable[Issue]) -> list[TrainingRule]:
    above = {path for issue in issues for path in paths_above(issue.path)}
    rules = TrainingRule.objects.filter(Q(issue=None) | Q(issue__path__in=above), kind=kind)
    # Narrow rules first: where a rule for all says to read the same page, the shorter time has been given.
    return list(rules.select_related("course", "issue").order_by("within_days", "pk"))


def _is_under(issue: Issue, node: Issue | None) -> bool:
    return node is None or node.path in paths_above(issue.path)


def _briefing(words: tuple[str, str], *, source: str, by: User, at: datetime) -> Course:
    title, body = words
    course, _ = Course.objects.get_or_create(
        source=source,
        defaults={
            "kind": CourseKind.BRIEFING, "title": Truncator(title).chars(LONGEST_TITLE), "body": body,
            "minutes": 1 + len(body.split()) // WORDS_A_MINUTE, "written_by": by, "written_at": at,
        },
    )  # fmt: skip
    return course


def _supersede(source: str, *, by: User, at: datetime) -> None:
    """Nobody has to read what was written over since: the earlier pages of the same source are let go."""
    about, _, number = source.partition("@")
    if not number:
        return
    earlier = Assignment.objects.select_for_update(of=("self",), no_key=True).open()
    earlier = earlier.filter(course__kind=CourseKind.BRIEFING, source__startswith=f"{about}@")
    for row in earlier.exclude(source=source).order_by("pk"):
        row.let_off(SUPERSEDED, by=by, at=at)
