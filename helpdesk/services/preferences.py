"""How somebody reads: their language, their time zone, and what they follow."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.errors import Invalid
from helpdesk.locales import zones
from helpdesk.models import User
from helpdesk.permissions import require


@transaction.atomic
def set_preferences(
    *, language: str, time_zone: str, follow_mentions: bool = True, show_presence: bool = True, by: User
) -> None:
    """Everybody chooses for themselves. Raises Invalid for a language the house does not speak, or an unknown zone."""
    require(by, "helpdesk.prefer")
    if language and language not in dict(settings.LANGUAGES):
        raise Invalid(
            _("Choose one of: %(known)s.") % {"known": ", ".join(dict(settings.LANGUAGES))},
            pointer="language",
        )
    if time_zone not in zones():
        raise Invalid(_("Choose a time zone like Europe/Berlin."), pointer="time_zone")
    by.language, by.time_zone, by.follow_mentions = language, time_zone, follow_mentions
    by.show_presence = show_presence
    by.save(update_fields=["language", "time_zone", "follow_mentions", "show_presence"])
