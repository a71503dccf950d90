"""Colleagues are told, read it, and choose how they want to be told."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from apps.output.notifications.item import NewsItem, OwnLetter
from apps.output.notifications.kinds import KINDS, Choice, Way, leaves_at
from apps.output.notifications.models import Notification, NotificationSettings
from apps.output.notifications.queries import settings_of
from apps.output.services.deliver import send_notice
from apps.output.services.news import write
from helpdesk import live
from helpdesk.errors import Invalid
from helpdesk.models import User
from helpdesk.permissions import require

KEPT = timedelta(days=90)


@transaction.atomic
def inform(*, item: NewsItem, to: User, by: User, at: datetime) -> bool:
    """Tell one colleague, once for an item's key, by the ways they chose; what happens on one ticket within the hold
    is one letter, except for letters with words of their own.

    Returns whether they are told. Not for one's own acts: the caller knows whose they are.
    """
    if not item.may_reach(to):
        return False
    wanted = settings_of(to)
    choice = wanted.choices()[item.kind]
    mail = choice.mail if item.by_mail else Way.NEVER
    if not choice.in_app and mail == Way.NEVER:
        return False
    letter = item.letter if mail == Way.NOW else None
    hold = timedelta(seconds=settings.NOTICE_SECONDS)
    row = Notification(
        user=to, kind=item.kind, key=item.key[:200], ticket=item.ticket, about=item.about, title=item.title[:300],
        at=at, url=item.address[:300], in_app=choice.in_app, mail=mail,
        mail_at=None if letter else leaves_at(mail, at=at, zone=wanted.zone, morning=wanted.morning, hold=hold),
    )  # fmt: skip
    # An upsert, so that two who tell the same at once do not break each other's transaction.
    Notification.objects.bulk_create([row], ignore_conflicts=True)
    if letter:
        _send(letter, item, to=to, by=by, at=at)
    elif mail == Way.NOW and not hold:
        _mail_now(row, by=by, at=at)
    if choice.in_app:
        ring(to)
    return True


def _send(letter: OwnLetter, item: NewsItem, *, to: User, by: User, at: datetime) -> None:
    ticket = item.ticket or letter.beside
    send_notice(
        to=to.email, subject=letter.subject, text=letter.text,
        ticket=ticket, about="" if ticket else item.about, key=item.key, by=by, at=at,
    )  # fmt: skip


def _mail_now(row: Notification, *, by: User, at: datetime) -> None:
    """Where nothing is held each leaves by itself."""
    stored = Notification.objects.to_mail(at).filter(user=row.user, kind=row.kind, key=row.key)
    write(row.user, list(stored.select_related("ticket__department")), by=by, at=at)
    stored.update(mail_at=None)


def ring(user: User) -> None:
    """Open pages of this person look again, once this transaction has committed."""
    transaction.on_commit(partial(live.announce, [("person.told", f"user:{user.pk}")]))


def read(*, numbers: Iterable[int] | None = None, by: User, at: datetime) -> int:
    """These have been read, or all there are; returns how many."""
    require(by, "response.view")
    rows = Notification.objects.filter(user=by, in_app=True).unread()
    count = (rows if numbers is None else rows.filter(pk__in=list(numbers))).update(read_at=at)
    if count:
        ring(by)
    return int(count)


def unread(*, number: int, by: User) -> int:
    """This one is to be looked at again."""
    require(by, "response.view")
    count = Notification.objects.filter(user=by, in_app=True, pk=number).update(read_at=None)
    ring(by)
    return int(count)


def see(*, ticket: int, by: User, at: datetime) -> int:
    """Somebody has a ticket before them: what they were told of it is read. Returns how much that was."""
    require(by, "response.view")
    return int(Notification.objects.filter(user=by, ticket=ticket).unread().update(read_at=at))


@transaction.atomic
def choose(*, ways: Mapping[str, Choice], morning: int | None = None, by: User) -> NotificationSettings:
    """Be told of these kinds in these ways from now on; the others stay. Raises Invalid."""
    require(by, "response.view")
    if not by.is_staff_member:
        raise Invalid("People are told; a program listens by webhook.")
    if strange := set(ways) - set(KINDS):
        raise Invalid(f"There is no kind {min(strange)}.", pointer="ways")
    if morning is not None and not 0 <= morning <= 23:
        raise Invalid("An hour from 0 to 23.", pointer="morning")
    NotificationSettings.objects.bulk_create([NotificationSettings(user=by)], ignore_conflicts=True)
    row = NotificationSettings.objects.select_for_update(of=("self",), no_key=True).get(user=by)
    row.ways = row.ways | {name: asdict(choice) for name, choice in ways.items()}
    row.morning = row.morning if morning is None else morning
    row.save(update_fields=["ways", "morning"])
    row.user = by
    return row


def forget_old(*, at: datetime) -> int:
    """What was read is kept for ninety days, and no longer."""
    return int(Notification.objects.filter(read_at__lt=at - KEPT, mail_at=None).delete()[0])
