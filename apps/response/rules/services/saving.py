"""Rules are written, put in order, switched on and off, copied, taken away and taken back to what they were."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.response.acting import Act, check_there, look_up, read_acts
from apps.response.acting import written as written_act
from apps.response.acting.nouns import MACRO, ME
from apps.response.macros.services import check_for_rules
from apps.response.queries.finding import unknown_names
from apps.response.query import All, Query, Term
from apps.response.query.tree import walk
from apps.response.rules.conditions import Group, Line, lines_of, node_of, read_conditions, written
from apps.response.rules.models import MAX_NAME, Rule, RuleEntry, RuleHealth
from apps.response.rules.moments import MOMENTS, TIMED
from helpdesk import events
from helpdesk.errors import DomainError, Invalid, NotAllowed, NotFound
from helpdesk.models import Department, Role, User
from helpdesk.permissions import require
from helpdesk.rows import held

VERB = "response.rule"
SHORTEST, LONGEST = 5, 24 * 60  # minutes between two looks by the clock
MOST_RULES = 100


class TooManyRules(DomainError):
    """There are a hundred rules in use: switch one off first."""

    code = "too-many-rules"


@dataclass(frozen=True)
class RuleGiven:
    """A rule as somebody wrote it: conditions and acts as data."""

    name: str
    when: str
    conditions: Any
    acts: Any
    department: Department | None = None
    every_minutes: int | None = None
    stops: bool = False


@dataclass(frozen=True)
class Checked:
    """What was given, read."""

    group: Group
    acts: tuple[Act, ...]
    every_minutes: int | None


def check_rule(*, given: RuleGiven, at: datetime) -> Checked:
    """Read conditions and acts, and see that what they name is there. Raises Invalid with the place of the fault."""
    if given.when not in MOMENTS:
        raise Invalid(_("One of: %(values)s.") % {"values": ", ".join(MOMENTS)}, pointer="when")
    every = _minutes(given)
    group = read_conditions(given.conditions, at=at, when=given.when)
    if given.when == TIMED and all(line.asks_event for line in lines_of(group)):
        raise Invalid(_("By the clock every ticket would fit: add a condition."), pointer="conditions")
    _check_names(group, "conditions", _unknown(group, at))
    acts = read_acts(given.acts, ruled=True)
    check_acts(acts, given.department)
    return Checked(group, acts, every)


def _minutes(given: RuleGiven) -> int | None:
    if given.when != TIMED:
        return None
    if given.every_minutes is None or not SHORTEST <= given.every_minutes <= LONGEST:
        said = _("Every %(shortest)s to %(longest)s minutes.")
        raise Invalid(said % {"shortest": SHORTEST, "longest": LONGEST}, pointer="every_minutes")
    return given.every_minutes


def _unknown(group: Group, at: datetime) -> dict[Line, str]:
    nodes = {line: node_of(line, at=at) for line in lines_of(group) if not line.asks_event}
    unknown = unknown_names(Query("", All(tuple(nodes.values()))))
    return {
        line: f"{reason[:1].upper()}{reason[1:]}: {part.value}."
        for line, node in nodes.items()
        for part in walk(node)
        if isinstance(part, Term) and (reason := unknown.get(part, ""))
    }


def wrong_names(*, group: Group, at: datetime) -> dict[Line, str]:
    """Lines that name nobody and nothing there is, with the reason: for a form that shows all of them at once."""
    return _unknown(group, at)


def _check_names(group: Group, there: str, unknown: dict[Line, str]) -> None:
    for place, part in enumerate(group.parts):
        if isinstance(part, Group):
            _check_names(part, f"{there}/lines/{place}", unknown)
        elif part in unknown:
            raise Invalid(unknown[part], pointer=f"{there}/lines/{place}")


def check_acts(acts: tuple[Act, ...], department: Department | None) -> None:
    """What they name is there; nobody is "me"; a macro is one that the rule may use wherever it reaches."""
    known = look_up(acts)
    for place, act in enumerate(acts):
        if act.value == ME:
            raise Invalid(_("A rule is nobody: name a person."), pointer=f"acts/{place}/value")
        try:
            check_there(act, known)
            if act.name == "macro":
                check_for_rules(macro=known.of(MACRO, act.value), department=department)
        except Invalid as error:
            raise Invalid(error.detail, pointer=f"acts/{place}/value") from error


# --- written ---------------------------------------------------------------------------------------------


@transaction.atomic
def save_rule(*, given: RuleGiven, rule: Rule | None = None, by: User, at: datetime) -> Rule:
    """Write a rule, or change one; a new one is a draft, and the last. Raises Invalid, NotAllowed, NotFound."""
    _require_care(by, given.department)
    if rule is not None:
        _require_care(by, rule.department)
    checked = check_rule(given=given, at=at)
    name = _name(given.name, rule)
    row = held(rule) if rule else Rule(position=_end(), made_by=by)
    if rule is None:
        row.acts_as = User.objects.create_user(
            email=f"rule-{uuid4().hex}@helpdesk.invalid", name=_hand_name(name), role=Role.SYSTEM
        )
    row.name, row.department, row.when, row.stops = name, given.department, given.when, given.stops
    row.every_minutes, row.conditions = checked.every_minutes, written(checked.group)
    row.acts = [written_act(act) for act in checked.acts]
    _keep(row, by, at)
    User.objects.filter(pk=row.acts_as_id).update(name=_hand_name(name), department=given.department)
    # What fitted the rule as it was says nothing of what it is now.
    RuleEntry.objects.filter(rule=row).delete()
    return row


@transaction.atomic
def rename_in_rule(
    *, rule: Rule, conditions: Group, acts: list[dict[str, Any]], by: User, at: datetime
) -> Rule:
    """It says the same in another word: what it has dealt with stays dealt with. Raises NotAllowed, NotFound."""
    _require_care(by, rule.department)
    row = held(rule)
    row.conditions, row.acts = written(conditions), acts
    _keep(row, by, at)
    return row


def _hand_name(name: str) -> str:
    return _("Rule: %(name)s") % {"name": name}


def _name(given: str, rule: Rule | None) -> str:
    name = " ".join(given.replace("\0", "").split())
    if not 0 < len(name) <= MAX_NAME:
        raise Invalid(_("A name of up to %(most)s letters.") % {"most": MAX_NAME}, pointer="name")
    if Rule.objects.filter(name=name).exclude(pk=rule.pk if rule else 0).exists():
        raise Invalid(_("There is a rule of this name already."), pointer="name")
    return name


def _require_care(by: User, department: Department | None) -> None:
    """Administrators, and programs of the whole desk, write any rule; leads those of their department."""
    require(by, VERB)
    if by.role in (Role.ADMIN, Role.SYSTEM) or (by.role == Role.API_CLIENT and by.department_id is None):
        return
    if department is None or department.pk != by.department_id:
        raise NotAllowed(_("You write rules of your own department. An administrator writes the others."))


def may_change(*, rule: Rule, by: User) -> bool:
    """Whether this person may change it."""
    try:
        _require_care(by, rule.department)
    except NotAllowed:
        return False
    return True


def _keep(row: Rule, by: User, at: datetime) -> None:
    row.changed_by, row.changed_at = by, at
    row.save()
    events.record("rule.saved", about=f"rule:{row.pk}", by=by, at=at, data={"name": row.name})


def _end() -> int:
    _take_turns()
    return (Rule.objects.aggregate(last=Max("position"))["last"] or 0) + 1


def _take_turns() -> None:
    """Whoever changes the order waits for whoever does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('order of rules'))")


