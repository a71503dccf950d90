"""A person asks to be forgotten: their words go, and they stay countable.

`erase_customer` takes the person out of their own row at once and leaves the rest to a worker, which goes through
config/privacy.py and then through every text of the database, a batch and a transaction at a time. Where it stands is
written with each batch: killed, it goes on from there.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext

from apps.output.customers.services import IsErased
from apps.output.models import Delivery, OrganisationNote, State, WebhookDelivery
from apps.output.privacy.models import Erasure, LegalHold, held_tickets
from apps.output.privacy.reach import people, personal, rows_of
from apps.output.privacy.scrub import MARK, Terms, scrub, tables
from apps.output.privacy.services.exporting import forget_exports
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import (
    Attachment,
    Customer,
    CustomerAddress,
    CustomerPhone,
    Event,
    IdempotencyKey,
    Message,
    Organisation,
    Participant,
    SubscriberFailure,
    Ticket,
    User,
)
from helpdesk.permissions import require
from helpdesk.rows import held

ERASE = "output.erase_customers"
BATCH = 500
# Of what an event says these are codes whatever they look like; every other text in it goes.
CODES = frozenset({
    "channel", "source", "outcome", "kind", "verdict", "state", "status", "clock", "decision", "permanence", "fields",
    "at", "until", "due", "promised",
})  # fmt: skip


class IsHeld(DomainError):
    """This customer, or a ticket of theirs, is held as evidence. Lift the hold first."""

    code = "held"


@transaction.atomic
def erase_customer(*, customer: Customer, typed: str, reason: str, by: User, at: datetime) -> Erasure:
    """Begin to erase a customer: from this moment nobody is called so here. It can't be undone.

    `typed` is their name or address once more, so that nobody erases whom they did not mean. Raises Invalid, IsErased,
    IsHeld, NotAllowed.
    """
    require(by, ERASE, customer)
    row = held(customer)
    if row.anonymised_at is not None or row.merged_into_id is not None:
        raise IsErased
    is_held = LegalHold.objects.filter(customer=row, lifted_at=None).exists()
    if is_held or Ticket.objects.filter(customer=row, pk__in=held_tickets()).exists():
        raise IsHeld
    if typed.strip().casefold() != confirmation_of(row).casefold():
        raise Invalid(gettext("Type what stands above, letter by letter."), pointer="typed")
    if not reason.strip():
        raise Invalid(gettext("Say on what ground: who asked for it, and when."), pointer="reason")
    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(
                customer=row, reason=reason.strip()[:200], asked_by=by, asked_at=at, terms=_terms_of(row),
                steps=len(_steps()),
            )  # fmt: skip
    except IntegrityError as error:
        raise IsErased from error
    empty_customer(row, at)
    row.record("customer.erased", by=by, at=at, erasure=erasure.pk)
    return erasure


def confirmation_of(customer: Customer) -> str:
    """What has to be typed."""
    return customer.email or customer.name or str(customer.pk)


def erase_on(*, at: datetime, batches: int = 200) -> bool:
    """Go on with the oldest erasure that is not finished, some batches. Returns whether there is more to do."""
    return all(_erase_batch(at=at) for _ in range(batches))


@transaction.atomic
def _erase_batch(*, at: datetime) -> bool:
    """One batch: its changes and the place where it stopped are written together."""
    rows = Erasure.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    row = rows.filter(finished_at=None).order_by("pk").first()
    if row is None:
        return False
    steps = _steps()
    if row.step >= len(steps):
        _finish(row, at=at)
        return Erasure.objects.filter(finished_at=None).exclude(pk=row.pk).exists()
    name, act = steps[row.step]
    # Frozen letters and messages, a log that only grows, and histories that would write down what went: for this alone
    # they change (docs/decisions/0024).
    with pgtrigger.ignore():
        changed, last = act(row, name)
    if changed:
        row.counts[name] = row.counts.get(name, 0) + changed
    row.step, row.last_row = (row.step, last) if last else (row.step + 1, 0)
    row.save(update_fields=["step", "last_row", "counts"])
    return True


# A step does one batch: how many rows it changed, and the last of them, or 0 where there is nothing left.
Step = Callable[[Erasure, str], tuple[int, int]]


def _steps() -> list[tuple[str, Step]]:
    own: list[tuple[str, Step]] = [(label, _rows) for label in personal()]
    more: list[tuple[str, Step]] = [
        ("helpdesk.User", _account), ("strangers", _among_others), ("output.WebhookDelivery", _webhooks),
        ("helpdesk.IdempotencyKey", _answers), ("helpdesk.SubscriberFailure", _failures),
    ]  # fmt: skip
    return own + more + [(table, _texts) for table in tables()]


def _finish(row: Erasure, *, at: datetime) -> None:
    forget_exports(at=at, customer=row.customer)
    terms = Terms.of(row.terms)
    row.terms, row.finished_at = {}, at
    row.save(update_fields=["terms", "finished_at"])
    if pattern := terms.pattern(names=True):
        said = models.Func(
            models.F("reason"), Value(pattern), Value(MARK), Value("gi"), function="regexp_replace"
        )
        Erasure.objects.filter(pk=row.pk).update(reason=said)
    row.customer.record("customer.forgotten", by=User.objects.system(), at=at, erasure=row.pk)


# --- the person ---------------------------------------------------------------------------------------


def _terms_of(customer: Customer) -> dict[str, list[str]]:
    who = Customer.objects.filter(pk__in=people(customer))
    addresses = CustomerAddress.objects.filter(customer__in=who).values_list("email", flat=True)
    phones = CustomerPhone.objects.filter(customer__in=who).values_list("number", flat=True)
    rows: list[Any] = list(who.values("email", "name", "phone", "external_id"))
    return {
        "addresses": sorted({*addresses, *(row["email"] for row in rows if row["email"])}),
        "numbers": sorted(
            {*phones, *(row[name] for row in rows for name in ("phone", "external_id") if row[name])}
        ),
        "names": sorted({row["name"] for row in rows if row["name"]}),
    }


def empty_customer(customer: Customer, at: datetime) -> None:
    """What it is worth, its segment and region stay: figures count by them."""
    organisation = customer.member_of
    Customer.objects.filter(pk__in=people(customer)).update(
        name="", email=None, phone="", organisation="", member_of=None, is_manager=False, external_id=None,
        undeliverable_until=None, time_zone="", anonymised_at=at,
    )  # fmt: skip
    customer.refresh_from_db()
    if organisation is not None:
        _drop_if_theirs_alone(organisation)


def _drop_if_theirs_alone(organisation: Organisation) -> None:
    """An organisation that was a word on this customer and nothing else often is the person's own name."""
    used: tuple[QuerySet[Any], ...] = (
        organisation.members.all(), organisation.domains.all(),
        OrganisationNote.objects.filter(organisation=organisation),
        Organisation.objects.filter(merged_into=organisation),
    )  # fmt: skip
    if not any(rows.exists() for rows in used):
        organisation.delete()


