"""Several addresses and numbers of one customer. What proves an address stands in docs/decisions/0022."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.intake.queries import own_addresses
from apps.intake.services.contact import clean_phone
from apps.output.customers.proof import AGREED, CLAIMED, REACHED, asked_by, link_to
from apps.output.customers.services.change import EDIT, locked
from apps.output.services import send_notice
from helpdesk.errors import DomainError, Invalid
from helpdesk.locales import as_written_to
from helpdesk.models import Customer, CustomerAddress, CustomerChange, CustomerPhone, User
from helpdesk.permissions import require

ANSWER_FOR = "output.answer_for_address"
MOST = 20
ASK_AGAIN_AFTER = timedelta(minutes=10)


class AddressTaken(DomainError):
    """The customer has this address already."""

    code = "address-known"


class BelongsToAnother(DomainError):
    """This address belongs to another customer. If both are one person, merge them."""

    code = "address-of-another"

    def __init__(self, other: Customer | None) -> None:
        super().__init__(pointer="email")
        self.other = other  # None where the caller may not know of them


class NotProven(DomainError):
    """It is not proven that this address is theirs: both letters have to be answered first."""

    code = "address-not-proven"


class IsPrimary(DomainError):
    """We write to this address. Choose another one for that first."""

    code = "address-is-primary"


class TooSoon(DomainError):
    """The letters left a few minutes ago. Wait a little before you ask again."""

    code = "asked-lately"


@transaction.atomic
def add_address(*, customer: Customer, email: str, by: User, at: datetime) -> CustomerAddress:
    """Note a further address, claimed until both letters are answered, and send these. The first address somebody has
    becomes the primary one. Raises AddressTaken, BelongsToAnother, Invalid, IsErased, NotAllowed."""
    require(by, EDIT, customer)
    row, email = locked(customer=customer), _checked(email)
    known = CustomerAddress.objects.select_related("customer").filter(email=email).first()
    if known is not None:
        if known.customer_id == row.pk:
            raise AddressTaken(pointer="email")
        raise BelongsToAnother(known.customer if known.customer.is_visible_to(by) else None)
    if row.addresses.count() >= MOST:
        raise Invalid(_("At most %(most)s addresses.") % {"most": MOST}, pointer="email")
    try:
        with transaction.atomic():  # somebody else may write from it in this very moment
            address = CustomerAddress.objects.create(customer=row, email=email, added_by=by, added_at=at)
            if row.email is None:
                row.email = email
                row.save(update_fields=["email"])
    except IntegrityError as error:
        raise BelongsToAnother(None) from error
    _trace(row, "address", "", email, by=by, at=at)
    _ask(address, by=by, at=at)
    return address


@transaction.atomic
def claim_address(*, customer: Customer, email: str, by: User, at: datetime) -> None:
    """The customer says of themselves that one more address is theirs. The address is asked first and the customer once
    somebody has read there, so that nobody learns here whose address another one is: its owner alone is told.

    Raises AddressTaken, Invalid, IsErased, NotAllowed.
    """
    require(by, EDIT, customer)
    row, email = locked(customer=customer), _checked(email)
    if row.addresses.count() >= MOST:
        raise Invalid(_("At most %(most)s addresses.") % {"most": MOST}, pointer="email")
    address = CustomerAddress.objects.select_related("customer").filter(email=email).first()
    if address is None:
        CustomerAddress.objects.bulk_create(  # somebody else may write from it in this very moment
            [CustomerAddress(customer=row, email=email, added_by=by, added_at=at)], ignore_conflicts=True
        )
        address = CustomerAddress.objects.select_related("customer").get(email=email)
        if address.customer_id == row.pk:
            _trace(row, "address", "", email, by=by, at=at)
    if address.customer_id != row.pk:
        _letter(address, email, TAKEN, by=by, at=at, key=f"address:{address.pk}:taken:{at.date()}")
    elif address.is_proven or email == row.email:
        raise AddressTaken(_("This address is yours already."), pointer="email")
    elif address.asked_at is None or at - address.asked_at >= ASK_AGAIN_AFTER:
        _letter(address, email, CLAIMED, by=by, at=at)
        address.asked_at = at
        address.save(update_fields=["asked_at"])


@transaction.atomic
def ask_about_address(*, address: CustomerAddress, by: User, at: datetime) -> None:
    """Send the letters once more that are not answered yet. Raises TooSoon, IsErased, NotAllowed."""
    require(by, EDIT, address.customer)
    locked(customer=address.customer)
    if address.asked_at is not None and at - address.asked_at < ASK_AGAIN_AFTER:
        raise TooSoon
    _ask(address, by=by, at=at)


@transaction.atomic
def confirm_address(*, key: str, at: datetime) -> CustomerAddress:
    """Somebody pressed the button of one of the letters; pressed twice it is once. Raises NotFound."""
    asked = asked_by(key)
    row = locked(customer=asked.address.customer)
    address = CustomerAddress.objects.select_for_update(of=("self",), no_key=True).get(pk=asked.address.pk)
    was_proven = address.is_proven
    if asked.question == AGREED:
        address.note_agreed(by=None, reason="", at=at)
    else:
        address.note_reached(at=at)
    if asked.question == CLAIMED and address.agreed_at is None and row.email:
        key = f"address:{address.pk}:claimed"  # pressed twice it is one letter
        _letter(address, row.email, AGREED, by=User.objects.system(), at=at, key=key)
    if address.is_proven and not was_proven:
        row.record("address.proven", by=User.objects.system(), at=at, address=address.pk)
    return address


@transaction.atomic
def answer_for_address(*, address: CustomerAddress, reason: str, by: User, at: datetime) -> None:
    """A lead says in the customer's stead that it is theirs: they have lost the old address, and showed a passport.
    That somebody reads there is still to be proven. Raises Invalid, IsErased, NotAllowed."""
    require(by, ANSWER_FOR, address.customer)
    if len(reason.strip()) < 10:
        raise Invalid(_("Say how you know, in ten letters or more."), pointer="reason")
    row = locked(customer=address.customer)
    address.note_agreed(by=by, reason=reason.strip(), at=at)
    _trace(row, "address", f"{address.email} claimed", f"{address.email} answered for", by=by, at=at)


@transaction.atomic
def make_primary(*, address: CustomerAddress, by: User, at: datetime) -> Customer:
    """Write to this address from now on. Raises NotProven, IsErased, NotAllowed: all answers would go there."""
    require(by, EDIT, address.customer)
    row = locked(customer=address.customer)
    address.refresh_from_db()
    if not address.is_proven:
        raise NotProven
    before, row.email = row.email, address.email
    row.undeliverable_until = address.undeliverable_until
    row.save(update_fields=["email", "undeliverable_until"])
    _trace(row, "email", before or "", address.email, by=by, at=at)
    return row


@transaction.atomic
def remove_address(*, address: CustomerAddress, by: User, at: datetime) -> None:
    """It is not theirs, or no more. Raises IsPrimary, IsErased, NotAllowed."""
    require(by, EDIT, address.customer)
    row = locked(customer=address.customer)
    if row.email == address.email:
        raise IsPrimary
    address.delete()
    _trace(row, "address", address.email, "", by=by, at=at)


@transaction.atomic
def add_phone(*, customer: Customer, number: str, by: User, at: datetime) -> CustomerPhone:
    """Note a further number; the first one is the one shown everywhere. Raises Invalid, IsErased, NotAllowed."""
    require(by, EDIT, customer)
    row, number = locked(customer=customer), clean_phone(number)
    if len(number) < 3:
        raise Invalid(_("Give the number in digits."), pointer="number")
    if row.phones.count() >= MOST:
        raise Invalid(_("At most %(most)s numbers.") % {"most": MOST}, pointer="number")
    if number == row.phone:
        raise AddressTaken(_("The customer has this number already."), pointer="number")
    phone, made = CustomerPhone.objects.get_or_create(
        customer=row, number=number, defaults={"added_by": by, "added_at": at}
    )
    if not made:
        raise AddressTaken(_("The customer has this number already."), pointer="number")
    _trace(row, "phone", "", number, by=by, at=at)
    return phone


@transaction.atomic
def remove_phone(*, phone: CustomerPhone, by: User, at: datetime) -> None:
    """Nobody answers there any more. Raises IsErased, NotAllowed."""
    require(by, EDIT, phone.customer)
    row = locked(customer=phone.customer)
    phone.delete()
    _trace(row, "phone", phone.number, "", by=by, at=at)


def _checked(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(_("This is no e-mail address."), pointer="email") from error
    if len(email) > 254 or email in own_addresses():
        raise Invalid(_("This address is one of ours."), pointer="email")
    return email


def _ask(address: CustomerAddress, *, by: User, at: datetime) -> None:
    """One letter to the address, and one to the customer where we know them already: neither alone is enough."""
    customer = address.customer
    if address.reached_at is None:
        _letter(address, address.email, REACHED, by=by, at=at)
    if address.agreed_at is None and customer.email and customer.email != address.email:
        _letter(address, customer.email, AGREED, by=by, at=at)
    address.asked_at = at
    address.save(update_fields=["asked_at"])


TAKEN = "taken"  # asks nothing
_IS_IT_YOURS: Any = (
    gettext_lazy("Is this address yours?"),
    gettext_lazy(
        "We were told that this address belongs to somebody we know. If you told us so, open this page and press "
        "the button:\n\n%(link)s\n\nIf you know nothing of it, do nothing: nothing will come of it.\n"
    ),
)
WORDS: dict[str, Any] = {
    REACHED: _IS_IT_YOURS,
    CLAIMED: _IS_IT_YOURS,
    AGREED: (
        gettext_lazy("Another address for you"),
        gettext_lazy(
            "We were told that you also write from %(email)s. If that is so, open this page and press the button: "
            "your answers may go there from then on.\n\n%(link)s\n\nIf that address is not yours, do nothing, or "
            "tell us: nothing of yours goes there.\n"
        ),
    ),
    TAKEN: (
        gettext_lazy("Do you write to us from another address too?"),
        gettext_lazy(
            "Somebody told us that this address is theirs as well. We know you by it already, so nothing was "
            "changed, and nobody was told.\n\nIf it was you, answer this mail and name your other address: we put "
            "the two together. If it was not you, do nothing.\n"
        ),
    ),
}


def _letter(
    address: CustomerAddress, to: str, question: str, *, by: User, at: datetime, key: str = ""
) -> None:
    subject, text = WORDS[question]
    link = "" if question == TAKEN else link_to(address, question)
    with as_written_to(address.customer):
        send_notice(
            to=to, subject=str(subject), text=str(text) % {"email": address.email, "link": link},
            about=f"customer:{address.customer_id}",
            key=key or f"address:{address.pk}:{question}:{at.isoformat()}", by=by, at=at,
        )  # fmt: skip


def _trace(row: Customer, field: str, before: str, after: str, *, by: User, at: datetime) -> None:
    CustomerChange.objects.create(customer=row, field=field, before=before, after=after, by=by, at=at)
    row.record("customer.changed", by=by, at=at, fields=[field])
