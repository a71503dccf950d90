"""Tickets and views by name, for the palette."""

import re
from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.response.queries.ticket_views import views_of
from helpdesk.models import Ticket, User
from helpdesk.palette import Place
from helpdesk.permissions import may

_NUMBER = re.compile(r"#?(\d{1,15})")


def tickets(text: str, user: User) -> Iterable[Place]:
    """The one with this number; and for any words the search of the queue. At most one query."""
    if not may(user, "response.view"):
        return
    if found := _NUMBER.fullmatch(text):
        for ticket in Ticket.objects.visible_to(user).filter(pk=int(found[1])).only("subject"):
            label = f"#{ticket.pk} {ticket.subject}"
            yield Place(label, _("Ticket"), reverse("ticket", kwargs={"number": ticket.pk}))
    elif text:
        label = _("Tickets that say “%(words)s”") % {"words": text}
        yield Place(label, _("Search"), f"{reverse('queue')}?{urlencode({'q': text})}")


def views(text: str, user: User) -> Iterable[Place]:
    """Views of the queue whose name has these words. One query."""
    if not text or not may(user, "response.view"):
        return
    for view in views_of(user):
        if text.lower() in view.label.lower():
            address = f"{reverse('queue')}?{urlencode({'view': view.slug})}"
            yield Place(str(view.label), _("View"), address)