# --- their rows ---------------------------------------------------------------------------------------


def _rows(row: Erasure, label: str) -> tuple[int, int]:
    how = personal()[label]
    if label == "helpdesk.Event":
        return _events(row)
    if not how.words and not how.goes:
        return 0, 0
    found: QuerySet[Any] = rows_of(label, row.customer)
    numbers = list(found.filter(pk__gt=row.last_row).values_list("pk", flat=True)[:BATCH])
    if not numbers:
        return 0, 0
    clear(label, numbers)
    return len(numbers), numbers[-1]


def clear(label: str, numbers: Iterable[int]) -> None:
    """Take the words out of rows of one table, or the rows themselves, as config/privacy.py says."""
    how = personal()[label]
    model: type[models.Model] = apps.get_model(label)
    chosen: QuerySet[Any] = model._default_manager.filter(pk__in=list(numbers))
    if how.goes:
        _delete(chosen)
    elif how.words:
        chosen.update(**{name: cleared(model, name) for name in how.words})
    if model is Delivery:
        chosen.filter(state__in=[State.HELD, State.QUEUED]).update(state=State.FAILED, error=MARK)


def cleared(model: type[models.Model], name: str) -> Any:
    """What stands in a column instead of words: nothing where that is allowed, and a mark where something was said."""
    field: Any = model._meta.get_field(name)
    if field.null:
        return None
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.BinaryField):
        return b""
    if isinstance(field, models.JSONField):
        return field.get_default() if field.has_default() else {}
    if isinstance(field, models.EmailField) or name.endswith(("email", "sender", "in_reply_to")):
        return ""
    return Case(When(Q(**{name: ""}), then=Value("")), default=Value(MARK))


