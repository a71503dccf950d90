from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import chain
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Role, User

# Longer than a run may take with its slowest call: an endpoint is not taken from the hand of who sends to it.
CLAIMED_FOR = timedelta(minutes=2)
EVERYTHING = "*"


def groups_of(kind: str) -> list[str]:
    """What an endpoint may have asked for to hear of this kind: the kind, its group, or everything."""
    return [kind, f"{kind.partition('.')[0]}.*", EVERYTHING]


class WebhookState(models.TextChoices):
    """Where one message to one endpoint stands."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    GIVEN_UP = "given_up", _("Given up")


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, user: User) -> "WebhookQuerySet":
        """Administrators see all, everybody else their own."""
        if not user.is_active:
            return self.none()
        return self if user.role in {Role.ADMIN, Role.SYSTEM} else self.filter(sees_as=user)

    def listening(self, kind: str) -> "WebhookQuerySet":
        return self.filter(is_on=True, kinds__overlap=groups_of(kind))

    def listened_to(self, kinds: Collection[str]) -> set[str]:
        """Of these kinds those that anybody listens to."""
        asked_for = set(chain.from_iterable(self.filter(is_on=True).values_list("kinds", flat=True)))
        return {kind for kind in kinds if asked_for.intersection(groups_of(kind))}

    def ready(self, at: datetime) -> "WebhookQuerySet":
        """Those that something can be sent to now: on, not resting after failures, in nobody's hand."""
        free = Q(claimed_at=None) | Q(claimed_at__lt=at - CLAIMED_FOR)
        rested = Q(rests_until=None) | Q(rests_until__lte=at)
        return self.filter(free, rested, is_on=True)


class Webhook(models.Model):
    """An address at which another program hears of what happens here, as far as one user may know of it."""

    url = models.CharField(max_length=500)
    description = models.CharField(max_length=200, blank=True)
    # "case.judged", "case.*" or "*".
    kinds = ArrayField(models.CharField(max_length=40))
    # With whose eyes it sees: nothing is sent that this user could not read.
    sees_as = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Sealed (`helpdesk.sealed`): signing needs them whole. The old one signs too until its day is over.
    secret = models.TextField()
    old_secret = models.TextField(blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    is_on = models.BooleanField(default=True)
    off_reason = models.CharField(max_length=200, blank=True)
    # Failures since the last success, whatever was sent; after each it rests for longer.
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)
    # In the hand of a sender since: one at a time, so that messages go out in their order.
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar = WebhookQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["url", "sees_as"], name="one_webhook_an_address_and_user"),
            models.CheckConstraint(name="webhooks_listen_to_something", condition=~Q(kinds=[])),
        ]

    def __str__(self) -> str:
        return self.description or self.url

    # Mutators

    def switch(self, on: bool, *, reason: str = "") -> None:
        self.is_on, self.off_reason = on, "" if on else reason[:200]
        if on:
            self.failures, self.rests_until = 0, None
        self.save(update_fields=["is_on", "off_reason", "failures", "rests_until"])

    # Properties

    @property
    def is_failing(self) -> bool:
        return self.is_on and self.failures > 0

    def is_visible_to(self, user: User) -> bool:
        return Webhook.objects.visible_to(user).filter(pk=self.pk).exists()


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def due(self, at: datetime) -> "WebhookDeliveryQuerySet":
        return self.filter(state=WebhookState.WAITING, not_before__lte=at)


class WebhookDelivery(models.Model):
    """One event told to one endpoint: the words as they were then, and how the telling fares."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    # Null for a test that somebody sent by hand. No foreign key: old months of events may be detached.
    event_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    body = models.TextField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=WebhookState.choices, default=WebhookState.WAITING)
    # Tries are counted from here: it was made, or somebody pressed "Send again".
    since = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True)
    # Of the last attempt: the HTTP status, the beginning of the answer, or why there was none.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    error = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(null=True, blank=True)

    objects: ClassVar = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name_plural = "webhook deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="an_event_once_to_a_webhook")
        ]
        indexes: ClassVar = [
            models.Index(fields=["webhook", "not_before"], name="webhook_due", condition=Q(state="waiting")),
            models.Index(fields=["webhook", "-id"], name="webhook_log"),
            models.Index(fields=["created_at"], name="webhook_old"),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(
                name="frozen_message", fields=["webhook", "event_id", "kind", "body", "created_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.kind}"

    @property
    def message_id(self) -> str:
        """Its `webhook-id`: the same at every attempt, and later ones sort behind earlier ones."""
        return f"msg_{self.pk:016d}"
