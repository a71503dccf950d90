"""Colleagues: added, changed, switched off and on again."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.staff.accounts.services.passwords import invite
from apps.staff.models import Availability
from apps.staff.queries.people import STAFF, WORKERS
from apps.staff.services.dealing import assign
from helpdesk import events
from helpdesk.errors import DomainError, Invalid, NotAllowed
from helpdesk.locales import zones
from helpdesk.models import Department, Role, Ticket, User
from helpdesk.permissions import may, require
from helpdesk.rows import held

VERB = "staff.accounts"
MAX_NAME = 120
# What they see of the queue is their department's, so that without one they would see nothing.
OF_A_DEPARTMENT = (Role.AGENT, Role.LEAD, Role.OWNER)


class LastAdministrator(DomainError):
    """Somebody must be able to let others in: make another administrator first."""

    code = "last-administrator"


@transaction.atomic
def add_colleague(
    *, name: str, email: str, role: str, department: Department | None, language: str = "", time_zone: str = "UTC",
    by: User, at: datetime,
) -> User:  # fmt: skip
    """Give somebody an account, and write to them how they sign in. Raises Invalid with the field at fault, NotAllowed
    for a program that makes an administrator."""
    _require(by, role)
    given = _checked(None, name, email, role, department, language, time_zone)
    user = User.objects.create_user(**given)
    if role in WORKERS:
        Availability.objects.create(user=user)  # else no ticket would be dealt to them
    data = {"role": role, "department": department.pk if department else None}
    events.record("colleague.added", about=f"user:{user.pk}", by=by, at=at, data=data)
    invite(user=user, by=by, at=at)
    return user


@transaction.atomic
def change_colleague(
    *, user: User, name: str, email: str, role: str, department: Department | None, language: str = "",
    time_zone: str = "UTC", by: User, at: datetime,
) -> User:  # fmt: skip
    """Say anew who they are and what they do. Open tickets of a department that is not theirs, and those of
    whoever answers none any more, go to others.

    Raises Invalid with the field at fault, NotAllowed, LastAdministrator.
    """
    _require(by, role, user.role)
    _take_turns()
    given = _checked(user, name, email, role, department, language, time_zone)
    user = held(user)
    if user.role == Role.ADMIN and role != Role.ADMIN:
        _another_administrator(user)
    before = {field: getattr(user, field) for field in given}
    for field, value in given.items():
        setattr(user, field, value)
    user.save(update_fields=list(given))
    if role in WORKERS:
        Availability.objects.get_or_create(user=user)
    else:
        Availability.objects.filter(user=user).delete()
    changed = {
        field: [_plain(before[field]), _plain(given[field])]
        for field in given
        if before[field] != given[field]
    }
    if changed:
        events.record("colleague.changed", about=f"user:{user.pk}", by=by, at=at, data=changed)
    if {"role", "department"} & changed.keys() and role != Role.ADMIN:
        mine = Ticket.objects.open().filter(assignee=user)
        gone = mine.exclude(department=department) if role in WORKERS else mine
        _give_to_others(list(gone.values_list("pk", flat=True)), user, by=by, at=at)
    return user


@transaction.atomic
def switch_colleague(*, user: User, on: bool, by: User, at: datetime) -> User:
    """Whoever has left signs in no more, and their open tickets go to others; or they are back.

    Raises NotAllowed for oneself, LastAdministrator.
    """
    _require(by, user.role)
    if user.pk == by.pk:
        raise NotAllowed(_("Nobody switches themselves off: ask another administrator."))
    _take_turns()
    user = held(user)
    if user.is_active == on:
        return user
    if not on and user.role == Role.ADMIN:
        _another_administrator(user)
    user.is_active = on
    user.save(update_fields=["is_active"])
    data = {"is_active": [not on, on]}
    events.record("colleague.changed", about=f"user:{user.pk}", by=by, at=at, data=data)
    if not on:
        numbers = Ticket.objects.open().filter(assignee=user).order_by("pk").values_list("pk", flat=True)
        _give_to_others(list(numbers), user, by=by, at=at)
    return user


def _require(by: User, *roles: str) -> None:
    require(by, VERB)
    if Role.ADMIN in roles and not may(by, "helpdesk.configure"):
        raise NotAllowed(_("A person decides who is an administrator, and no program."))


def _checked(
    user: User | None, name: str, email: str, role: str, department: Department | None, language: str, time_zone: str
) -> dict[str, Any]:  # fmt: skip
    name, email = " ".join(name.replace("\0", "").split()), email.strip().lower()
    if not 0 < len(name) <= MAX_NAME:
        raise Invalid(_("A name of up to %(most)s letters.") % {"most": MAX_NAME}, pointer="name")
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(error.messages[0], pointer="email") from error
    if User.objects.filter(email=email).exclude(pk=user.pk if user else 0).exists():
        raise Invalid(_("Somebody has an account with this address already."), pointer="email")
    if role not in STAFF:
        raise Invalid(_("Choose one of: %(values)s.") % {"values": ", ".join(STAFF)}, pointer="role")
    if department is None and role in OF_A_DEPARTMENT:
        raise Invalid(_("Choose their department: they see its tickets."), pointer="department")
    if language and language not in dict(settings.LANGUAGES):
        known = ", ".join(dict(settings.LANGUAGES))
        raise Invalid(_("Choose one of: %(known)s.") % {"known": known}, pointer="language")
    if time_zone not in zones():
        raise Invalid(_("Choose a time zone like Europe/Berlin."), pointer="time_zone")
    return {
        "name": name, "email": email, "role": role, "department": department, "language": language,
        "time_zone": time_zone,
    }  # fmt: skip


def _plain(value: object) -> object:
    return value.pk if isinstance(value, Department) else value


def _take_turns() -> None:
    """Two administrators who switch each other off must not both win."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts of colleagues'))")


def _another_administrator(user: User) -> None:
    if not User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=user.pk).exists():
        raise LastAdministrator


def _give_to_others(numbers: list[int], user: User, *, by: User, at: datetime) -> None:
    """Each as its department deals tickets; where nobody is free it stands there for whoever takes it."""
    for number in sorted(numbers):
        ticket = held(Ticket(pk=number))
        if ticket.assignee_id == user.pk:
            ticket.assign(None, by=by, at=at)
            assign(ticket=ticket, by=User.objects.system(), at=at)
