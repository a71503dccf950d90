"""Customers by name or address, for the palette."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.output.customers.queries import ranked
from helpdesk.models import Customer, User
from helpdesk.palette import MOST, Place
from helpdesk.permissions import may

FEWEST = 3  # letters that an index can answer


def customers(text: str, user: User) -> Iterable[Place]:
    """Those this person may see, the most alike first. One query."""
    if len(text) < FEWEST or text.startswith("#") or not may(user, "output.customers"):
        return
    visible = Customer.objects.visible_to(user).filter(anonymised_at=None)
    for customer in ranked(text, visible)[:MOST]:
        label = f"{customer.name} · {customer.email}" if customer.email else customer.name
        yield Place(label, _("Customer"), reverse("customer", kwargs={"pk": customer.pk}))
