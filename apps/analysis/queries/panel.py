"""What the ticket page shows of the loop: the cases this ticket is about, and the ones it may be about."""

from dataclasses import dataclass

from django.db.models import Q

from apps.analysis.models import Case, WorkaroundUse
from helpdesk.models import Ticket, User
from helpdesk.permissions import may


@dataclass(frozen=True)
class Linked:
    """One case beside a ticket; `is_linked`: the ticket is evidence of it, otherwise it is about the same issue."""

    case: Case
    is_linked: bool
    may_open: bool

    @property
    def can_be_linked(self) -> bool:
        return not self.is_linked and self.case.is_open


@dataclass(frozen=True)
class KnownError:
    """A workaround for this ticket: how often it was given and helped, and what was said of it here, if anything."""

    case: Case
    used: int
    helped: int
    here: bool | None


@dataclass(frozen=True)
class Panel:
    linked: list[Linked]
    known_errors: list[KnownError]

    @property
    def offers(self) -> bool:
        """Whether one press says which case it is."""
        return any(row.can_be_linked for row in self.linked)


def panel_of(ticket: Ticket, *, user: User) -> Panel:
    """Four queries, whatever there is. Agents see the case's name and workaround; its page needs `analysis.view`."""
    same_issue = Q(issue=ticket.primary_issue_id) if ticket.primary_issue_id else Q(pk__in=[])
    mine = Q(evidence__ticket=ticket, evidence__excluded_at=None)
    own = set(Case.objects.filter(mine).values_list("pk", flat=True))
    cases = Case.objects.filter(Q(pk__in=own) | (same_issue & ~Q(state="closed"))).select_related(
        "owner_department"
    )
    reads = may(user, "analysis.view")
    seen = set(
        Case.objects.visible_to(user).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True)
    )
    linked = [Linked(case, case.pk in own, reads and case.pk in seen) for case in cases]
    known = [row.case for row in linked if row.case.is_known_error and row.case.is_open]
    return Panel(linked, _with_uses(known, ticket))


def _with_uses(known: list[Case], ticket: Ticket) -> list[KnownError]:
    said: dict[int, list[tuple[int, bool]]] = {}
    for case, number, helped in WorkaroundUse.objects.filter(case__in=known).values_list(
        "case", "ticket", "helped"
    ):
        said.setdefault(case, []).append((number, helped))
    return [
        KnownError(
            case,
            len(said.get(case.pk, ())),
            sum(helped for _, helped in said.get(case.pk, ())),
            dict(said.get(case.pk, ())).get(ticket.pk),
        )
        for case in known
    ]
