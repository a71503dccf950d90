"""Two customers turn out to be one person, and perhaps not after all."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.output.customers.merging import move_all, move_back
from apps.output.customers.models import CustomerMerge
from apps.output.customers.services.change import IsErased
from apps.output.merges import UNDO_FOR, CannotUndo
from helpdesk.errors import DomainError, NotFound
from helpdesk.models import Customer, CustomerAddress, CustomerChange, CustomerPhone, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

MERGE = "output.merge_customers"
# What the remaining one takes over where nothing is known of them.
FILLED = (
    "name", "email", "phone", "organisation", "segment", "region", "language", "time_zone", "value", "joined_on",
    "external_id",
)  # fmt: skip


class SameCustomer(DomainError):
    """This is one customer already."""

    code = "same-customer"


@transaction.atomic
def merge_customers(*, kept: Customer, gone: Customer, by: User, at: datetime) -> CustomerMerge:
    """Everything of `gone` becomes `kept`'s, at once; what is known of `kept` stays, and gaps are filled. Who decides
    it answers for the addresses. Raises SameCustomer, IsErased, NotAllowed, NotFound."""
    require(by, MERGE, kept)
    require(by, MERGE, gone)
    if kept.pk == gone.pk:
        raise SameCustomer
    kept, gone = _both(kept, gone)
    record: dict[str, Any] = {"filled": {}, "gone": _words(gone)}
    own, phone = gone.email, gone.phone
    gone.email, gone.phone, gone.external_id, gone.merged_into = None, "", None, kept
    gone.save(update_fields=["email", "phone", "external_id", "merged_into"])
    _answer_for(own, by, at)
    moved = move_all(gone, kept)
    record |= {"rows": moved.rows, "taken_off": moved.taken_off}
    record["filled"] = _fill(kept, record["gone"])
    if phone and phone != kept.phone:
        row, made = CustomerPhone.objects.get_or_create(
            customer=kept, number=phone, defaults={"added_by": by, "added_at": at}
        )
        record["phone"] = row.pk if made else None
    merge = CustomerMerge.objects.create(kept=kept, gone=gone, by=by, at=at, record=record)
    _trace(kept, f"{record['gone']['name'] or own or gone.pk}", "", by=by, at=at)
    kept.record("customer.merged", by=by, at=at, gone=gone.pk, merge=merge.pk)
    return merge


@transaction.atomic
def undo_merge(*, merge: CustomerMerge, by: User, at: datetime) -> CustomerMerge:
    """They are two after all: everything that was moved goes back; what came since stays with the one it came to.
    Raises CannotUndo, IsErased, NotAllowed, NotFound."""
    require(by, MERGE, merge.kept)
    merge = held(merge)
    if not merge.can_be_undone(at):
        raise CannotUndo
    kept, gone = _both(merge.kept, merge.gone, undoing=True)
    record = merge.record
    words, filled = _read(record["gone"]), _read(record["filled"])
    # First the gaps are gaps again, as long as nobody wrote something else there: an address is one customer's.
    cleared = {name: before for name, before in filled.items() if getattr(kept, name) == words[name]}
    for name, before in cleared.items():
        setattr(kept, name, before)
    kept.save(update_fields=list(cleared) or ["name"])
    CustomerPhone.objects.filter(pk=record.get("phone"), customer=kept).delete()
    move_back(record["rows"], record["taken_off"], gone, kept)
    if not CustomerAddress.objects.filter(email=words["email"], customer=gone).exists():
        words["email"] = None
    for name in ("email", "phone", "external_id"):
        setattr(gone, name, words[name])
    gone.merged_into = None
    gone.save(update_fields=["email", "phone", "external_id", "merged_into"])
    merge.undone_at, merge.undone_by, merge.record = at, by, {}
    merge.save(update_fields=["undone_at", "undone_by", "record"])
    _trace(kept, "", f"{gone}", by=by, at=at)
    kept.record("customer.unmerged", by=by, at=at, gone=gone.pk, merge=merge.pk)
    return merge


@transaction.atomic
def carry_stragglers(*, by: User, at: datetime) -> int:
    """Tickets that were being opened for a customer while they were merged follow them. Returns how many."""
    require(by, MERGE)
    late = Ticket.objects.filter(customer__merged_into__isnull=False).select_related("customer")
    rows = list(late.select_for_update(of=("self",), no_key=True).order_by("pk")[:1_000])
    for ticket in rows:
        Ticket.objects.filter(pk=ticket.pk).update(customer=ticket.customer.merged_into_id)
        ticket.messages.filter(customer=ticket.customer).update(customer=ticket.customer.merged_into_id)
    return len(rows)


@transaction.atomic
def forget_old_merges(*, at: datetime) -> int:
    """What would be needed to undo them is dropped once they can't be undone: it holds what was known of a person."""
    old = CustomerMerge.objects.filter(at__lt=at - UNDO_FOR).exclude(record={})
    return old.update(record={})


def _both(kept: Customer, gone: Customer, *, undoing: bool = False) -> tuple[Customer, Customer]:
    """Both rows, held; tickets first, as everywhere: nobody who answers one waits for us while we wait for them."""
    tickets = Ticket.objects.filter(Q(customer=gone.pk) | (Q(customer=kept.pk) if undoing else Q(pk=None)))
    list(tickets.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    rows = Customer.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[kept.pk, gone.pk])
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) < 2 or found[kept.pk].merged_into_id or (not undoing and found[gone.pk].merged_into_id):
        raise NotFound
    if any(row.anonymised_at for row in found.values()):
        raise IsErased
    return found[kept.pk], found[gone.pk]


def _answer_for(email: str | None, by: User, at: datetime) -> None:
    """Their own address, of which a person says that it is the other one's too."""
    for address in CustomerAddress.objects.filter(email=email or ""):
        address.note_reached(at=at)
        address.note_agreed(by=by, reason="Merged", at=at)


def _fill(kept: Customer, words: dict[str, Any]) -> dict[str, Any]:
    """Take over what was not known; returns what stood there."""
    told, before = _read(words), {}
    for name in FILLED:
        if getattr(kept, name) in (None, "") and told[name] not in (None, ""):
            before[name] = getattr(kept, name)
            setattr(kept, name, told[name])
    if before:
        kept.save(update_fields=list(before))
    return before


def _words(customer: Customer) -> dict[str, Any]:
    said = {name: getattr(customer, name) for name in FILLED}
    return {name: str(value) if name in ("value", "joined_on") and value is not None else value
            for name, value in said.items()}  # fmt: skip


def _read(words: dict[str, Any]) -> dict[str, Any]:
    told = dict(words)
    if told.get("value") is not None:
        told["value"] = Decimal(told["value"])
    if told.get("joined_on"):
        told["joined_on"] = datetime.fromisoformat(told["joined_on"]).date()
    return told


def _trace(kept: Customer, before: str, after: str, *, by: User, at: datetime) -> None:
    field = "merged" if before else "no longer merged"
    CustomerChange.objects.create(
        customer=kept, field=field, before=before[:300], after=after[:300], by=by, at=at
    )
