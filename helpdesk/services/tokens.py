"""Keys for programs."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from helpdesk.errors import Invalid
from helpdesk.models import ApiToken, Department, Role, User
from helpdesk.models.api import SCOPES
from helpdesk.permissions import require


@transaction.atomic
def issue_token(
    *, name: str, scopes: list[str], department: Department | None, by: User, at: datetime
) -> str:
    """Give a program a key and an API client row to act as; returns the key, which can't be shown again.

    Raises Invalid for an unknown scope.
    """
    require(by, "helpdesk.tokens")
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise Invalid(
            gettext("Unknown scope %(unknown)s. Known: %(scopes)s.")
            % {"unknown": ", ".join(unknown), "scopes": ", ".join(SCOPES)},
            pointer="scopes",
        )
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
