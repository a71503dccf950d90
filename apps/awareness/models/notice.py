from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.analysis.models import Case
from helpdesk import events
from helpdesk.permissions import may

if TYPE_CHECKING:
    from helpdesk.models import User


class NoticeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    INTERNAL = "internal", _("Colleagues only")


TRANSITIONS = [
    ("draft", "published"),
    ("draft", "withdrawn"),
    ("published", "withdrawn"),
    ("withdrawn", "published"),
    # Proven anew after it came back: the words are new too.
    ("withdrawn", "draft"),
]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def public(self) -> "NoticeQuerySet":
        """What a stranger may read."""
        return self.filter(state=NoticeState.PUBLISHED, audience=Audience.PUBLIC).order_by(
            "-published_at", "-id"
        )

    def visible_to(self, user: "User") -> "NoticeQuerySet":
        """Colleagues read what is published; who publishes also sees drafts, of cases they may know of."""
        if not may(user, "awareness.view"):
            return self.public()
        published = Q(state=NoticeState.PUBLISHED)
        if not may(user, "awareness.publish"):
            return self.filter(published)
        return self.filter(published | Q(case=None) | Q(case__in=Case.objects.visible_to(user)))


class Notice(models.Model):
    """ "You said, we did": one thing that was put right because people told us, in the words of customers."""

    case = models.ForeignKey("analysis.Case", models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=150)
    body = models.TextField(max_length=5_000)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.PUBLIC)
    state = models.CharField(max_length=9, choices=NoticeState.choices, default=NoticeState.DRAFT)
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        # Drafts wait for somebody, so they stand first; the states' names happen to sort that way.
        ordering: ClassVar = ["state", "-published_at", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["-published_at", "-id"],
                name="notice_public",
                condition=Q(state="published", audience="public"),
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], name="one_notice_for_a_case"),
            models.CheckConstraint(
                name="published_notices_have_a_time",
                condition=~Q(state="published")
                | (Q(published_at__isnull=False) & Q(published_by__isnull=False)),
            ),
        ]
        triggers: ClassVar = [pgtrigger.FSM(name="notice_states", field="state", transitions=TRANSITIONS)]

    def __str__(self) -> str:
        return self.title

    # Mutators

    def write(self, *, title: str, body: str, audience: str, by: "User", at: datetime) -> None:
        before = self.title
        self.title, self.body, self.audience = title, body, audience
        self.save(update_fields=["title", "body", "audience"])
        self._record("notice.edited", by=by, at=at, before=before)

    def redraft(self, *, title: str, body: str, by: "User", at: datetime) -> None:
        self.title, self.body, self.state, self.drafted_at = title, body, NoticeState.DRAFT, at
        self.save(update_fields=["title", "body", "state", "drafted_at"])
        self._record("notice.drafted", by=by, at=at)

    def publish(self, *, by: "User", at: datetime) -> None:
        self.state, self.published_by, self.published_at = NoticeState.PUBLISHED, by, at
        self.save(update_fields=["state", "published_by", "published_at"])
        self._record("notice.published", by=by, at=at, audience=self.audience)

    def withdraw(self, *, reason: str, by: "User", at: datetime) -> None:
        self.state, self.withdrawn_at = NoticeState.WITHDRAWN, at
        self.save(update_fields=["state", "withdrawn_at"])
        self._record("notice.withdrawn", by=by, at=at, reason=reason)

    def _record(self, kind: str, *, by: "User", at: datetime, **data: object) -> None:
        data = {"title": self.title, "case": self.case_id, **data}
        events.record(kind, about=f"notice:{self.pk}", by=by, at=at, data=data)

    # Properties

    @property
    def is_published(self) -> bool:
        return self.state == NoticeState.PUBLISHED

    def was_withdrawn_before(self, moment: datetime) -> bool:
        gone = self.withdrawn_at if self.state == NoticeState.WITHDRAWN else None
        return gone is not None and gone < moment

    def is_visible_to(self, user: "User") -> bool:
        return Notice.objects.visible_to(user).filter(pk=self.pk).exists()
