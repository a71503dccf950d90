"""Whether a customer wants letters they did not ask for, as they told a colleague."""

from datetime import datetime

from django.db import transaction

from apps.awareness.models import OptOut
from helpdesk.models import Customer, User
from helpdesk.permissions import require


@transaction.atomic
def allow_letters(*, customer: Customer, allowed: bool, by: User, at: datetime) -> None:
    """Write down what they said: letters before they ask, or none. Raises NotAllowed, NotFound."""
    require(by, "output.edit_customers", customer)
    if allowed:
        changed = OptOut.objects.filter(customer=customer).delete()[0]
    else:
        _, changed = OptOut.objects.get_or_create(customer=customer, defaults={"at": at})
    if changed:
        customer.record("letters.allowed" if allowed else "letters.refused", by=by, at=at)
