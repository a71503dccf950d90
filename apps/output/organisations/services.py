"""What is done about organisations, their members, domains and managers."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.intake.queries import own_addresses
from apps.output.customers.free_mail import FREE_MAIL
from apps.output.customers.services import EDIT
from apps.output.customers.services.change import locked as locked_customer
from apps.output.merges import CannotUndo
from apps.output.organisations.models import OrganisationMerge, OrganisationNote
from helpdesk.errors import DomainError, Invalid, NotFound
from helpdesk.models import Customer, CustomerChange, Organisation, OrganisationDomain, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number

MANAGE = "output.organisations"
FIELDS = ("name", "segment", "value", "managers_may")
MAX_NOTE = 5_000
MOST_DOMAINS = 50
# A name with at least two parts, of letters, digits and hyphens; other alphabets come in their "xn--" form.
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class NameInUse(DomainError):
    """There is an organisation of this name. If both are one, merge them."""

    code = "organisation-known"


class PublicDomain(DomainError):
    """Anybody can have an address at this domain: it says nothing of who somebody belongs to."""

    code = "public-domain"


class DomainInUse(DomainError):
    """This domain belongs to another organisation. Take it off there first, or merge the two."""

    code = "domain-in-use"


class NoMember(DomainError):
    """Only a member can be a manager. Make this customer a member first."""

    code = "no-member"


class SameOrganisation(DomainError):
    """This is one organisation already."""

    code = "same-organisation"


@transaction.atomic
def add_organisation(*, values: Mapping[str, Any], by: User, at: datetime) -> Organisation:
    """Make an organisation known before anybody of it writes. Raises Invalid, NameInUse, NotAllowed."""
    require(by, MANAGE)
    values = _checked(values)
    if not values.get("name"):
        raise Invalid(_("Give it a name."), pointer="name")
    _refuse_name(values["name"])
    try:
        with transaction.atomic():  # of two who make the same at once, the constraint refuses the second
            row = Organisation.objects.create(**values, created_at=at)
    except IntegrityError as error:
        raise NameInUse(pointer="name") from error
    row.record("organisation.added", by=by, at=at)
    return row


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, values: Mapping[str, Any], by: User, at: datetime
) -> Organisation:
    """Write some of `FIELDS` anew; a new name stands on every member at once. Raises Invalid, NameInUse, NotAllowed."""
    require(by, MANAGE, organisation)
    row, values = _locked(organisation), _checked(values)
    if "name" in values:
        if not values["name"]:
            raise Invalid(_("Give it a name."), pointer="name")
        _refuse_name(values["name"], but=row)
    row.change(values, by=by, at=at)
    return row


@transaction.atomic
def note_organisation(*, organisation: Organisation, body: str, by: User, at: datetime) -> OrganisationNote:
    """Write a note that every colleague who may know this organisation sees. Raises Invalid, NotAllowed."""
    require(by, EDIT, organisation)
    if not body.strip():
        raise Invalid(_("Say what colleagues should know."), pointer="body")
    if len(body) > MAX_NOTE:
        raise Invalid(
            _("At most %(max_note)s characters.") % {"max_note": Number(MAX_NOTE, grouped=True)},
            pointer="body",
        )
    return OrganisationNote.add(organisation=_locked(organisation), body=body.strip(), by=by, at=at)


@transaction.atomic
def claim_domain(*, organisation: Organisation, domain: str, by: User, at: datetime) -> OrganisationDomain:
    """Whoever writes from this domain is a member from now on, and so is everybody who did and belongs to none.

    Raises DomainInUse, Invalid, NotAllowed, PublicDomain.
    """
    require(by, MANAGE, organisation)
    row, domain = _locked(organisation), _domain(domain)
    if row.domains.count() >= MOST_DOMAINS:
        raise Invalid(
            _("At most %(most_domains)s domains.") % {"most_domains": MOST_DOMAINS}, pointer="domain"
        )
    known = OrganisationDomain.objects.filter(domain=domain).first()
    if known is not None:
        if known.organisation_id == row.pk:
            return known
        raise DomainInUse(pointer="domain")
    try:
        with transaction.atomic():
            claimed = OrganisationDomain.objects.create(
                organisation=row, domain=domain, claimed_by=by, claimed_at=at
            )
    except IntegrityError as error:
        raise DomainInUse(pointer="domain") from error
    joined = Customer.objects.filter(member_of=None, merged_into=None, email__endswith=f"@{domain}").update(
        member_of=row
    )
    row.record("organisation.changed", by=by, at=at, fields=["domains"], joined=joined)
    return claimed


@transaction.atomic
def release_domain(*, domain: OrganisationDomain, by: User, at: datetime) -> None:
    """Nobody joins by this domain any more; who is a member stays one. Raises NotAllowed."""
    require(by, MANAGE, domain.organisation)
    row = _locked(domain.organisation)
    if OrganisationDomain.objects.filter(pk=domain.pk).delete()[0]:
        row.record("organisation.changed", by=by, at=at, fields=["domains"])


@transaction.atomic
def join(*, customer: Customer, organisation: Organisation | None, by: User, at: datetime) -> Customer:
    """Make a customer a member, or of none. A manager who goes elsewhere is none any more. Raises IsErased."""
    require(by, EDIT, customer)
    row = locked_customer(customer=customer)
    if organisation is not None:
        organisation = _locked(organisation)
    if row.member_of == organisation:
        return row
    before, after = row.organisation, organisation.name if organisation else ""
    Customer.objects.filter(pk=row.pk).update(member_of=organisation)
    _trace(row, "organisation", before, after, by=by, at=at)
    row.refresh_from_db()
    return row


@transaction.atomic
def appoint(*, customer: Customer, is_manager: bool, by: User, at: datetime) -> Customer:
    """Let a member see the tickets of the other members, as far as the organisation allows it, or no longer.

    Raises NoMember, IsErased, NotAllowed.
    """
    require(by, MANAGE)
    row = locked_customer(customer=customer)
    if row.member_of is None or not row.member_of.is_visible_to(by):
        raise NoMember
    if row.is_manager != is_manager:
        row.is_manager = is_manager
        row.save(update_fields=["is_manager"])
        _trace(row, "manager", "" if is_manager else "yes", "yes" if is_manager else "", by=by, at=at)
    return row


@transaction.atomic
def merge_organisations(
    *, kept: Organisation, gone: Organisation, by: User, at: datetime
) -> OrganisationMerge:
    """Members, domains and notes of `gone` become `kept`'s; its name leads there from now on.

    Raises NotAllowed, NotFound, SameOrganisation.
    """
    require(by, MANAGE, kept)
    require(by, MANAGE, gone)
    if kept.pk == gone.pk:
        raise SameOrganisation
    kept, gone = _both(kept.pk, gone.pk)
    if gone.merged_into_id is not None:
        raise NotFound
    # First the names: members who are carried along stay managers, and keep their past.
    record: dict[str, Any] = {"led": _led(Organisation.objects.filter(merged_into=gone), merged_into=kept)}
    Organisation.objects.filter(pk=gone.pk).update(merged_into=kept)
    record["members"] = _led(Customer.objects.filter(member_of=gone), member_of=kept)
    record["domains"] = _led(OrganisationDomain.objects.filter(organisation=gone), organisation=kept)
    record["notes"] = _led(OrganisationNote.objects.filter(organisation=gone), organisation=kept)
    gaps = {name: getattr(gone, name) for name in ("segment", "value") if getattr(kept, name) in ("", None)}
    record["filled"] = {name: str(gaps[name]) for name in kept.change(gaps, by=by, at=at)}
    merge = OrganisationMerge.objects.create(kept=kept, gone=gone, by=by, at=at, record=record)
    kept.record("organisation.merged", by=by, at=at, gone=gone.pk, merge=merge.pk)
    return merge


@transaction.atomic
def undo_merge(*, merge: OrganisationMerge, by: User, at: datetime) -> OrganisationMerge:
    """They are two after all: members, domains and notes go back, as far as they are still where they were moved to;
    what came since stays. Raises CannotUndo, NotAllowed, NotFound."""
    require(by, MANAGE, merge.kept)
    merge = held(merge)
    if not merge.can_be_undone(at):
        raise CannotUndo
    kept, gone = _both(merge.kept_id, merge.gone_id)
    record = merge.record
    Organisation.objects.filter(pk=gone.pk).update(merged_into=None)
    # For a moment the one leads to the other: so the database carries members back as they came, with their past.
    Organisation.objects.filter(pk=kept.pk).update(merged_into=gone)
    Customer.objects.filter(pk__in=record["members"], member_of=kept).update(member_of=gone)
    Organisation.objects.filter(pk=kept.pk).update(merged_into=None)
    Organisation.objects.filter(pk__in=record["led"], merged_into=kept).update(merged_into=gone)
    OrganisationDomain.objects.filter(pk__in=record["domains"], organisation=kept).update(organisation=gone)
    OrganisationNote.objects.filter(pk__in=record["notes"], organisation=kept).update(organisation=gone)
    empty = {"segment": "", "value": None}
    gaps = {name: empty[name] for name, was in record["filled"].items() if str(getattr(kept, name)) == was}
    kept.change(gaps, by=by, at=at)
    merge.undone_at, merge.undone_by, merge.record = at, by, {}
    merge.save(update_fields=["undone_at", "undone_by", "record"])
    kept.record("organisation.unmerged", by=by, at=at, gone=gone.pk, merge=merge.pk)
    return merge


def _both(kept: int, gone: int) -> tuple[Organisation, Organisation]:
    """Both rows, held until the transaction ends. Raises NotFound for a remaining one that was merged away."""
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[kept, gone])
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) < 2 or found[kept].merged_into_id is not None:
        raise NotFound
    return found[kept], found[gone]


def _led(rows: QuerySet[Any], **to: Organisation) -> list[int]:
    """These rows are another organisation's from now on; returns which."""
    moved = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._base_manager.filter(pk__in=moved).update(**to)
    return moved