@transaction.atomic
def move_rule(*, rule: Rule, up: bool, by: User, at: datetime) -> None:
    """One place up or down among all rules; at the end nothing happens. Raises NotAllowed."""
    _require_care(by, rule.department)
    _take_turns()
    rows = list(Rule.objects.select_for_update(of=("self",), no_key=True))
    here = next((place for place, row in enumerate(rows) if row.pk == rule.pk), None)
    if here is None:
        raise NotFound
    there = here + (-1 if up else 1)
    if 0 <= there < len(rows):
        one, other = rows[here], rows[there]
        one.position, other.position = other.position, one.position
        if one.position == other.position:  # never by our own hand
            one.position += -1 if up else 1
        for row in (one, other):
            row.save(update_fields=["position"])
        events.record("rule.moved", about=f"rule:{rule.pk}", by=by, at=at, data={"to": one.position})


@transaction.atomic
def switch_rule(*, rule: Rule, on: bool, by: User, at: datetime) -> Rule:
    """Let it act from now on, or no longer. Raises NotAllowed, TooManyRules."""
    _require_care(by, rule.department)
    row = held(rule)
    if row.is_active == on:
        return row
    if on and Rule.objects.filter(is_active=True).count() >= MOST_RULES:
        raise TooManyRules
    row.is_active = on
    _keep(row, by, at)
    if on:
        RuleHealth.objects.update_or_create(
            rule=row, defaults={"errors": 0, "why_off": "", "looked_at": None}
        )
        RuleEntry.objects.filter(rule=row).delete()
    return row


@transaction.atomic
def copy_rule(*, rule: Rule, by: User, at: datetime) -> Rule:
    """The same once more, as a draft at the end. Raises NotAllowed."""
    names = set(Rule.objects.values_list("name", flat=True))
    tries = (
        _("%(name)s (copy %(number)s)") % {"name": rule.name[:60], "number": number}
        for number in range(1, 1000)
    )
    name = next(one for one in tries if one not in names)
    return save_rule(given=RuleGiven(**(given_of(rule=rule).__dict__ | {"name": name})), by=by, at=at)


def given_of(*, rule: Any) -> RuleGiven:
    """A rule, or a past version of one, as it would be written anew."""
    return RuleGiven(
        rule.name, rule.when, rule.conditions, rule.acts, rule.department, rule.every_minutes, rule.stops
    )


@transaction.atomic
def remove_rule(*, rule: Rule, by: User, at: datetime) -> None:
    """It is gone, and its statistics with it; what tickets tell of it stays. Raises NotAllowed."""
    _require_care(by, rule.department)
    row = held(rule)
    hand = row.acts_as
    number, name = row.pk, row.name
    row.delete()
    hand.is_active = False
    hand.save(update_fields=["is_active"])
    events.record("rule.removed", about=f"rule:{number}", by=by, at=at, data={"name": name})


@transaction.atomic
def restore_rule(*, rule: Rule, version: int, by: User, at: datetime) -> Rule:
    """Make it what it was in a past version; whether it is in use, and its place, stay. Raises NotFound, Invalid."""
    past = rule.events.filter(pgh_id=version).select_related("department").first()  # type: ignore[attr-defined]
    if past is None:
        raise NotFound
    return save_rule(given=given_of(rule=past), rule=rule, by=by, at=at)
