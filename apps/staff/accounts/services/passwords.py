"""Passwords: a link by mail that lets somebody choose one, once; and a change by who knows the old one."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.output.services import send_notice
from apps.staff.queries.people import staff
from helpdesk import events
from helpdesk.errors import Invalid, NotFound
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.rows import held


class PasswordLinkDead(NotFound):
    """This link was used already, or is older than a week. Ask for a new one where you sign in."""


def password_link(*, user: User) -> str:
    """The full address of the page where this person chooses a password: good once, for a week
    (PASSWORD_RESET_TIMEOUT), and dead once they sign in or their password or address changes."""
    return absolute("choose_password", key=f"{user.pk}-{default_token_generator.make_token(user)}")


def user_by_key(*, key: str) -> User:
    """Whose link this is. Raises PasswordLinkDead."""
    number, _dash, token = key.partition("-")
    user = staff().filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if user is None or not default_token_generator.check_token(user, token):
        raise PasswordLinkDead
    return user


def invite(*, user: User, by: User, at: datetime) -> None:
    """Write to a new colleague; whoever added them may."""
    with as_read_by(user):
        subject = _("Your account on the helpdesk")
        text = _(
            "%(who)s gave you an account on the helpdesk.\n\nChoose a password, and you are in:\n%(link)s\n\nThe link "
            "works once, for a week. After that ask for a new one where you sign in; your address is %(email)s.\n"
        ) % {"who": by.name, "link": password_link(user=user), "email": user.email}
    _write(user, subject, text, by=by, at=at)


@transaction.atomic
def send_password_link(*, user: User, by: User, at: datetime) -> None:
    """An administrator lets somebody choose another password; the old one works until they do."""
    require(by, "staff.accounts")
    _write_link(user, by=by, at=at)


@transaction.atomic
def ask_for_password_link(*, email: str, by: User, at: datetime) -> None:
    """Somebody can't sign in: a colleague's address gets a letter, of any other nothing is done and nothing is said."""
    require(by, "staff.accounts")
    user = staff().filter(email=email.strip().lower()).first()
    if user is not None:
        _write_link(user, by=by, at=at)


def _write_link(user: User, *, by: User, at: datetime) -> None:
    with as_read_by(user):
        subject = _("A new password")
        text = _(
            "Choose a new password here:\n%(link)s\n\nThe link works once, for a week. If you did not ask for it, do "
            "nothing: your password stays as it is.\n"
        ) % {"link": password_link(user=user)}
    _write(user, subject, text, by=by, at=at)


def _write(user: User, subject: str, text: str, *, by: User, at: datetime) -> None:
    # One letter in five minutes, however often somebody asks.
    key = f"password:{user.pk}:{at:%Y%m%d%H}{at.minute // 5:02}"
    send_notice(to=user.email, subject=subject, text=text, about=f"user:{user.pk}", key=key, by=by, at=at)


@transaction.atomic
def choose_password(*, key: str, password: str, at: datetime) -> User:
    """Whoever holds the link chooses the password. Raises PasswordLinkDead, also for the second of two at once, and
    Invalid for a password that is easily guessed."""
    user = held(user_by_key(key=key))
    user = user_by_key(key=key)  # read again under the lock: the other may have chosen meanwhile
    _set(user, password, at=at)
    return user


@transaction.atomic
def change_password(*, old: str, password: str, by: User, at: datetime) -> None:
    """Everybody their own; other browsers are signed out by it. Raises Invalid."""
    require(by, "helpdesk.prefer")
    user = held(by)
    if not user.check_password(old):
        raise Invalid(_("This is not your present password."), pointer="old")
    _set(user, password, at=at)


def _set(user: User, password: str, *, at: datetime) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), pointer="password") from error
    user.set_password(password)
    user.save(update_fields=["password"])
    events.record("colleague.secured", about=f"user:{user.pk}", by=user, at=at)
