"""Definitions of fields: saved, retired, and taken up again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from helpdesk import events
from helpdesk.custom_fields import Kind, Needed, texts
from helpdesk.errors import Invalid
from helpdesk.models import CustomField, Department, Issue, Ticket, User
from helpdesk.permissions import require
from helpdesk.signing import signed

VERB = "intake.fields"
MOST_FIELDS, MOST_CHOICES, MAX_CHOICE = 200, 200, 80
OF_CHOICES = (Kind.CHOICE, Kind.CHOICES)


@transaction.atomic
@signed
def save_field(
    *,
    key: str,
    label: str,
    kind: str,
    hint: str = "",
    choices: Sequence[str] = (),
    departments: Sequence[str] = (),
    issues: Sequence[str] = (),
    when_key: str = "",
    when_values: Sequence[str] = (),
    needed: str = Needed.NEVER,
    is_public: bool = False,
    position: int = 100,
    field: CustomField | None = None,
    by: User,
    at: datetime,
) -> CustomField:
    """Define a field, or change one. Its key stays for ever, and its kind once a ticket holds a value.

    Raises Invalid for a key that is taken, a kind that can't be changed, choices missing, a department, issue or
    condition there is none of.
    """
    require(by, VERB)
    row = field or _new(key)
    if row.pk and (key != row.key or (kind != row.kind and _is_used(row.key))):
        pointer = "key" if key != row.key else "kind"
        raise Invalid(_("Tickets hold values of it already: retire it and define another."), pointer=pointer)
    row.label, row.kind, row.hint = _said(label, "label"), Kind(kind), hint.strip()[:200]
    row.choices = _choices(choices) if kind in OF_CHOICES else []
    row.departments = _known(departments, Department, "slug", "departments")
    row.issues = _known(issues, Issue, "code", "issues")
    row.when_key, row.when_values = _condition(row.key, when_key, when_values)
    row.needed, row.is_public, row.position = Needed(needed), is_public, position
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Invalid(_("There is a field with this key already."), pointer="key") from error
    events.record("field.saved", about=f"field:{row.key}", by=by, at=at, data={"label": row.label})
    return row


@transaction.atomic
@signed
def retire_field(*, field: CustomField, by: User, at: datetime) -> None:
    """Ask for it no more; its values stay, and is still found. Raises Invalid while another depends on it."""
    require(by, VERB)
    dependent = CustomField.objects.filter(when_key=field.key, retired_at=None).first()
    if dependent is not None:
        raise Invalid(_("“%(label)s” is asked only beside it. Change that one first.") % {"label": dependent})
    field.retire(at=at)
    events.record("field.retired", about=f"field:{field.key}", by=by, at=at, data={"label": field.label})


@transaction.atomic
@signed
def take_up_field(*, field: CustomField, by: User, at: datetime) -> None:
    """Ask for a retired field again."""
    require(by, VERB)
    field.retire(at=None)
    events.record("field.saved", about=f"field:{field.key}", by=by, at=at, data={"label": field.label})


def _new(key: str) -> CustomField:
    if CustomField.objects.count() >= MOST_FIELDS:
        raise Invalid(_("There are %(most)s fields already.") % {"most": MOST_FIELDS})
    return CustomField(key=_said(key, "key"))


def _is_used(key: str) -> bool:
    return bool(Ticket.objects.filter(custom__has_key=key).exists())


def _said(text: str, pointer: str) -> str:
    if not text.strip():
        raise Invalid(_("Write something here."), pointer=pointer)
    return text.strip()


def _choices(given: Sequence[str]) -> list[str]:
    tidy = list(dict.fromkeys(one.strip() for one in given if one.strip()))
    if not tidy:
        raise Invalid(_("Name what can be chosen, one on a line."), pointer="choices")
    if len(tidy) > MOST_CHOICES or any(len(one) > MAX_CHOICE for one in tidy):
        raise Invalid(
            _("At most %(most)s choices of %(long)s characters.")
            % {"most": MOST_CHOICES, "long": MAX_CHOICE},
            pointer="choices",
        )
    return tidy


def _known(names: Sequence[str], model: type[Department | Issue], column: str, pointer: str) -> list[str]:
    wanted = list(dict.fromkeys(names))
    found = set(model.objects.filter(**{f"{column}__in": wanted}).values_list(column, flat=True))
    if strange := [name for name in wanted if name not in found]:
        raise Invalid(_("There is nothing named %(name)s.") % {"name": strange[0]}, pointer=pointer)
    return wanted


def _condition(key: str, when_key: str, when_values: Sequence[str]) -> tuple[str, list[str]]:
    """On which other field it depends. A chain of conditions ends somewhere: never where it began."""
    if not when_key:
        return "", []
    others = {row.key: row for row in CustomField.objects.all()}
    other = others.get(when_key)
    if other is None or when_key == key:
        raise Invalid(_("There is no other field with this key."), pointer="when_key")
    above = when_key
    while above:
        if above == key:
            raise Invalid(_("That field is asked only beside this one."), pointer="when_key")
        above = others[above].when_key if above in others else ""
    values = list(dict.fromkeys(one.strip() for one in when_values if one.strip()))
    possible = other.choices or (["yes", "no"] if other.kind == Kind.YES_NO else [])
    if possible and (strange := [one for one in values if one not in possible]):
        raise Invalid(
            _("“%(other)s” is never %(value)s; it is one of %(all)s.")
            % {"other": other, "value": texts(strange)[0], "all": ", ".join(possible)},
            pointer="when_values",
        )
    return when_key, values