def _locked(organisation: Organisation) -> Organisation:
    """The row as it stands, held until the transaction ends. Raises NotFound for one that was merged away."""
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=organisation.pk, merged_into=None).first()
    if row is None:
        raise NotFound
    return row


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - set(FIELDS):
        raise Invalid(_("This can't be written here."), pointer=min(unknown))
    kept = dict(values)
    if "name" in kept:
        kept["name"] = " ".join(kept["name"].split())[:200]
    value: Decimal | None = kept.get("value")
    if value is not None and abs(value) >= Decimal(10) ** 10:
        raise Invalid(_("At most ten digits before the point."), pointer="value")
    if kept.get("managers_may", Organisation.ManagersMay.READ) not in Organisation.ManagersMay.values:
        raise Invalid(_("Say nothing, read or comment."), pointer="managers_may")
    return kept


def _refuse_name(name: str, but: Organisation | None = None) -> None:
    known = Organisation.objects.called(name).first()
    if known is not None and known != but:
        raise NameInUse(pointer="name")


def _domain(text: str) -> str:
    """The domain as addresses have it. Raises Invalid, PublicDomain."""
    domain = text.strip().lower().rpartition("@")[2].rstrip(".")
    try:
        domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        domain = ""
    if not DOMAIN.fullmatch(domain):
        raise Invalid(
            _("Give a domain such as acme.com: what follows the @ in its addresses."), pointer="domain"
        )
    if domain in FREE_MAIL:
        raise PublicDomain(pointer="domain")
    if domain in {address.rpartition("@")[2] for address in own_addresses()}:
        raise Invalid(_("This domain is ours."), pointer="domain")
    return domain


def _trace(row: Customer, field: str, before: str, after: str, *, by: User, at: datetime) -> None:
    CustomerChange.objects.create(customer=row, field=field, before=before, after=after, by=by, at=at)
    row.record("customer.changed", by=by, at=at, fields=[field])
