"""The one place from which this point writes letters: to owners, by way of output's outbox."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from apps.analysis.models import Case, OwnerLink
from apps.output.services import send_notice
from helpdesk.errors import DomainError
from helpdesk.models import User

SALT = "apps.analysis.owner-link"
VALID_FOR = timedelta(days=60)


class LinkExpired(DomainError):
    """This link has expired or was replaced by a newer one. Look for the latest mail about the case, or sign in."""

    code = "link-expired"
    status = 403


def make_link(*, case: Case, user: User, at: datetime) -> str:
    """A key into this case for this person; only its row is stored, the signature is made again each time."""
    row = OwnerLink.objects.create(case=case, user=user, made_at=at, expires_at=at + VALID_FOR)
    return signing.dumps({"link": row.pk}, salt=SALT)


def link_by_key(*, key: str, at: datetime) -> OwnerLink:
    """The link behind a key. Raises LinkExpired for whatever does not open: forged, expired, revoked, or no longer
    of somebody who answers for the case."""
    try:
        number = signing.loads(key, salt=SALT)["link"]
    except (signing.BadSignature, KeyError, TypeError) as error:
        raise LinkExpired from error
    link = (
        OwnerLink.objects.filter(pk=number, revoked_at=None, expires_at__gt=at, user__is_active=True)
        .select_related("user", "case__owner_department", "case__owner", "case__deputy", "case__issue")
        .first()
    )
    if link is None or not link.case.is_owned_by(link.user):
        raise LinkExpired
    return link


def revoke_links(*, case: Case, at: datetime) -> None:
    """Nobody enters by the old letters: the case was handed to somebody else."""
    OwnerLink.objects.filter(case=case, revoked_at=None).update(revoked_at=at)


def tell_owner(case: Case, subject: str, lines: list[str], *, by: User, at: datetime) -> None:
    """A letter to the owner, and one to the deputy, each with a way in that needs no account."""
    for person in filter(None, (case.owner, case.deputy)):
        key = make_link(case=case, user=person, at=at)
        url = settings.SITE_URL.rstrip("/") + reverse("owner_page", kwargs={"key": key})
        text = "\n\n".join([f"Dear {person.name},", *lines, f"Everything about it, and your answer:\n{url}"])
        send_notice(
            to=person.email, subject=f"{case.number}: {subject}", text=text, about=case.ref, by=by, at=at
        )