def _delete(chosen: QuerySet[Any]) -> None:
    """The rows, and files that nothing else names: the same file stands once, whoever sent it."""
    places: list[str] = []
    if chosen.model is Attachment:
        places = list(chosen.values_list("file", flat=True))
    chosen.delete()
    kept = set(Attachment.objects.filter(file__in=places).values_list("file", flat=True))
    # Before the rows are committed: killed in between, the batch is done again, and a file that is gone stays gone.
    for place in set(places) - kept:
        default_storage.delete(place)


def _events(row: Erasure) -> tuple[int, int]:
    """The log stays whole but for the words in it: kinds, times, people of the house, numbers and codes."""
    rows = rows_of("helpdesk.Event", row.customer)
    found = list(rows.filter(pk__gt=row.last_row).values_list("pk", flat=True)[:BATCH])
    scrub_events(Event.objects.filter(pk__in=found))
    return len(found), found[-1] if found else 0


def scrub_events(rows: QuerySet[Any]) -> None:
    for pk, at, data in rows.values_list("pk", "at", "data"):
        if (left := without_words(data)) != data:
            Event.objects.filter(pk=pk, at=at).update(data=left)


def without_words(data: Any, key: str = "") -> Any:
    if isinstance(data, Mapping):
        return {name: without_words(value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [without_words(value, key) for value in data]
    if isinstance(data, str) and data and key not in CODES and not _is_code(key, data):
        return MARK
    return data


def _is_code(key: str, text: str) -> bool:
    """States in "from" and "to", short names and days; never what a reason, a text or an address says."""
    plain = len(text) <= 40 and text.isascii() and text.replace("_", "").replace("-", "").isalnum()
    return plain and key in (
        "from",
        "to",
        "before",
        "after",
        "department",
        "issue",
        "campaign",
        "role",
        "act",
    )


# --- where else -----------------------------------------------------------------------------------------


def _account(row: Erasure, _: str) -> tuple[int, int]:
    accounts = User.objects.filter(customer__in=people(row.customer))
    for user in accounts:
        user.email, user.name, user.is_active = f"erased-{user.pk}@erased.invalid", MARK, False
        user.set_unusable_password()
        user.save()
    return len(accounts), 0


def _among_others(row: Erasure, _: str) -> tuple[int, int]:
    """On tickets of others: what they wrote there is that conversation's; who wrote it is not."""
    addresses = row.terms.get("addresses", [])
    gone, _by = Participant.objects.filter(email__in=addresses).delete()
    said = Message.objects.filter(sender_email__in=addresses).update(sender_name="", sender_email="")
    apps.get_model("intake.InboundMail")._default_manager.filter(sender__in=addresses).update(
        raw=b"", sender="", subject=MARK, reason=""
    )
    return gone + said, 0


def _numbers(row: Erasure) -> list[int]:
    return list(Ticket.objects.filter(customer__in=people(row.customer)).values_list("pk", flat=True))


def _webhooks(row: Erasure, _: str) -> tuple[int, int]:
    """Bodies hold subjects."""
    changed = 0
    for number in _numbers(row):
        told = WebhookDelivery.objects.filter(body__contains=f'"ticket":{{"id":{number},')
        changed += told.update(body='{"erased":true}', answer="", error="")
    return changed, 0


def _answers(row: Erasure, _: str) -> tuple[int, int]:
    """What programs were answered is kept for a day, to be said again: it is not said again."""
    found = IdempotencyKey.objects.annotate(said=Cast("response", models.TextField()))
    asked = Q(pk__in=[])
    for number in _numbers(row):
        asked |= Q(response__number=number) | Q(response__ticket=number)
    for term in row.terms.get("addresses", []):
        asked |= Q(said__icontains=term)
    return found.filter(asked).update(response={"erased": True}), 0


def _failures(row: Erasure, _: str) -> tuple[int, int]:
    events = rows_of("helpdesk.Event", row.customer).values("pk")
    return SubscriberFailure.objects.filter(event_id__in=events).update(error=MARK), 0


def _texts(row: Erasure, table: str) -> tuple[int, int]:
    return scrub(table, Terms.of(row.terms)), 0
