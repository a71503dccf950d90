"""The links in letters that ask whether an address is somebody's: signed, for one address, one question and a week."""

from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _

from helpdesk.errors import NotFound
from helpdesk.links import absolute
from helpdesk.models import CustomerAddress

SALT = "output.address"
VALID_FOR = 7 * 24 * 3600  # seconds
# The last: whoever reads there says so, and then the customer is asked.
REACHED, AGREED, CLAIMED = "reached", "agreed", "claimed"


@dataclass(frozen=True)
class Asked:
    """What a link asks, about which address."""

    address: CustomerAddress
    question: str


def link_to(address: CustomerAddress, question: str) -> str:
    return absolute("confirm_address", key=key_of(address, question))


def key_of(address: CustomerAddress, question: str) -> str:
    # The primary address of that day stands in it: what was asked there is not answered for another one later.
    return signing.dumps([address.pk, address.email, question, address.customer.email], salt=SALT)


def asked_by(key: str) -> Asked:
    """What the link asks. Raises NotFound for one that is not whole, too old, or about what has changed since."""
    try:
        number, email, question, primary = signing.loads(key, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotFound(_("This link is not complete, or older than a week.")) from error
    row = CustomerAddress.objects.select_related("customer").filter(pk=number, email=email).first()
    if row is None or row.customer.email != primary or question not in (REACHED, AGREED, CLAIMED):
        raise NotFound(_("This address has been changed since."))
    return Asked(row, question)
