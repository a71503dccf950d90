"""What events keep as codes and moments, in the words and at the time of day of whoever reads the history."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.custom_fields import texts
from helpdesk.marked import inside

# Clocks are kept further right, and named here by what their events carry.
CLOCKS = {
    "acknowledge": _("Acknowledge"),
    "first_reply": _("First reply"),
    "next_reply": _("Next reply"),
    "next_update": _("Next update"),
    "resolve": _("Resolve"),
    "referral": _("Referral"),
}
# Reasons that machines give; people's own are left as they wrote them.
OURS = {
    "We wrote again": _("We wrote again"),
    "The reply was taken back": _("The reply was taken back"),
    "Taken back": _("Taken back"),
    "More than a thank-you": _("More than a thank-you"),
    "The customer wrote again": _("The customer wrote again"),
    "The customer changed the answer.": _("The customer changed the answer."),
    "No answer from the customer": _("No answer from the customer"),
}


def moment(text: Any) -> str:
    """As on pages; whatever is no moment is the text it is."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return str(text or "")
    return date_format(localtime(at) if is_aware(at) else at, "j M Y, H:i")


def named(choices: type[TextChoices], value: Any) -> str:
    """The label of a code, within a sentence."""
    return inside(choices(value).label) if value in choices.values else str(value or "")


def clock(data: dict[str, Any]) -> str:
    kind = data.get("kind", "")
    return str(CLOCKS.get(kind, kind))


def reason(data: dict[str, Any]) -> str:
    said = data.get("reason")
    return f": {OURS.get(said, said)}" if said else ""


def before(what: str) -> str:
    return gettext(" (before: %(what)s)") % {"what": what} if what else ""


def filled(fields: dict[str, Any]) -> str:
    said = []
    for key, change in fields.items():
        was, now = (", ".join(texts(change.get(side))) or gettext("nothing") for side in ("from", "to"))
        said.append(f"{key} {was} → {now}")
    return "; ".join(said)
