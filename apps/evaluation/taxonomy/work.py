"""What in the taxonomy should be looked at, with the evidence and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.evaluation.queries.alike import AlikePair, LargeIssue, alike_pairs, large_issues
from apps.evaluation.queries.codes import Codes, read_codes, tickets_url
from apps.evaluation.queries.readers import read_machine
from apps.evaluation.queries.window import Window
from helpdesk.models import Issue, IssueKind
from helpdesk.templatetags.helpdesk import number, percentage

MANY_WITHOUT_CODE = 0.05  # of all coded tickets: so many for which no code was found
SETTLED_IN = timedelta(days=90)  # an issue is not called unused before


@dataclass(frozen=True)
class Task:
    """One thing to look at. `tickets` orders the list; `url` leads to the form that mends it."""

    why: str
    issue: Issue
    fact: str
    act: str
    url: str
    tickets: int
    tickets_url: str
    tone: str = ""
    other: Issue | None = None


def work_queue(window: Window) -> list[Task]:
    """Everything found, what concerns the most tickets first. Four queries: codes (2), suggestions, letters."""
    codes = read_codes(window)
    found = [
        *_without_code(codes, window),
        *(_large(row) for row in large_issues(codes, window)),
        *(_alike(pair, codes) for pair in alike_pairs(codes, read_machine(window), window)),
        *_bare(codes, window),
        *_unused(codes, window),
    ]
    return sorted(found, key=lambda task: -task.tickets)


def act_url(issue: Issue, act: str) -> str:
    return reverse("change_issue", kwargs={"code": issue.code, "act": act})


def _without_code(codes: Codes, window: Window) -> Iterator[Task]:
    coded = sum(codes.opened) - sum(codes.months[None])
    for issue in codes.of_kind(IssueKind.NO_CODE):
        tickets = codes.of(issue.pk)
        if coded and tickets >= MANY_WITHOUT_CODE * coded:
            url = tickets_url(issue, window)
            fact = _("%(share)s of coded tickets") % {"share": percentage(tickets / coded)}
            yield Task(
                _("Many without a fitting code"), issue, fact, _("Read them, then add an issue"), reverse("add_issue"),
                tickets, url, tone="bad",
            )  # fmt: skip


def _large(row: LargeIssue) -> Task:
    fact = _("%(share)s of coded tickets") % {"share": percentage(row.share)}
    if row.is_loose:
        fact += "; " + _("its tickets differ")
    return Task(
        _("Too large"), row.issue, fact, _("Split"), act_url(row.issue, "split"), row.tickets, row.url,
        tone="bad" if row.is_loose else "wait",
    )  # fmt: skip


def _alike(pair: AlikePair, codes: Codes) -> Task:
    facts = []
    if pair.mixed_up is not None:
        facts.append(_("mixed up in %(share)s of their tickets") % {"share": percentage(pair.mixed_up)})
    if pair.words is not None:
        facts.append(_("%(share)s the same words") % {"share": percentage(pair.words)})
    # The smaller one goes.
    one, other = sorted((pair.one, pair.other), key=lambda issue: codes.of(issue.pk))
    tickets = codes.of(one.pk) + codes.of(other.pk)
    url = f"{act_url(one, 'merge')}?into={other.code}"
    return Task(
        _("Near duplicates"),
        one,
        ", ".join(facts),
        _("Merge"),
        url,
        tickets,
        pair.one_url,
        tone="wait",
        other=other,
    )


def _bare(codes: Codes, window: Window) -> Iterator[Task]:
    for issue in codes.leaves_in_use(window):
        if issue.kind != IssueKind.REASON:
            continue
        given = (issue, codes.of(issue.pk), tickets_url(issue, window))
        if issue.owner_department_id is None:
            yield _to_edit(*given, why=_("No owner"), fact=_("nobody is asked to remove its cause"))
        if not issue.definition.strip():
            yield _to_edit(*given, why=_("No definition"), fact=_("two readers can't agree on it"))


def _to_edit(issue: Issue, tickets: int, url: str, *, why: str, fact: str) -> Task:
    return Task(why, issue, fact, _("Edit"), act_url(issue, "edit"), tickets, url, tone="wait")


def _unused(codes: Codes, window: Window) -> Iterator[Task]:
    settled = (window.until - SETTLED_IN).date()
    for issue in codes.leaves_in_use(window):
        if issue.kind == IssueKind.REASON and not codes.of(issue.pk) and issue.valid_from <= settled:
            fact = _("no ticket in %(n)s months") % {"n": number(len(window.months))}
            yield Task(
                _("Unused"), issue, fact, _("Retire"), act_url(issue, "retire"), 0, tickets_url(issue, window)
            )
