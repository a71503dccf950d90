"""Endpoints are added, changed, switched off and on, given new secrets, tried out and removed."""

import base64
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.output.webhooks.documents import message, offered_groups, offered_kinds
from apps.output.webhooks.models import EVERYTHING, Webhook, WebhookDelivery
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Role, User
from helpdesk.outside import must_be_reachable
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sealed import seal

VERB = "output.webhooks"
OLD_SECRET_FOR = timedelta(days=1)
TEST = "webhook.test"


class AlreadyThere(DomainError):
    """There is a webhook to this address already. Change that one."""

    code = "already-there"


class SwitchedOff(DomainError):
    """This webhook is switched off. Switch it on first."""

    code = "switched-off"


@dataclass(frozen=True)
class Shown:
    """A webhook and its new secret, which is shown this once."""

    webhook: Webhook
    secret: str


@transaction.atomic
def add_webhook(
    *, url: str, kinds: Sequence[str], description: str = "", sees_as: User | None = None, by: User, at: datetime
) -> Shown:  # fmt: skip
    """Tell an address of what happens here from now on, as far as `sees_as` (else `by`) may know of it.

    Raises Invalid for an address calls can't go to and for unknown kinds, AlreadyThere.
    """
    require(by, VERB)
    url, eyes, secret = must_be_reachable(url, "url"), sees_as or by, _new_secret()
    # Nobody lends eyes that see more than their own.
    if eyes != by and by.role != Role.ADMIN:
        raise Invalid(
            _("Only an administrator adds a webhook that sees as somebody else."), pointer="sees_as"
        )
    if Webhook.objects.filter(url=url, sees_as=eyes).exists():
        raise AlreadyThere(pointer="url")
    webhook = Webhook.objects.create(
        url=url, description=description.strip(), kinds=_known(kinds), sees_as=eyes, secret=seal(secret),
        created_by=by, created_at=at,
    )  # fmt: skip
    return Shown(webhook, secret)


def _known(kinds: Collection[str]) -> list[str]:
    known = {EVERYTHING, *offered_groups(), *offered_kinds()}
    if unknown := sorted(set(kinds) - known):
        raise Invalid(
            _("There is no news of the kind %(unknown)s. Groups are %(offered_groups)s.")
            % {"unknown": ", ".join(unknown), "offered_groups": ", ".join(offered_groups())},
            pointer="kinds",
        )
    if not kinds:
        raise Invalid(_("Choose what it is told of."), pointer="kinds")
    return sorted(set(kinds))


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


@transaction.atomic
def change_webhook(
    *, webhook: Webhook, url: str | None = None, kinds: Sequence[str] | None = None,
    description: str | None = None, is_on: bool | None = None, by: User, at: datetime,
) -> Webhook:  # fmt: skip
    """Another address, other kinds, another description, off or on, all of it or nothing; what is None stays.

    Raises Invalid, AlreadyThere.
    """
    require(by, VERB, webhook)
    webhook = held(webhook)
    if url is not None:
        webhook.url = must_be_reachable(url, "url")
        if (
            Webhook.objects.filter(url=webhook.url, sees_as=webhook.sees_as_id)
            .exclude(pk=webhook.pk)
            .exists()
        ):
            raise AlreadyThere(pointer="url")
    if kinds is not None:
        webhook.kinds = _known(kinds)
    if description is not None:
        webhook.description = description.strip()
    webhook.save(update_fields=["url", "kinds", "description"])
    if is_on is not None:
        switch_webhook(webhook=webhook, on=is_on, by=by, at=at)
    return webhook


@transaction.atomic
def switch_webhook(*, webhook: Webhook, on: bool, by: User, at: datetime) -> Webhook:
    """Off: nothing more is told, and what waits goes on waiting. On: what waits goes out."""
    require(by, VERB, webhook)
    webhook.switch(on, reason=f"Switched off by {by.name}")
    return webhook


@transaction.atomic
def rotate_secret(*, webhook: Webhook, by: User, at: datetime) -> Shown:
    """A new secret; for a day messages are signed with both, so that the other side can change over."""
    require(by, VERB, webhook)
    secret = _new_secret()
    webhook.old_secret, webhook.old_secret_until = webhook.secret, at + OLD_SECRET_FOR
    webhook.secret = seal(secret)
    webhook.save(update_fields=["secret", "old_secret", "old_secret_until"])
    return Shown(webhook, secret)


@transaction.atomic
def send_test(*, webhook: Webhook, by: User, at: datetime) -> WebhookDelivery:
    """Send a message that says nothing but that it is a test. Raises SwitchedOff: nobody would hear of it."""
    require(by, VERB, webhook)
    if not webhook.is_on:
        raise SwitchedOff
    body = message(TEST, at, {"webhook": webhook.pk, "by": {"id": by.pk, "role": by.role}})
    webhook.rests_until = None  # whoever tries it out has mended it, and waits for the answer
    webhook.save(update_fields=["rests_until"])
    return WebhookDelivery.objects.create(
        webhook=webhook, kind=TEST, body=body, created_at=at, since=at, not_before=at
    )


@transaction.atomic
def remove_webhook(*, webhook: Webhook, by: User, at: datetime) -> None:
    """It hears nothing any more, and its log is gone with it."""
    require(by, VERB, webhook)
    webhook.delete()
