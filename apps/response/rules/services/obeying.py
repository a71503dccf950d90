"""Rules hear what happened to a ticket."""

from datetime import datetime

from django.db import IntegrityError, transaction

from apps.response.rules.models import Outcome, Rule, RuleFiring, RuleRun
from apps.response.rules.moments import WHEN, Happening
from apps.response.rules.services.firing import let_look
from helpdesk.models import Event, Message, Role, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

_SPOKEN = ("wrote", "replied")


@transaction.atomic
def obey(*, event: Event, by: User, at: datetime) -> RuleRun | None:
    """Let the rules of this moment look at the event's ticket, in their order. Of one event heard twice, the second
    finds it heard. None where there was nothing to look at: a merged ticket, a machine's letter, no rule."""
    require(by, "response.view")
    when = WHEN.get(event.kind)
    if when is None or event.ticket_id is None or RuleRun.objects.filter(event=event.pk).exists():
        return None
    if when in _SPOKEN and not _is_a_persons(event):
        return None
    ticket = held(Ticket(pk=event.ticket_id))
    rules = list(Rule.objects.looking(when, ticket.department_id))
    if not rules or ticket.merged_into_id is not None:
        return None
    try:
        with transaction.atomic():
            chain, depth = chain_of(event)
            run = RuleRun.objects.create(
                ticket=ticket, event=event.pk, when=when, chain=chain, depth=depth, at=at
            )
    except IntegrityError:
        return None  # another worker has it
    return let_look(rules=rules, ticket=ticket, run=run, happening=happening_of(event), by=by, at=at)


def _is_a_persons(event: Event) -> bool:
    return Message.objects.filter(pk=event.data["message"], is_automatic=False).exists()


def chain_of(event: Event) -> tuple[list[int], int]:
    """The rules whose acts led to this event, the first first, and through how many runs: each act bears the moment and
    the hand of its rule. What rules of the same run did before it led to it as well."""
    if event.by.role != Role.SYSTEM:
        return [], 0
    firing = (
        RuleFiring.objects.filter(rule__acts_as=event.by_id, ticket=event.ticket_id, at=event.at)
        .select_related("run")
        .order_by("-pk")
        .first()
    )
    if firing is None:
        return [], 0
    acted = firing.run.firings.filter(outcome=Outcome.DONE, pk__lte=firing.pk).order_by("pk")
    return [*firing.run.chain, *acted.values_list("rule", flat=True)], firing.run.depth + 1


def happening_of(event: Event) -> Happening:
    """What the event says of the change, and of who made it."""
    data = event.data if event.kind.startswith("ticket.") else {}
    before, to = (one if isinstance(one, str) else "" for one in (data.get("from"), data.get("to")))
    return Happening(done_by=_hand(event.by), changed_from=before, changed_to=to)


def _hand(by: User) -> str:
    if by.role == Role.CUSTOMER:
        return "customer"
    return "machine" if by.is_machine else "colleague"
