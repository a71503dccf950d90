"""A rule acts on one ticket, or does not, and why: for events and by the clock alike."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DataError, IntegrityError, transaction

from apps.response.acting import Act, look_up, name_of, perform, read_acts
from apps.response.rules.judging import Verdict, judge
from apps.response.rules.models import MOST_ERRORS, Outcome, Rule, RuleFiring, RuleHealth, RuleRun
from apps.response.rules.moments import Happening
from apps.response.rules.traces import Look, Told, written
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Ticket, User
from helpdesk.sentences import Words, said

logger = logging.getLogger(__name__)

DEEPEST = 10  # links of a chain of rules that hear each other
CAP, CAP_WINDOW = 10, timedelta(hours=1)  # acts of one rule on one ticket
# What a rule that is wrong in itself may bring about: it is counted against it and told, and the others go on.
FAULTS = (
    Invalid, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, IntegrityError, DataError,
)  # fmt: skip


@dataclass(frozen=True)
class Fired:
    outcome: str
    why: Words = ""
    acts: tuple[Told, ...] = ()

    @property
    def changed(self) -> bool:
        return any(act.changed for act in self.acts)


def let_look(
    *,
    rules: Sequence[Rule],
    ticket: Ticket,
    run: RuleRun,
    happening: Happening | None,
    by: User,
    at: datetime,
) -> RuleRun:
    """Each of these rules looks at the ticket in its order and acts where it fits; the run keeps what each saw.

    After a change those that follow look at the ticket as it is then. Within the caller's transaction, with the ticket
    locked. Three queries, and for each rule that changed something two more and those of its acts.
    """
    looks: list[Look] = []
    left = list(rules)
    while left:
        left = _in_reach(left, ticket, looks)
        judged = judge([rule.group for rule in left], [ticket.pk], as_=by, at=at)
        for place, rule in enumerate(left, 1):
            verdict = judged.verdict(rule.group, ticket.pk, happening)
            fired = _fire(rule, ticket, run, by, at) if verdict.fits else Fired(Outcome.PASSED)
            looks.append(_look(rule, verdict, fired))
            if rule.stops and fired.outcome == Outcome.DONE:
                looks += [Look(other.pk, other.name, Outcome.STOPPED) for other in left[place:]]
                left = []
                break
            if fired.changed:
                left = left[place:]
                ticket.refresh_from_db()
                break
        else:
            left = []
    run.looks, run.fitted = written(looks), any(one.outcome not in _IDLE for one in looks)
    run.save(update_fields=["looks", "fitted"])
    return run


_IDLE = (Outcome.PASSED, Outcome.STOPPED)


def _in_reach(rules: Sequence[Rule], ticket: Ticket, looks: list[Look]) -> list[Rule]:
    """A rule before them may have moved it to another department."""
    gone = [rule for rule in rules if not rule.reaches(ticket)]
    looks += [
        Look(rule.pk, rule.name, Outcome.PASSED, why=said("The ticket is another department’s."))
        for rule in gone
    ]
    return [rule for rule in rules if rule not in gone]


def _look(rule: Rule, verdict: Verdict, fired: Fired) -> Look:
    return Look(
        rule.pk, rule.name, fired.outcome, rule.group.join, fired.why, verdict.seen, fired.acts
    )  # fmt: skip


def _fire(rule: Rule, ticket: Ticket, run: RuleRun, by: User, at: datetime) -> Fired:
    fired = _held_back(rule, ticket, run, at) or _act(rule, ticket, at)
    RuleFiring.objects.create(run=run, rule=rule, ticket=ticket, outcome=fired.outcome, at=at)
    _mind_health(rule, fired, by, at)
    return fired


def _held_back(rule: Rule, ticket: Ticket, run: RuleRun, at: datetime) -> Fired | None:
    if rule.pk in run.chain:
        names = dict(Rule.objects.filter(pk__in=run.chain).values_list("pk", "name"))
        chain = " → ".join(names.get(one, "?") for one in [*run.chain, rule.pk])
        return Fired(Outcome.LOOPED, said("It has acted in this chain already: %(chain)s.", chain=chain))
    if run.depth >= DEEPEST:
        return Fired(Outcome.LOOPED, said("The chain of rules ends here, after %(many)s.", many=DEEPEST))
    often = RuleFiring.objects.filter(ticket=ticket, rule=rule, at__gt=at - CAP_WINDOW, outcome=Outcome.DONE)
    if often.count() >= CAP:
        return Fired(
            Outcome.CAPPED, said("It has acted on this ticket %(many)s times within the hour.", many=CAP)
        )
    return None


def _act(rule: Rule, ticket: Ticket, at: datetime) -> Fired:
    """All its acts or none."""
    try:
        with transaction.atomic():
            acts = read_acts(rule.acts, ruled=True)
            known = look_up(acts)
            done = perform(ticket=ticket, acts=acts, by=rule.acts_as, at=at, known=known)
            named = {act: name_of(act, known) for act in acts}
    except FAULTS as fault:
        logger.warning("rule %s on ticket %s: %r", rule.pk, ticket.pk, fault)
        return Fired(Outcome.ERROR, str(fault) or type(fault).__name__)
    except DomainError as refusal:
        return Fired(Outcome.REFUSED, refusal.words)
    told = (Told(one.act.name, named[one.act], one.changed or _says(one.act)) for one in done)
    return Fired(Outcome.DONE, acts=tuple(told))


def _says(act: Act) -> bool:
    """What is said changes no fact that could be compared."""
    return act.name in ("note", "notify", "tell", "tell_department", "tell_assignee")


def _mind_health(rule: Rule, fired: Fired, by: User, at: datetime) -> None:
    """Ten failures in a row, and it is switched off and its author told."""
    if fired.outcome not in (Outcome.ERROR, Outcome.DONE):
        return
    health, _new = RuleHealth.objects.get_or_create(rule=rule)
    if fired.outcome == Outcome.DONE:
        if health.errors:
            RuleHealth.objects.filter(pk=health.pk).update(errors=0)
        return
    health = RuleHealth.objects.select_for_update(no_key=True).get(pk=health.pk)
    health.errors += 1
    if health.errors >= MOST_ERRORS and rule.is_active:
        rule.is_active, rule.changed_by, rule.changed_at = False, by, at
        rule.save(update_fields=["is_active", "changed_by", "changed_at"])
        health.why_off = str(fired.why)[:300]
        data = {"rule": rule.pk, "name": rule.name, "user": rule.made_by_id, "why": health.why_off}
        events.record("rule.switched_off", about=f"rule:{rule.pk}", by=by, at=at, data=data)
    health.save(update_fields=["errors", "why_off"])
