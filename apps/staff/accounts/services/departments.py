"""Departments: added and changed. They are not removed: tickets, figures and cases name them for ever."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.staff.accounts.services.colleagues import VERB
from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.models import Department, User
from helpdesk.permissions import require
from helpdesk.rows import held

MAX_NAME, MAX_SLUG = 120, 60


@transaction.atomic
def add_department(
    *, name: str, slug: str = "", email: str = "", head: User | None = None, is_default: bool = False, by: User,
    at: datetime,
) -> Department:  # fmt: skip
    """Make a department; its short name, made of its name unless given, stays for ever. Raises Invalid."""
    require(by, VERB)
    _take_turns()
    row = Department(slug=_free_slug(slug or slugify(name), is_given=bool(slug)))
    _fill(row, name, email, head, is_default)
    data = {"slug": row.slug, "name": row.name}
    events.record("department.added", about=f"department:{row.pk}", by=by, at=at, data=data)
    return row


@transaction.atomic
def change_department(
    *, department: Department, name: str, email: str = "", head: User | None = None, is_default: bool = False,
    by: User, at: datetime,
) -> Department:  # fmt: skip
    """Say anew what it is called, where its mail comes in and who heads it. Raises Invalid."""
    require(by, VERB)
    _take_turns()
    row = held(department)
    if row.is_default and not is_default:
        said = _("Tickets that name no department go here: choose another one for them first.")
        raise Invalid(said, pointer="is_default")
    before = _told(row)
    _fill(row, name, email, head, is_default)
    changed = {field: [before[field], value] for field, value in _told(row).items() if before[field] != value}
    if changed:
        events.record("department.changed", about=f"department:{row.pk}", by=by, at=at, data=changed)
    return row


def _told(row: Department) -> dict[str, object]:
    return {"name": row.name, "email": row.email, "head": row.head_id, "is_default": row.is_default}


def _fill(row: Department, name: str, email: str, head: User | None, is_default: bool) -> None:
    row.name, row.email, row.head = " ".join(name.replace("\0", "").split()), email.strip().lower(), head
    others = Department.objects.exclude(pk=row.pk or 0)
    if not 0 < len(row.name) <= MAX_NAME:
        raise Invalid(_("A name of up to %(most)s letters.") % {"most": MAX_NAME}, pointer="name")
    if others.filter(name__iexact=row.name).exists():
        raise Invalid(_("There is a department of this name already."), pointer="name")
    if row.email:
        try:
            validate_email(row.email)
        except ValidationError as error:
            raise Invalid(error.messages[0], pointer="email") from error
        if others.filter(email__iexact=row.email).exists():
            raise Invalid(_("Mail to this address goes to another department."), pointer="email")
    if head is not None and not (head.is_active and head.is_staff_member):
        raise Invalid(_("%(name)s does not work here.") % {"name": head.name}, pointer="head")
    row.is_default = is_default or not others.filter(is_default=True).exists()
    if row.is_default:
        others.filter(is_default=True).update(is_default=False)
    row.save()


def _free_slug(slug: str, *, is_given: bool) -> str:
    slug = slugify(slug)[:MAX_SLUG]
    if is_given and (not slug or Department.objects.filter(slug=slug).exists()):
        raise Invalid(_("This short name is taken, or has no letters."), pointer="slug")
    known, base = set(Department.objects.values_list("slug", flat=True)), slug[: MAX_SLUG - 4] or "department"
    tries = (base if number == 1 else f"{base}-{number}" for number in range(1, 1_000))
    return next(one for one in tries if one not in known)


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('departments'))")
