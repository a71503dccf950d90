"""Whether a machine of ours may answer a message: what came from a list, or from another machine, never is."""

from apps.intake import mail as reading
from apps.intake import queries
from apps.intake.mail import Letter
from apps.intake.models import InboundMail
from apps.intake.screening import Screening, screen
from helpdesk.models import Message


def verdict_on(*, mail: InboundMail, letter: Letter) -> Screening:
    """What kind of mail it is."""
    return screen(
        letter,
        own_addresses=queries.own_addresses() | {mail.mailbox},
        is_own_message_id=lambda value: queries.number_in_own_id(value) is not None,
    )


def may_be_answered_automatically(*, message: Message) -> bool:
    """Read anew from the mail it came as; what came by form or program was written by somebody."""
    if message.is_automatic:
        return False
    mail = InboundMail.objects.filter(message=message).order_by("pk").first()
    if mail is None:
        return True
    letter = reading.read(bytes(mail.raw), received_at=mail.received_at)
    return verdict_on(mail=mail, letter=letter).consequence.may_be_answered_automatically
