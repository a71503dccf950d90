"""Everything known of one customer as one file: asked for, made by a worker, fetched, and forgotten after a week."""

import secrets
import tempfile
from datetime import datetime, timedelta

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from apps.output.privacy import archive
from apps.output.privacy.models import KEPT_FOR, CustomerExport
from helpdesk.errors import DomainError, NotFound
from helpdesk.models import Customer, User
from helpdesk.permissions import require

EXPORT = "output.export_customers"
TAKEN_UP_AFTER = timedelta(minutes=15)  # a worker that says nothing for so long is taken for dead


class BeingMade(DomainError):
    """An export of this customer is being made already."""

    code = "export-being-made"


class NotReady(DomainError):
    """This export is not ready, or no longer kept."""

    code = "export-not-ready"


@transaction.atomic
def ask_for_export(*, customer: Customer, with_notes: bool, by: User, at: datetime) -> CustomerExport:
    """Have everything known of a customer put into one archive; colleagues' notes by choice only. Raises BeingMade."""
    require(by, EXPORT, customer)
    try:
        with transaction.atomic():
            row = CustomerExport.objects.create(
                customer=customer, with_notes=with_notes, asked_by=by, asked_at=at,
                total=len(archive.sections(with_notes=with_notes)),
            )  # fmt: skip
    except IntegrityError as error:
        raise BeingMade from error
    customer.record("customer.exported", by=by, at=at, export=row.pk, with_notes=with_notes)
    return row


def make_export(*, at: datetime) -> CustomerExport | None:
    """Make the oldest export that waits, outside a transaction. Killed, it is begun anew after a while."""
    row = _claimed(at=at)
    if row is None:
        return None

    def progress(done: int) -> None:
        CustomerExport.objects.filter(pk=row.pk).update(done=done)

    with tempfile.TemporaryFile() as file:
        archive.write(file, row.customer, with_notes=row.with_notes, progress=progress)
        size = file.tell()
        file.seek(0)
        place = default_storage.save(f"exports/{secrets.token_urlsafe(24)}.zip", File(file))
    CustomerExport.objects.filter(pk=row.pk).update(
        state=CustomerExport.State.READY, place=place, size=size, ready_at=at
    )
    row.refresh_from_db()
    return row


@transaction.atomic
def _claimed(*, at: datetime) -> CustomerExport | None:
    waiting = CustomerExport.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(
        state=CustomerExport.State.WAITING
    )
    row = waiting.exclude(claimed_at__gt=at - TAKEN_UP_AFTER).order_by("pk").first()
    if row is not None:
        row.claimed_at = at
        row.save(update_fields=["claimed_at"])
    return row


@transaction.atomic
def fetch_export(*, export: CustomerExport, by: User, at: datetime) -> CustomerExport:
    """The archive, for whoever may; that it was fetched is written down. Raises NotFound, NotReady."""
    require(by, EXPORT, export.customer)
    row = CustomerExport.objects.select_for_update(of=("self",), no_key=True).filter(pk=export.pk).first()
    if row is None:
        raise NotFound
    if row.state != CustomerExport.State.READY or at > (row.kept_until or at):
        raise NotReady
    row.customer.record("customer.export_fetched", by=by, at=at, export=row.pk)
    return row


def forget_exports(*, at: datetime, customer: Customer | None = None) -> int:
    """Archives older than a week, or all of one customer, are deleted. Returns how many."""
    ready = CustomerExport.objects.filter(state=CustomerExport.State.READY)
    rows = ready.filter(customer=customer) if customer else ready.filter(ready_at__lt=at - KEPT_FOR)
    found = list(rows.order_by("pk")[:1_000])
    for row in found:
        default_storage.delete(row.place)
        CustomerExport.objects.filter(pk=row.pk).update(state=CustomerExport.State.GONE, place="")
    return len(found)
