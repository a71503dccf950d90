"""Use cases of the house itself: the first administrator, and keys for programs."""

from datetime import datetime

from django.db import connection, transaction

from helpdesk.errors import DomainError, Invalid
from helpdesk.models import ApiToken, Department, Role, User
from helpdesk.models.api import SCOPES
from helpdesk.permissions import require


class AlreadySetUp(DomainError):
    """This helpdesk already has an administrator. Sign in, or ask that person for an account."""

    code = "already-set-up"


@transaction.atomic
def create_first_admin(*, name: str, email: str, password: str, company: str) -> User:
    """Make the first administrator of an empty helpdesk and the department that takes every ticket at first.

    Raises AlreadySetUp when any person exists.
    """
    with connection.cursor() as cursor:  # two browsers on the set-up page must not both win
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('first admin'))")
    if User.objects.exclude(role=Role.SYSTEM).exists():
        raise AlreadySetUp()
    desk = Department.objects.create(name=company, slug="front-desk", is_default=True)
    admin = User.objects.create_user(
        email=email, name=name, password=password, role=Role.ADMIN, department=desk
    )
    desk.head = admin
    desk.save(update_fields=["head"])
    return admin


@transaction.atomic
def issue_token(
    *, name: str, scopes: list[str], department: Department | None, by: User, at: datetime
) -> str:
    """Give a program a key and an API client row to act as; returns the key, which can't be shown again.

    Raises Invalid for an unknown scope.
    """
    require(by, "helpdesk.tokens")
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise Invalid(f"Unknown scope {', '.join(unknown)}. Known: {', '.join(SCOPES)}.", pointer="scopes")
    client = User.objects.create_user(
        email=f"api-{at:%Y%m%d%H%M%S%f}@helpdesk.invalid",
        name=name,
        role=Role.API_CLIENT,
        department=department,
    )
    _, key = ApiToken.issue(user=client, name=name, scopes=scopes, at=at)
    return key


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, at: datetime) -> None:
    """The key stops working now."""
    require(by, "helpdesk.tokens")
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
