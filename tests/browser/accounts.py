"""Somebody's account, and the link by which somebody new chooses a password."""

from urllib.parse import urlsplit

from django.urls import reverse

from apps.staff.accounts.services import add_colleague, password_link
from helpdesk.models import Role, User
from tests.factories import NOW


def account_of(user: User) -> dict[str, str]:
    """The link is of somebody who has not come in yet: signing in ends it."""
    boss = User.objects.get(role=Role.ADMIN)
    given = {"name": "Bea", "email": "bea@desk.test", "role": Role.AGENT, "department": user.department}
    newcomer = add_colleague(**given, by=boss, at=NOW)
    return {
        "account": reverse("account", kwargs={"pk": user.pk}),
        "choose_password": urlsplit(password_link(user=newcomer)).path,
    }
