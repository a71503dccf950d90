"""Rules that name what is called otherwise by now, or is not there any more: they follow, or are switched off."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from apps.response.rules.conditions import Group, Line, lines_of, values_of
from apps.response.rules.models import Rule, RuleHealth
from apps.response.rules.services.saving import rename_in_rule, wrong_names
from helpdesk import events
from helpdesk.each import each
from helpdesk.locales import as_read_by
from helpdesk.models import Issue, User
from helpdesk.permissions import require
from helpdesk.rows import held


def mind_rules(*, by: User, at: datetime) -> int:
    """Rules in use whose conditions name nothing there: an issue that was moved is named where it stands now; else the
    rule is switched off and its author told. It would fit nothing where it says "is", and everything where it says "is
    not". Returns how many; raises the faults once each had its turn. Seven queries where nothing is wrong."""
    require(by, "response.rule")
    rows = list(Rule.objects.filter(is_active=True).order_by("pk"))
    whole = Group("all", tuple(dict.fromkeys(line for row in rows for line in lines_of(row.group))))
    wrong = wrong_names(group=whole, at=at)
    lost = [row.pk for row in rows if not wrong.keys().isdisjoint(lines_of(row.group))]
    return sum(each(lost, lambda number: _mind(number, by=by, at=at)))


@transaction.atomic
def _mind(number: int, *, by: User, at: datetime) -> bool:
    rule = held(Rule(pk=number), "made_by")
    if not rule.is_active:
        return False
    group = followed(rule.group)
    with as_read_by(rule.made_by):
        wrong = list(wrong_names(group=group, at=at).values())
    if wrong:
        _switch_off(rule, wrong[0], by, at)
    elif group != rule.group:
        rename_in_rule(rule=rule, conditions=group, acts=rule.acts, by=by, at=at)
    return True


def followed(group: Group) -> Group:
    """The same with each issue where it stands now."""
    named = {value for line in lines_of(group) if line.field == "issue" for value in values_of(line)}
    known = set(Issue.objects.filter(path__in=named).values_list("path", flat=True))
    places = {path: place for path in named - known - {"none"} if (place := _place_now(path))}
    return _with(group, places) if places else group


def _place_now(path: str) -> str:
    """Where the issue stands that stood here last; empty where none did."""
    stood = Issue.objects.filter(events__path=path).order_by("-events__pgh_id")
    return stood.values_list("path", flat=True).first() or ""


def _with(group: Group, places: dict[str, str]) -> Group:
    parts = (_with(part, places) if isinstance(part, Group) else _line(part, places) for part in group.parts)
    return replace(group, parts=tuple(parts))


def _line(line: Line, places: dict[str, str]) -> Line:
    if line.field != "issue":
        return line
    return replace(line, value=", ".join(dict.fromkeys(places.get(one, one) for one in values_of(line))))


def _switch_off(rule: Rule, why: str, by: User, at: datetime) -> None:
    rule.is_active, rule.changed_by, rule.changed_at = False, by, at
    rule.save(update_fields=["is_active", "changed_by", "changed_at"])
    RuleHealth.objects.update_or_create(rule=rule, defaults={"why_off": why[:300]})
    data = {"rule": rule.pk, "name": rule.name, "user": rule.made_by_id, "why": why[:300], "is_lost": True}
    events.record("rule.switched_off", about=f"rule:{rule.pk}", by=by, at=at, data=data)
