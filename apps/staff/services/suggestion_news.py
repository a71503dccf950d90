"""Those who suggested and backed something hear at each step what becomes of it, by letter."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.analysis.models import Case, Outcome, VerdictKind
from apps.output.services import NewsItem, OwnLetter, inform
from apps.staff.models import Suggestion, Voice
from apps.staff.models.suggestion import SuggestionState
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.models import Event, Issue, User
from helpdesk.permissions import require
from helpdesk.sentences import Share, Words, labelled, said


@transaction.atomic
def tell_of_case(*, case: Case, event: Event, by: User, at: datetime) -> int:
    """What happened to a case is told to those whose suggestion led to it; returns to how many. Twice is once."""
    require(by, "staff.answer")
    words = _of_case(case, event)
    if not words:
        return 0
    rows = Suggestion.objects.filter(case=case, state=SuggestionState.TAKEN_UP).select_related("suggested_by")
    key = f"event:{event.pk}"
    return sum(tell(row, words, by=by, at=at, key=key) for row in rows.order_by("pk"))


@transaction.atomic
def tell_of_issues(*, by: User, at: datetime) -> int:
    """Proposed issues that are in the taxonomy now belong to their suggestions; returns how many there were."""
    require(by, "staff.answer")
    proposed = Suggestion.objects.select_for_update(of=("self",), no_key=True).select_related("suggested_by")
    rows = list(
        proposed.filter(state=SuggestionState.PROPOSED, issue=None).exclude(proposed_code="").order_by("pk")
    )
    found = Issue.objects.filter(code__in=[row.proposed_code for row in rows], valid_to=None)
    issues = {issue.code: issue for issue in found}
    rows = [row for row in rows if row.proposed_code in issues]
    for row in rows:
        issue = issues[row.proposed_code]
        row.become(issue)
        words = said(
            "It is an issue of its own now, “%(label)s”: every ticket about it is counted.", label=issue.label
        )
        tell(row, words, by=by, at=at, key=f"issue:{issue.pk}")
    return len(rows)


def tell(row: Suggestion, words: Words, *, by: User, at: datetime, key: str = "") -> int:
    """A letter to each whose voice it is, but for whoever did it; returns how many."""
    people = [one for one in voices_of(row) if one != by]
    reason = row.answer.strip()
    for person in people:
        own = person.pk == row.suggested_by_id
        with as_read_by(person):
            named = {"title": row.title, "name": person.name, "absolute": absolute("suggestion", pk=row.pk)}
            subject = _("Your suggestion: %(title)s") if own else _("A shared suggestion: %(title)s")
            whose = _("Your suggestion: “%(title)s”") if own else _("A suggestion you share: “%(title)s”")
            lines = [
                _("Dear %(name)s,") % named,
                whose % named,
                str(words),
                *([f"{row.answered_by.name}: {reason}"] if reason and row.answered_by and not key else []),
                _("Everything about it:\n%(absolute)s") % named,
            ]
            item = NewsItem(
                kind="suggestion", title=str(words), about=row.ref, url=reverse("suggestion", kwargs={"pk": row.pk}),
                key=f"{row.ref}:{key or f'{row.state}:{at.isoformat()}'}:{person.pk}",
                letter=OwnLetter(subject=subject % named, text="\n\n".join(lines)),
            )  # fmt: skip
        inform(item=item, to=person, by=by, at=at)
    return len(people)


def voices_of(row: Suggestion) -> list[User]:
    """Who suggested it or backed it, and the same of those that are part of it; people who are here."""
    parts = Suggestion.objects.filter(Q(pk=row.pk) | Q(merged_into=row))
    voices = Voice.objects.filter(suggestion__in=parts)
    users = User.objects.filter(
        Q(pk__in=parts.values("suggested_by")) | Q(pk__in=voices.values("user")), is_active=True
    )
    return [user for user in users.order_by("pk") if not user.is_machine]


def _of_case(case: Case, event: Event) -> Words:
    """What an event of a case says to somebody who suggested it; empty: nothing they wait for."""
    match event.kind:
        case "case.accepted":
            department = str(case.owner_department) if case.owner_department else said("Its department")
            return said(
                "%(owner_department)s has accepted %(number)s and looks into it.",
                owner_department=department,
                number=case.number,
            )
        case "case.judged":
            return said(
                "%(number)s was fixed and tested. The verdict: %(verdict_words)s.",
                number=case.number,
                verdict_words=_verdict_words(case),
            )
        case "case.regressed":
            return said("It is back: %(number)s is open again.", number=case.number)
        case "case.moved" if event.data.get("to") == "closed" and case.outcome:  # not open again by now
            return said(
                "%(number)s is closed: “%(outcome)s”.",
                number=case.number,
                outcome=labelled(Outcome(case.outcome)),
            )
    return ""


def _verdict_words(case: Case) -> Words:
    last = case.verdicts.last()
    if last is None:
        return said("none yet")
    if last.is_proven:
        return said("proven, %(cut)s fewer", cut=Share(last.cut))
    return said("“%(verdict)s”, not proven", verdict=labelled(VerdictKind(last.verdict)))
