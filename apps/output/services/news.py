"""Letters of what colleagues were told: of one ticket after the hold, or a digest of the hour or the day."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.output.notifications.kinds import Way
from apps.output.notifications.models import Notification
from apps.output.notifications.queries import settings_of
from apps.output.services.deliver import send_notice
from helpdesk.each import each
from helpdesk.links import on_site
from helpdesk.locales import as_read_by
from helpdesk.models import Ticket, User

MOST = 500  # rows in one run for one person; the next run takes the others


def send_news(*, by: User, at: datetime) -> int:
    """Write the letters that are due; returns how many. Any number may run at once.

    Raises the faults once everybody had their turn.
    """
    due = Notification.objects.to_mail(at).order_by("user_id").values_list("user_id", flat=True).distinct()
    return sum(each(due, lambda number: _send_to(number, by=by, at=at)))


@transaction.atomic
def _send_to(number: int, *, by: User, at: datetime) -> int:
    """The rows stay locked until their letters stand in the outbox: a worker that dies has done all of it or none."""
    free = Notification.objects.to_mail(at).select_for_update(of=("self",), no_key=True, skip_locked=True)
    rows = list(free.filter(user=number).select_related("ticket__department").order_by("at", "pk")[:MOST])
    if not rows:
        return 0
    user = User.objects.get(pk=number)
    sent = write(user, _still_wanted(user, rows), by=by, at=at)
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail_at=None)
    return sent


def _still_wanted(user: User, rows: Sequence[Notification]) -> list[Notification]:
    """Not what was read meanwhile, is not wanted any more, or lies on a ticket they may not see any more."""
    choices = settings_of(user).choices()
    tickets = [row.ticket_id for row in rows if row.ticket_id is not None]
    seen = set(Ticket.objects.visible_to(user).filter(pk__in=tickets).values_list("pk", flat=True))
    return [
        row
        for row in rows
        if user.is_active
        and row.read_at is None
        and (row.ticket_id is None or row.ticket_id in seen)
        and row.kind in choices
        and choices[row.kind].mail != Way.NEVER
    ]


def write(user: User, rows: Sequence[Notification], *, by: User, at: datetime) -> int:
    """A letter for each ticket that is told of at once, and one digest of the rest; returns how many letters."""
    at_once = [row for row in rows if row.mail == Way.NOW]
    later = [row for row in rows if row.mail != Way.NOW]
    with as_read_by(user):
        letters = [_of_one(together) for together in _by_ticket(at_once)]
        letters += [_digest(later)] if later else []
    for subject, text, first in letters:
        send_notice(
            to=user.email, subject=subject, text=text, ticket=first.ticket if first in at_once else None,
            key=f"news:{first.pk}:{first.mail}", by=by, at=at,
        )  # fmt: skip
    return len(letters)


def _by_ticket(rows: Iterable[Notification]) -> list[list[Notification]]:
    """In the order in which each was first heard of; what is about no ticket stands by itself."""
    found: dict[object, list[Notification]] = {}
    for row in rows:
        found.setdefault(row.ticket_id or f"{row.about}:{row.pk}", []).append(row)
    return list(found.values())


def _of_one(rows: Sequence[Notification]) -> tuple[str, str, Notification]:
    first = rows[0]
    if first.ticket is None:
        return first.title, f"{first.title}\n\n{on_site(first.url)}\n", first
    name = f"#{first.ticket_id} {first.ticket.subject}"
    said = list(dict.fromkeys(row.title for row in rows))
    opening = said[0] if len(said) == 1 else _n_things(len(rows))
    words = "\n".join(said)
    return f"{opening} {name}", f"{words}\n\n{name}\n{on_site(first.url)}\n", first


def _n_things(count: int) -> str:
    return ngettext("%(count)s thing happened.", "%(count)s things happened.", count) % {"count": count}


def _digest(rows: Sequence[Notification]) -> tuple[str, str, Notification]:
    subject = _("While you were away: %(said)s") % {"said": _n_things(len(rows))}
    parts = []
    for together in _by_ticket(rows):
        first = together[0]
        head = f"#{first.ticket_id} {first.ticket.subject}\n" if first.ticket else ""
        lines = [f"  {date_format(localtime(row.at), 'j M, H:i')}  {row.title}" for row in together]
        parts.append(head + "\n".join(lines) + f"\n  {on_site(first.url)}")
    return subject, "\n\n".join(parts) + "\n", rows[0]
