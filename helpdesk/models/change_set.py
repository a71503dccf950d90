from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models.issue import TaxonomyRelease

if TYPE_CHECKING:
    from helpdesk.models.user import User


class ChangeSetState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PLANNED = "planned", _("Planned")
    PUBLISHED = "published", _("Published")
    # At the planned time the taxonomy was no longer what it had been: somebody has to look at it.
    REFUSED = "refused", _("Could not be published")
    DISCARDED = "discarded", _("Discarded")


TRANSITIONS: dict[str, tuple[str, ...]] = {
    ChangeSetState.DRAFT: ("planned", "published", "discarded"),
    ChangeSetState.PLANNED: ("draft", "published", "refused", "discarded"),
    ChangeSetState.REFUSED: ("draft", "discarded"),
}


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    def draft(self) -> "ChangeSet | None":
        """The one that is worked on."""
        return self.filter(state=ChangeSetState.DRAFT).first()

    def due(self, at: datetime) -> "ChangeSetQuerySet":
        return self.filter(state=ChangeSetState.PLANNED, publish_at__lte=at).order_by("publish_at", "id")

    def waiting(self) -> "ChangeSetQuerySet":
        """Neither draft nor ended: planned, or refused at the planned time."""
        return self.filter(state__in=[ChangeSetState.PLANNED, ChangeSetState.REFUSED])


@pghistory.track(append_only=True)
class ChangeSet(models.Model):
    """Changes of the taxonomy that are drafted together, looked at together and published as one release."""

    state = models.CharField(max_length=9, choices=ChangeSetState.choices, default=ChangeSetState.DRAFT)
    note = models.TextField(blank=True)
    # Counts every change of the draft: who publishes says which version was looked at.
    version = models.PositiveIntegerField(default=0)
    begun_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    publish_at = models.DateTimeField(null=True, blank=True)
    planned_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")
    release = models.OneToOneField(
        TaxonomyRelease, models.PROTECT, null=True, blank=True, related_name="change_set"
    )
    refusal = models.TextField(blank=True)

    objects: ClassVar = ChangeSetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="draft"), name="one_draft_of_the_taxonomy"
            ),
            models.CheckConstraint(
                name="planned_change_sets_have_a_time",
                condition=~Q(state="planned") | Q(publish_at__isnull=False, planned_by__isnull=False),
            ),
            models.CheckConstraint(
                name="published_change_sets_have_a_release",
                condition=Q(state="published", release__isnull=False)
                | (~Q(state="published") & Q(release__isnull=True)),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="change_set_states",
                field="state",
                transitions=[(before, after) for before, afters in TRANSITIONS.items() for after in afters],
            )
        ]

    def __str__(self) -> str:
        return f"Change set {self.pk} ({self.get_state_display()})"

    # Mutators

    def add(self, data: dict[str, Any], *, by: "User", at: datetime) -> "DraftChange":
        """One change more, after the others."""
        self._next_version()
        return DraftChange.objects.create(
            change_set=self, position=self.version, data=data, added_by=by, added_at=at
        )

    def remove(self, change: "DraftChange") -> None:
        change.delete()
        self._next_version()

    def plan(self, *, publish_at: datetime, note: str, by: "User") -> None:
        self.state, self.publish_at, self.note, self.planned_by = (
            ChangeSetState.PLANNED, publish_at, note, by,
        )  # fmt: skip
        self.save(update_fields=["state", "publish_at", "note", "planned_by"])

    def take_up_again(self) -> None:
        self.state, self.publish_at, self.planned_by, self.refusal = ChangeSetState.DRAFT, None, None, ""
        self.save(update_fields=["state", "publish_at", "planned_by", "refusal"])

    def become(self, release: TaxonomyRelease) -> None:
        self.state, self.release, self.note = ChangeSetState.PUBLISHED, release, release.note
        self.save(update_fields=["state", "release", "note"])

    def refuse(self, reason: str) -> None:
        self.state, self.refusal = ChangeSetState.REFUSED, reason
        self.save(update_fields=["state", "refusal"])

    def discard(self) -> None:
        self.state = ChangeSetState.DISCARDED
        self.save(update_fields=["state"])

    def _next_version(self) -> None:
        self.version += 1
        self.save(update_fields=["version"])


class DraftChange(models.Model):
    """One change of a change set, with who proposed it."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="changes")
    position = models.PositiveIntegerField()
    # As `services.taxonomy_changes.written` has it.
    data = models.JSONField()
    added_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change_set", "position"], name="one_change_at_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.data['change']} {self.data.get('code', '')}"
