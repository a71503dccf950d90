"""An organisation one of whose people sees the tickets of the others."""

import re

from django.urls import reverse
from django.utils import timezone

from apps.output.account import services as account
from apps.output.models import Delivery
from apps.output.organisations import services as organisations
from apps.output.organisations.views_outside import key_of as manager_key
from apps.output.privacy.services import retention
from helpdesk.models import Customer, Ticket, User
from tests.factories import NOW


def shared_with_a_manager(ticket: Ticket) -> dict[str, str]:
    """The organisation of a customer, who sees the tickets of its members and may write on them."""
    lead, customer = User.objects.get(email="lena@desk.test"), ticket.customer
    by = {"by": lead, "at": NOW}
    values = {"name": "Acme Rentals", "managers_may": "comment", "value": 12_000, "segment": "home"}
    row = organisations.add_organisation(values=values, **by)
    other = organisations.add_organisation(values={"name": "Acme Rental"}, **by)
    organisations.claim_domain(organisation=row, domain="acme.test", **by)
    organisations.note_organisation(organisation=row, body="Invoices go to the head office.", **by)
    organisations.join(customer=customer, organisation=row, **by)
    customer = organisations.appoint(customer=customer, is_manager=True, **by)
    key = manager_key(customer)
    entering = signed_in_by_mail(customer)
    admin = {"by": User.objects.get(email="ada@desk.test"), "at": NOW}
    retention.set_rule(kind="mails", department=None, days=90, **admin)
    retention.place_hold(ticket=ticket, reason="Before the court", **admin)
    return entering | {
        "customer_privacy": reverse("customer_privacy", kwargs={"pk": customer.pk}),
        "erase_customer": reverse("erase_customer", kwargs={"pk": customer.pk}),
        "organisation": reverse("organisation", kwargs={"pk": row.pk}),
        "edit_organisation": reverse("edit_organisation", kwargs={"pk": row.pk}),
        "merge_organisation": reverse("merge_organisation", kwargs={"pk": row.pk}) + f"?with={other.pk}",
        "organisation_tickets": reverse("organisation_tickets", kwargs={"key": key}),
        "organisation_ticket": reverse("organisation_ticket", kwargs={"key": key, "number": ticket.pk}),
    }


def signed_in_by_mail(customer: Customer) -> dict[str, str]:
    """The session of a customer who asked for a link, and another link that waits."""
    by = {"by": User.objects.system(), "at": timezone.now()}
    for _ in range(2):
        account.ask_for_link(email=customer.email or "", **by)
    letters = Delivery.objects.filter(key__startswith="sign-in:").order_by("pk")
    first, second = (re.findall(r"/help/sign-in/(\S+)/", letter.text)[0] for letter in letters)
    return {
        "session:customer": account.enter(secret=first, **by)[1],
        "account_enter": reverse("account_enter", kwargs={"key": second}),
    }
