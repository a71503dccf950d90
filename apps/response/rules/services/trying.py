"""What a rule would do, on tickets there are; nothing is changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from apps.response.acting import Act, describe, look_up, perform
from apps.response.rules.judging import Verdict, judge
from apps.response.rules.moments import MOMENTS, TIMED, Happening
from apps.response.rules.services.obeying import happening_of
from apps.response.rules.services.saving import VERB, RuleGiven, check_rule
from helpdesk.errors import DomainError
from helpdesk.models import Event, Role, Status, Ticket, User
from helpdesk.permissions import require

LAST = 500
SHOWN = 20  # fitting tickets on which the acts are done, and taken back


@dataclass(frozen=True)
class Would:
    """A ticket that fits, and what would become of it: each act with whether it changes anything, or why not."""

    ticket: Ticket
    verdict: Verdict
    acts: tuple[tuple[str, bool], ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class Trial:
    """A rule tried on the newest tickets."""

    looked: int
    fitted: int
    shown: tuple[Would, ...]
    others: tuple[tuple[Ticket, Verdict], ...]  # some that do not fit, and why
    sentences: tuple[str, ...]


def try_rule(*, given: RuleGiven, by: User, at: datetime) -> Trial:
    """Try a rule, saved or not, on the last 500 tickets that its author sees and it would reach: those of a moment as
    if it happened last just now. The acts are done on the first twenty that fit, and rolled back. Raises Invalid.

    Six queries, and those of the acts of twenty tickets.
    """
    require(by, VERB)
    checked = check_rule(given=given, at=at)
    numbers = _last(given, by)
    happened = _happened(given.when, numbers) if given.when != TIMED else {}
    judged = judge([checked.group], numbers, as_=by, at=at)
    verdicts = {number: judged.verdict(checked.group, number, happened.get(number)) for number in numbers}
    looked = [number for number in numbers if given.when == TIMED or number in happened]
    fitted = [number for number in looked if verdicts[number].fits]
    others = [number for number in looked if not verdicts[number].fits][:5]
    return Trial(
        len(looked),
        len(fitted),
        tuple(_would(judged.tickets[n], verdicts[n], given, checked.acts, at) for n in fitted[:SHOWN]),
        tuple((judged.tickets[number], verdicts[number]) for number in others),
        tuple(describe(checked.acts, look_up(checked.acts))),
    )


def _last(given: RuleGiven, by: User) -> list[int]:
    """Newest first."""
    found = Ticket.objects.visible_to(by).filter(merged_into=None)
    if given.department is not None:
        found = found.filter(department=given.department)
    if given.when == TIMED:
        found = found.exclude(status=Status.CLOSED)
    return list(found.order_by("-pk").values_list("pk", flat=True)[:LAST])


def _happened(when: str, numbers: list[int]) -> dict[int, Happening]:
    """What happened last of this moment, by ticket; who never had it would not have been looked at."""
    if not numbers:
        return {}
    rows = Event.objects.filter(ticket__in=numbers, kind__in=MOMENTS[when].kinds).select_related("by")
    newest = rows.order_by("ticket_id", "-at", "-pk").distinct("ticket_id")
    return {event.ticket_id: happening_of(event) for event in newest if event.ticket_id is not None}


@transaction.atomic
def _would(ticket: Ticket, verdict: Verdict, given: RuleGiven, acts: tuple[Act, ...], at: datetime) -> Would:
    """Really done, by a hand that is gone again with everything it did: so refusals are those there would be."""
    undo = transaction.savepoint()
    try:
        hand = User.objects.create_user(
            email=f"trial-{uuid4().hex}@helpdesk.invalid",
            name=given.name or "-",
            role=Role.SYSTEM,
            department=given.department,
        )
        known = look_up(acts)
        done = perform(ticket=ticket, acts=acts, by=hand, at=at, known=known)
        said = dict(zip(acts, describe(acts, known), strict=True))
        return Would(ticket, verdict, tuple((said[one.act], one.changed or not one.before) for one in done))
    except DomainError as refusal:
        return Would(ticket, verdict, refused=refusal.detail)
    finally:
        transaction.savepoint_rollback(undo)
