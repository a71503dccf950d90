"""Signing in and out, and what customers say of themselves."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.output.account.models import (
    KEPT_FOR,
    LINK_FOR,
    CustomerSession,
    SignInLink,
    hash_of,
    new_secret,
)
from apps.output.customers import services as customers
from apps.output.services import send_notice
from helpdesk.errors import NotFound
from helpdesk.links import absolute
from helpdesk.locales import as_written_to
from helpdesk.models import Customer, CustomerAddress, User
from helpdesk.permissions import require

VERB = "output.customer_account"


class LinkUsed(NotFound):
    """This link was used already, or is older than twenty minutes. Ask for a new one."""


@transaction.atomic
def ask_for_link(*, email: str, by: User, at: datetime) -> None:
    """Send a link to an address from which a customer speaks. Of any other nothing is done and nothing is said."""
    require(by, VERB)
    rows = CustomerAddress.objects.select_related("customer").filter(
        email=email.strip().lower(), customer__merged_into=None, customer__anonymised_at=None
    )
    address = rows.first()
    if address is None or not (address.is_proven or address.email == address.customer.email):
        return
    secret = new_secret()
    link = SignInLink.objects.create(
        customer=address.customer, address=address, secret=hash_of(secret), made_at=at
    )
    _write(address, link, secret, by=by, at=at)


def _write(address: CustomerAddress, link: SignInLink, secret: str, *, by: User, at: datetime) -> None:
    with as_written_to(address.customer):
        subject = _("Your link to sign in")
        text = _(
            "Open this page and press the button to see your requests:\n\n%(link)s\n\nThe link works once, within "
            "twenty minutes. If you did not ask for it, do nothing: nobody is signed in.\n"
        ) % {"link": absolute("account_enter", key=secret)}
    send_notice(
        to=address.email, subject=subject, text=text, about=f"customer:{address.customer_id}",
        key=f"sign-in:{link.pk}", by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def enter(*, secret: str, by: User, at: datetime) -> tuple[CustomerSession, str]:
    """The button behind the link was pressed: a session begins, and the secret of it is for the browser alone.

    Raises LinkUsed, also for the second of two who press at once.
    """
    require(by, VERB)
    link = (
        SignInLink.usable(secret, at)
        .select_related("address", "customer")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if link is None:
        raise LinkUsed
    link.used_at = at
    link.save(update_fields=["used_at"])
    link.address.note_reached(at=at)  # somebody reads there
    key = new_secret()
    session = CustomerSession.objects.create(
        customer=link.customer, address=link.address, secret=hash_of(key), begun_at=at, seen_at=at
    )
    link.customer.record("account.entered", by=by, at=at, session=session.pk)
    return session, key


@transaction.atomic
def leave(*, session: CustomerSession, by: User, at: datetime) -> None:
    """End the session of one browser."""
    require(by, VERB)
    if CustomerSession.objects.filter(pk=session.pk).delete()[0]:
        session.customer.record("account.left", by=by, at=at, sessions=1)


@transaction.atomic
def leave_everywhere(*, customer: Customer, by: User, at: datetime) -> int:
    """End every session of a customer, and every link that waits; returns how many sessions ended."""
    require(by, VERB)
    return _end(customer, by=by, at=at)


@transaction.atomic
def sign_out_customer(*, customer: Customer, by: User, at: datetime) -> int:
    """A colleague does the same for a customer whose device was lost, or whose mailbox somebody else reads."""
    require(by, customers.EDIT)
    return _end(customer, by=by, at=at)


def _end(customer: Customer, *, by: User, at: datetime) -> int:
    SignInLink.objects.filter(customer=customer).delete()
    ended = CustomerSession.objects.filter(customer=customer).delete()[0]
    if ended:
        customer.record("account.left", by=by, at=at, sessions=ended)
    return ended


@transaction.atomic
def tell_of_oneself(
    *, customer: Customer, name: str, language: str, time_zone: str, by: User, at: datetime
) -> Customer:
    """A customer says how they are called, which language they read and where their clock stands. Raises IsErased."""
    require(by, VERB)
    told = {"name": " ".join(name.split())[:200], "language": language, "time_zone": time_zone}
    return customers.change_customer(customer=customer, values=told, by=by, at=at)


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """What nobody can use any more goes; returns how many rows."""
    links = SignInLink.objects.filter(made_at__lt=at - LINK_FOR).delete()[0]
    return links + CustomerSession.objects.filter(seen_at__lt=at - KEPT_FOR).delete()[0]
