"""Who is copied by one answer."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.intake.queries import own_addresses
from apps.response.addresses import addresses_in
from helpdesk.errors import Invalid
from helpdesk.models import Ticket

MOST_COPIES = 20


class CantBeCopied(Invalid):
    """This address can't be copied."""

    code = "cant-be-copied"


def checked_copies(ticket: Ticket, typed: Sequence[str] | None) -> list[str] | None:
    """The addresses that one answer is copied to; None: everybody who takes part. The customer gets it anyway.

    Raises CantBeCopied for what is no address, or one of ours, and for too many.
    """
    if typed is None:
        return None
    found = addresses_in(typed)
    if any(line.strip() for line in typed) and not found:
        raise CantBeCopied(_("These are no addresses: %(typed)s") % {"typed": ", ".join(typed)}, pointer="cc")
    ours = own_addresses()
    for email in found:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CantBeCopied(
                _("“%(typed)s” is no address of mail. Correct it, or take it off.") % {"typed": email},
                pointer="cc",
            ) from error
        if email.casefold() in ours or len(email) > 254:
            raise CantBeCopied(
                _("%(address)s is ours: mail to it would come back here. Take it off.") % {"address": email},
                pointer="cc",
            )
    if len(found) > MOST_COPIES:
        raise CantBeCopied(_("At most %(n)s addresses are copied.") % {"n": MOST_COPIES}, pointer="cc")
    return [email for email in found if email != ticket.customer.email]
