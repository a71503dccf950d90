"""What is written about a customer."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.intake.services.contact import clean_phone
from apps.output.customers.models import CustomerNote
from apps.output.customers.queries import version_of
from helpdesk.errors import DomainError, Invalid
from helpdesk.locales import zones
from helpdesk.models import Customer, CustomerAddress, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number

EDIT = "output.edit_customers"
# What may be written by hand; an address is another matter, for mail finds its customer by it.
FIELDS = (
    "name", "phone", "organisation", "segment", "region", "language", "time_zone", "value", "joined_on", "left_on",
    "external_id",
)  # fmt: skip
MAX_NOTE = 5_000


class ChangedMeanwhile(DomainError):
    """A colleague has changed this customer meanwhile. Look at what is there now, and save again."""

    code = "changed-meanwhile"
    status = 409


class IsErased(DomainError):
    """This customer was erased on request: nothing can be written about them any more."""

    code = "customer-erased"


class ExternalIdInUse(DomainError):
    """Another customer has this external id."""

    code = "external-id-taken"


class AlreadyKnown(DomainError):
    """There is a customer with this address already."""

    code = "customer-known"


@transaction.atomic
def add_customer(*, values: Mapping[str, Any], by: User, at: datetime) -> Customer:
    """Make somebody known before they write: `FIELDS` and `email`. Raises AlreadyKnown, ExternalIdInUse, Invalid."""
    require(by, EDIT)
    values = dict(values)
    email = (values.pop("email", None) or "").strip().lower() or None
    if not (email or values.get("name") or values.get("phone")):
        raise Invalid(_("Give an e-mail address, a phone number or a name."), pointer="email")
    values = _checked(values)
    _refuse_taken(values)
    if email and CustomerAddress.objects.filter(email=email).exists():
        raise AlreadyKnown(pointer="email")
    try:
        with transaction.atomic():  # of two who make the same at once, the constraint refuses the second
            row = Customer.objects.create(email=email, **values, created_at=at)
    except IntegrityError as error:
        raise AlreadyKnown(pointer="email") from error
    row.record("customer.added", by=by, at=at)
    return row


@transaction.atomic
def change_customer(
    *, customer: Customer, values: Mapping[str, Any], by: User, at: datetime, version: int | None = None
) -> Customer:
    """Write some of `FIELDS` anew; what was there before is kept in the history. `version` is the one the caller has
    seen (`version_of`). Raises ChangedMeanwhile, ExternalIdInUse, Invalid, IsErased, NotAllowed."""
    require(by, EDIT, customer)
    row = locked(customer=customer)
    if version is not None and version != version_of(row):
        raise ChangedMeanwhile
    values = _checked(values)
    _refuse_taken(values, but=row)
    row.change(values, by=by, at=at)
    return row


@transaction.atomic
def note_customer(*, customer: Customer, body: str, by: User, at: datetime) -> CustomerNote:
    """Write a note that every colleague who may know this customer sees. Raises Invalid, IsErased, NotAllowed."""
    require(by, EDIT, customer)
    if not body.strip():
        raise Invalid(_("Say what colleagues should know."), pointer="body")
    if len(body) > MAX_NOTE:
        raise Invalid(
            _("At most %(max_note)s characters.") % {"max_note": Number(MAX_NOTE, grouped=True)},
            pointer="body",
        )
    return CustomerNote.add(customer=locked(customer=customer), body=body.strip(), by=by, at=at)


def locked(*, customer: Customer) -> Customer:
    """The row as it stands, held until the transaction ends. Raises NotFound, IsErased."""
    row = held(customer)
    if row.anonymised_at is not None:
        raise IsErased
    return row


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept: empty ids are none, numbers are digits."""
    if unknown := set(values) - set(FIELDS):
        raise Invalid(_("This can't be written here."), pointer=min(unknown))
    value: Decimal | None = values.get("value")
    if value is not None and abs(value) >= Decimal(10) ** 10:
        raise Invalid(_("At most ten digits before the point."), pointer="value")
    joined: date | None = values.get("joined_on")
    left: date | None = values.get("left_on")
    if joined and left and left < joined:
        raise Invalid(_("They can't have left before they joined."), pointer="left_on")
    kept = dict(values)
    if kept.get("time_zone") and kept["time_zone"] not in zones():
        raise Invalid(_("Name a time zone such as Europe/Berlin."), pointer="time_zone")
    if "phone" in kept:
        kept["phone"] = clean_phone(kept["phone"])
    if "external_id" in kept:
        kept["external_id"] = kept["external_id"] or None
    return kept


def _refuse_taken(values: Mapping[str, Any], but: Customer | None = None) -> None:
    if name := values.get("external_id"):
        others = Customer.objects.exclude(pk=but.pk) if but else Customer.objects.all()
        if others.filter(external_id=name).exists():
            raise ExternalIdInUse(pointer="external_id")
