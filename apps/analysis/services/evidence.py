from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import midnight
from apps.analysis.models import Case, CaseState, CaseTicket, LinkedBy
from apps.analysis.places import Place
from apps.analysis.queries.evidence import alike
from apps.analysis.queries.taxonomy import read_taxonomy
from apps.analysis.services.access import WrongState, locked, locked_for_work
from apps.analysis.services.find_signals import in_place
from apps.analysis.services.open_case import MOST_EVIDENCE
from helpdesk.errors import Invalid
from helpdesk.models import Ticket, TicketIssue, User
from helpdesk.permissions import require
from helpdesk.rows import held


@transaction.atomic
def link_ticket(*, ticket: Ticket, case: Case, by: User, at: datetime) -> CaseTicket:
    """An agent says that this ticket is about this case; saying so twice is saying it once. Raises WrongState."""
    require(by, "analysis.flag", ticket)
    case = locked(case)
    _must_be_open(case)
    return CaseTicket.link(case=case, ticket=ticket, how=LinkedBy.HAND, by=by, at=at)


@transaction.atomic
def unlink_ticket(*, ticket: Ticket, case: Case, was_excluded: bool, by: User, at: datetime) -> None:
    """Who linked it takes that back: it is excluded as before, or as if nobody had spoken of it."""
    require(by, "analysis.flag")
    linked = CaseTicket.objects.filter(case=locked(case), ticket=ticket, excluded_at=None)
    row = linked.select_for_update(no_key=True).first()
    if row is not None and was_excluded:
        row.exclude(by=by, at=at)
    elif row is not None:
        row.forget(by=by, at=at)


@transaction.atomic
def link_by_hand(*, case: Case, ticket: Ticket, by: User, at: datetime) -> CaseTicket:
    """Whoever works on a case adds a ticket to its evidence, of those they may see. Raises WrongState, NotFound."""
    case = locked_for_work(case, by)
    require(by, "response.view", ticket)
    _must_be_open(case)
    return CaseTicket.link(case=case, ticket=ticket, how=LinkedBy.HAND, by=by, at=at)


@transaction.atomic
def link_alike(*, case: Case, ticket: Ticket, by: User, at: datetime) -> CaseTicket:
    """Confirm one of the tickets that read like the case's own and have no code; a model proposes, a person links.

    Only what is proposed can be linked so, since its words are shown to people who may not open the ticket.
    Raises WrongState, Invalid.
    """
    case = locked_for_work(case, by)
    _must_be_open(case)
    if ticket.pk not in alike(case):
        raise Invalid(_("That ticket is not among those that read like this case."), pointer="ticket")
    return CaseTicket.link(case=case, ticket=ticket, how=LinkedBy.MODEL, by=by, at=at)


@transaction.atomic
def exclude_ticket(*, evidence: CaseTicket, by: User, at: datetime) -> None:
    """ "Not this issue": the ticket no longer speaks for the case. The owner may say so, and whoever manages it."""
    locked_for_work(evidence.case, by)
    row = held(evidence, "case")
    if row.excluded_at is None:
        row.exclude(by=by, at=at)


@transaction.atomic
def include_ticket(*, evidence: CaseTicket, by: User, at: datetime) -> None:
    """It is this issue after all. What was said before stays in the history."""
    case = locked_for_work(evidence.case, by)
    CaseTicket.link(case=case, ticket=evidence.ticket, how=evidence.how, by=by, at=at)


def cases_to_join() -> list[int]:
    """Cases whose tickets are known by a rule and may still come in."""
    rows = Case.objects.open().exclude(state=CaseState.NEW).exclude(issue=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def join_evidence(*, case: int, by: User, at: datetime) -> int:
    """The tickets with its issue, in its place, that came in or were coded since it was opened; returns how many.

    A ticket that somebody said is not this issue stays out; a ticket joins once, however often this runs.
    """
    require(by, "analysis.case")
    row = locked(Case(pk=case))
    if not row.is_open or row.issue_id is None:
        return 0
    # A case that began with as many as anybody counts goes on with what is new, and not with what is ever older.
    is_full = row.evidence.count() >= MOST_EVIDENCE
    coded = TicketIssue.objects.filter(
        issue__in=read_taxonomy().subtree(row.issue_id),
        at__gte=row.opened_at if is_full else midnight(row.detection_start),
        ticket__merged_into=None,
    ).exclude(ticket__in=CaseTicket.objects.filter(case=row).values("ticket"))
    place = Place(row.dimension, row.value)
    numbers = set(in_place(coded, place).values_list("ticket_id", flat=True))
    CaseTicket.objects.bulk_create(
        (
            CaseTicket(case=row, ticket_id=number, how=LinkedBy.RULE, linked_by=by, linked_at=at)
            for number in sorted(numbers)
        ),
        ignore_conflicts=True,
        batch_size=1_000,
    )
    return len(numbers)


def _must_be_open(case: Case) -> None:
    if not case.is_open:
        raise WrongState(_("%(number)s is closed. If it is back, raise it again.") % {"number": case.number})
