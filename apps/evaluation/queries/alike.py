"""Issues that may be one, and issues that may be several."""

from dataclasses import dataclass

from apps.evaluation import nodes
from apps.evaluation.queries.codes import Codes, tickets_url
from apps.evaluation.queries.letters import read_letters
from apps.evaluation.queries.readers import Machine
from apps.evaluation.queries.window import Window
from helpdesk.models import Issue, IssueKind

MOST_PAIRS = 10
LARGE = 0.08  # of all coded tickets: more is looked at, for it may be several issues


@dataclass(frozen=True)
class AlikePair:
    """Two issues that may be one: by what the model takes for each other, by what is written about them, or both."""

    one: Issue
    other: Issue
    mixed_up: float | None
    words: float | None
    one_url: str
    other_url: str


@dataclass(frozen=True)
class LargeIssue:
    """An issue that carries a large share; `closeness` below `nodes.LOOSE` says that it is several."""

    issue: Issue
    share: float
    tickets: int
    closeness: float | None
    url: str

    @property
    def is_loose(self) -> bool:
        return self.closeness is not None and self.closeness < nodes.LOOSE


def alike_pairs(codes: Codes, machine: Machine, window: Window) -> tuple[AlikePair, ...]:
    """What the model mixes up first, then what only reads alike. No query."""
    leaves = _reasons(codes, window)
    texts = [" ".join([issue.label, issue.definition, *issue.examples]) for issue in leaves]
    words = {(leaves[i].pk, leaves[j].pk): cosine for i, j, cosine in nodes.alike_in_words(texts)}
    order = {issue.pk: place for place, issue in enumerate(leaves)}
    mixed: dict[tuple[int, int], float] = {}
    for pair in nodes.mixed_up(machine.tickets, machine.taken):
        keys = sorted(
            (machine.issues[pair.one], machine.issues[pair.other]), key=lambda key: order.get(key, -1)
        )
        if order.keys() >= set(keys):
            mixed[keys[0], keys[1]] = pair.share
    found = [
        AlikePair(
            one=codes.issues[one],
            other=codes.issues[other],
            mixed_up=mixed.get((one, other)),
            words=words.get((one, other)),
            one_url=tickets_url(codes.issues[one], window),
            other_url=tickets_url(codes.issues[other], window),
        )
        for one, other in dict.fromkeys([*mixed, *words])
    ]
    return tuple(found[:MOST_PAIRS])


def large_issues(codes: Codes, window: Window) -> tuple[LargeIssue, ...]:
    """Those that carry `LARGE` of all coded tickets, the loose ones first. One query."""
    reasons = _reasons(codes, window)
    coded = sum(codes.opened) - sum(codes.months[None])
    close = nodes.closeness(read_letters(window, [issue.pk for issue in reasons]))
    found = [
        LargeIssue(
            issue,
            codes.of(issue.pk) / coded,
            codes.of(issue.pk),
            close.get(issue.pk),
            tickets_url(issue, window),
        )
        for issue in reasons
        if coded and codes.of(issue.pk) >= LARGE * coded
    ]
    return tuple(sorted(found, key=lambda row: (not row.is_loose, -row.share)))


def _reasons(codes: Codes, window: Window) -> list[Issue]:
    return [issue for issue in codes.leaves_in_use(window) if issue.kind == IssueKind.REASON]
