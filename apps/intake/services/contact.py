"""From what a door knows of a person to the row of a customer."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.intake.lookups import customer_by_email
from helpdesk.errors import Invalid
from helpdesk.models import Customer, CustomerPhone

NOT_A_DIGIT = re.compile(r"[^\d+]")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who says it, as far as we were told. A caller may be known by a phone number alone."""

    email: str = ""
    name: str = ""
    phone: str = ""


def customer_of(*, contact: Contact | Customer, at: datetime) -> Customer:
    """The customer behind a contact, made now if nobody is known by its address or number.

    Raises Invalid when nothing at all is known of the person.
    """
    if isinstance(contact, Customer):
        return contact
    phone = clean_phone(contact.phone)
    if email := contact.email.strip().lower():
        customer = customer_by_email(email) or _only_once(
            email=email, name=contact.name[:200], phone=phone, created_at=at
        )
    elif phone and (known := _called_from(phone)):
        customer = known
    elif phone or contact.name:
        return Customer.objects.create(name=contact.name[:200], phone=phone, created_at=at)
    else:
        raise Invalid(_("Give an e-mail address, a phone number or a name."), pointer="customer")
    _learn(customer, name=contact.name[:200], phone=phone)
    return customer


def _called_from(phone: str) -> Customer | None:
    """Whose number it is; of several the one we have known longest."""
    further = CustomerPhone.objects.filter(number=phone).values("customer")
    return (
        Customer.objects.filter(Q(phone=phone) | Q(pk__in=further), merged_into=None).order_by("pk").first()
    )


def _only_once(*, email: str, **told: Any) -> Customer:
    """Two callers at once make one customer: whoever comes second gets the row of the first."""
    Customer.objects.bulk_create([Customer(email=email, **told)], ignore_conflicts=True)
    return Customer.objects.get(email=email)


def clean_phone(phone: str) -> str:
    """Digits and a plus: people write the same number in many ways."""
    return NOT_A_DIGIT.sub("", phone)[:40]


def _learn(customer: Customer, **told: str) -> None:
    """Fill what we did not know. What we know stays: a stranger may use anybody's address in a form."""
    news = [name for name, value in told.items() if value and not getattr(customer, name)]
    if news:
        for name in news:
            setattr(customer, name, told[name])
        customer.save(update_fields=news)
