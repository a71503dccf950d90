from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.output.account.models import CustomerSession, SignInLink
from apps.output.articles.models import Article, ArticleText, ArticleVersion, Topic
from apps.output.customers.models import CustomerMerge, CustomerNote
from apps.output.help_centre.models import ArticleUse, HelpSearch, HelpVisit
from apps.output.notifications.models import Notification, NotificationSettings
from apps.output.organisations.models import OrganisationMerge, OrganisationNote
from apps.output.privacy.models import CustomerExport, Erasure, LegalHold, RetentionRule, RetentionRun
from apps.output.webhooks.models import Webhook, WebhookDelivery
from helpdesk import events
from helpdesk.models import Message, Role, Ticket, User

__all__ = [
    "Article",
    "ArticleText",
    "ArticleUse",
    "ArticleVersion",
    "CustomerExport",
    "CustomerMerge",
    "CustomerNote",
    "CustomerSession",
    "Delivery",
    "Enclosure",
    "Erasure",
    "HelpSearch",
    "HelpVisit",
    "Kind",
    "LegalHold",
    "Notification",
    "NotificationSettings",
    "OrganisationMerge",
    "OrganisationNote",
    "RetentionRule",
    "RetentionRun",
    "SignInLink",
    "State",
    "Topic",
    "Webhook",
    "WebhookDelivery",
]


class State(models.TextChoices):
    """Where a letter stands."""

    HELD = "held", _("Held")  # its author may still take it back
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Taken back")


class Kind(models.TextChoices):
    REPLY = "reply", _("Reply")
    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
    NOTICE = "notice", _("Notice")
    SIDE = "side", _("Side conversation")


WAITING = (State.HELD, State.QUEUED)
ENVELOPE = (
    "kind", "message", "ticket", "about", "key", "sender", "to", "cc", "subject", "text", "html", "headers",
    "letter_id", "created_at", "created_by",
)  # fmt: skip


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> "DeliveryQuerySet":
        """Letters about tickets this person may know of; letters about no ticket are the administrators'."""
        if user.role in {Role.ADMIN, Role.SYSTEM}:
            return self
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def due(self, at: datetime) -> "DeliveryQuerySet":
        return self.filter(state__in=WAITING, send_after__lte=at).order_by("send_after", "pk")

    def stuck(self, before: datetime) -> "DeliveryQuerySet":
        """Claimed by a process that died before it could say how the sending went."""
        return self.filter(state=State.SENDING, claimed_at__lt=before)


class Delivery(models.Model):
    """One letter on its way out of the house. Envelope and words are frozen when it is made; only its fate changes."""

    kind = models.CharField(max_length=16, choices=Kind.choices)
    # Replies and acknowledgements have a message; notices, surveys and letters to others have none.
    message = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="+")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="+")
    # What a notice is about when it is no ticket: "case:31".
    about = models.CharField(max_length=40, blank=True)
    # Given by whoever asks for a notice, so that asking twice sends once: "digest:12:2026-W20".
    key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    sender = models.CharField(max_length=320)
    to = ArrayField(models.EmailField(max_length=254))
    cc = ArrayField(models.EmailField(max_length=254), default=list)
    subject = models.CharField(max_length=600)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    # Its Message-ID, with angle brackets. A second attempt carries the same one, so that receivers drop the double.
    letter_id = models.CharField(max_length=400, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    # Not before this: first the end of the time in which it can be taken back, later the next try.
    send_after = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [
            models.Index(
                fields=["send_after", "id"],
                name="delivery_due",
                condition=Q(state__in=[state.value for state in WAITING]),
            ),
            models.Index(
                fields=["claimed_at"], name="delivery_stuck", condition=Q(state=State.SENDING.value)
            ),
            models.Index(fields=["ticket", "-id"], name="delivery_of_ticket"),
            models.Index(fields=["state", "-id"], name="delivery_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="replies_have_a_message_notices_none",
                condition=Q(kind__in=["notice", "side"], message__isnull=True)
                | (~Q(kind__in=["notice", "side"]) & Q(message__isnull=False)),
            ),
            models.CheckConstraint(
                name="sent_letters_have_a_time", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="frozen_envelope", fields=list(ENVELOPE)),
            pgtrigger.FSM(
                name="states_of_a_letter",
                field="state",
                transitions=[
                    ("held", "sending"),
                    ("held", "withdrawn"),
                    ("queued", "sending"),
                    ("sending", "sent"),
                    ("sending", "queued"),
                    ("sending", "failed"),
                    ("failed", "queued"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {', '.join(self.to)}: {self.subject}"

    # Mutators

    def note_sent(self, *, by: User, at: datetime) -> None:
        self.state, self.sent_at, self.error = State.SENT, at, ""
        self.save(update_fields=["state", "sent_at", "error"])
        self._record("delivery.sent", by=by, at=at)

    def try_again(self, *, error: str, send_after: datetime) -> None:
        """The other side could not take it now. No event: nothing is settled yet."""
        self.state, self.error, self.send_after = State.QUEUED, error, send_after
        self.save(update_fields=["state", "error", "send_after"])

    def fail(self, *, error: str, by: User, at: datetime) -> None:
        self.state, self.error = State.FAILED, error
        self.save(update_fields=["state", "error"])
        self._record("delivery.failed", by=by, at=at)

    def _record(self, kind: str, *, by: User, at: datetime) -> None:
        data = {"delivery": self.pk, "message": self.message_id}
        about = "" if self.ticket_id else self.about or f"delivery:{self.pk}"
        events.record(kind, ticket=self.ticket, about=about, by=by, at=at, data=data)

    # Properties

    @property
    def recipients(self) -> list[str]:
        return [*self.to, *self.cc]


class Enclosure(models.Model):
    """A file of ours that goes with a notice, a report as PDF. What customers are sent are attachments of messages."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="enclosures")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    content = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "name"], name="a_file_once_in_a_letter")
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="frozen_enclosure", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name
