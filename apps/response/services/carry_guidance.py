"""What is known about issues that were merged goes along with their tickets."""

from django.db import transaction

from apps.response.models import Guidance
from helpdesk.models import Issue, TaxonomyRelease, User
from helpdesk.permissions import require

TEXTS = ("questions", "solution_space", "explanation", "prevention_tip")


@transaction.atomic
def carry_guidance(*, release: TaxonomyRelease, by: User) -> int:
    """Give the guidance of every issue that this release merged to the issue it is read as now: as a copy where that
    has none, else below what stands there. Twice is as good as once. Returns how many issues got some.

    Authority is never widened: what may be given stays as the remaining issue has it. A known error stays with its
    case, which writes it itself. The merged issue keeps its own, for the day the release is undone.
    """
    require(by, "response.manage")
    merged = Issue.objects.filter(release=release, replaced_by__isnull=False).order_by("pk")
    return sum(
        _carry(issue, issue.replaced_by)
        for issue in merged.select_related("replaced_by")
        if issue.replaced_by
    )


def _carry(issue: Issue, into: Issue) -> bool:
    rows = {
        row.issue_id: row
        for row in Guidance.objects.select_for_update(of=("self",), no_key=True)
        .filter(issue__in=[issue, into])
        .order_by("pk")
    }
    known = rows.get(issue.pk)
    if known is None:
        return False
    kept = rows.get(into.pk)
    if kept is None:
        Guidance.objects.create(
            issue=into, agent_limit=known.agent_limit, lead_limit=known.lead_limit,
            **{name: getattr(known, name) for name in TEXTS},
        )  # fmt: skip
        return True
    return _append(known, kept)


def _append(known: Guidance, kept: Guidance) -> bool:
    changed = []
    for name in TEXTS:
        said, there = getattr(known, name).strip(), getattr(kept, name)
        if said and said not in there:
            setattr(kept, name, f"{there.rstrip()}\n\n{known.issue.label}: {said}".strip())
            changed.append(name)
    if changed:
        kept.save(update_fields=changed)
    return bool(changed)
