"""What happened on a ticket's line of time when a call was logged."""

from typing import Any

from django.utils.translation import gettext

from apps.response.calls.models import CallDirection, CallOutcome


def call_sentence(data: dict[str, Any]) -> str:
    told = {"who": CallDirection(data["kind"]).label, "how": CallOutcome(data["outcome"]).label}
    if data.get("minutes"):
        return gettext("%(who)s, %(minutes)s min. %(how)s") % (told | {"minutes": data["minutes"]})
    return gettext("%(who)s. %(how)s") % told
