import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

CLAIMED_FOR = timedelta(minutes=5)  # longer than the few calls of one errand may take


class TrackerKind(models.TextChoices):
    GITHUB = "github", _("GitHub issues")
    JIRA = "jira", _("Jira")


def new_key() -> str:
    return secrets.token_urlsafe(18)


class TrackerQuerySet(models.QuerySet["Tracker"]):
    def with_counts(self) -> "TrackerQuerySet":
        """With how many items it has, and how many errands it did not take."""
        failed = Count("items__errands", filter=Q(items__errands__state=ErrandState.FAILED), distinct=True)
        return self.annotate(linked=Count("items", distinct=True), failed=failed)


class Tracker(models.Model):
    """A connection to one project of an outside tracker, in which actions get their counterparts."""

    kind = models.CharField(max_length=6, choices=TrackerKind.choices)
    name = models.CharField(max_length=80, unique=True)
    base_url = models.CharField(max_length=300)
    # "acme/shop" of GitHub, "SHOP" of Jira.
    project = models.CharField(max_length=120)
    # Jira Cloud: whose API token it is. Empty: the token stands for itself.
    account = models.CharField(max_length=200, blank=True)
    item_type = models.CharField(max_length=60, blank=True)
    labels = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    # Sealed (`helpdesk.sealed`): ours to call it, and theirs to sign what they tell us.
    token = models.TextField()
    hook_secret = models.TextField()
    # In the address it calls: who does not know it finds nothing there.
    key = models.CharField(max_length=40, unique=True, default=new_key)
    is_on = models.BooleanField(default=True)
    # What went wrong when we called last; empty when nothing did.
    error = models.CharField(max_length=300, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects: ClassVar = TrackerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """“GitHub acme/shop”."""
        return f"{'GitHub' if self.kind == TrackerKind.GITHUB else 'Jira'} {self.project}"


class TrackerItem(models.Model):
    """The counterpart of an action in a tracker: to be created, or there."""

    action = models.OneToOneField("analysis.Action", models.CASCADE, related_name="tracker_item")
    tracker = models.ForeignKey(Tracker, models.PROTECT, related_name="items")
    # Its number or name there; empty until it is created.
    key = models.CharField(max_length=60, blank=True)
    url = models.CharField(max_length=500, blank=True)
    # In its body or its labels, so that after a crash it is found and not created again.
    marker = models.CharField(max_length=60, unique=True)
    is_closed = models.BooleanField(default=False)
    is_done = models.BooleanField(default=False)
    standing = models.CharField(max_length=140, blank=True)
    # As of when: what is older than this comes late and is not believed.
    standing_at = models.DateTimeField(null=True, blank=True)
    # When news from there last moved the action: of that the tracker need not be told.
    moved_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tracker", "key"], condition=~Q(key=""), name="an_item_stands_for_one_action"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """“acme/shop#12”, “SHOP-12”."""
        if not self.key:
            return self.tracker.place
        return f"{self.tracker.project}#{self.key}" if self.tracker.kind == TrackerKind.GITHUB else self.key

    @property
    def problem(self) -> str:
        """Why it could not be created, or told; needs `errands` prefetched to cost no query."""
        return next((errand.error for errand in self.errands.all() if errand.state == ErrandState.FAILED), "")


class ErrandState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ErrandQuerySet(models.QuerySet["TrackerErrand"]):
    def due(self, at: datetime) -> "ErrandQuerySet":
        """What can be run now: comments wait until there is an item to comment on."""
        free = Q(claimed_at=None) | Q(claimed_at__lt=at - CLAIMED_FOR)
        ready = Q(what=TrackerErrand.CREATE) | ~Q(item__key="")
        return self.filter(
            free, ready, state=ErrandState.WAITING, not_before__lte=at, item__tracker__is_on=True
        )


class TrackerErrand(models.Model):
    """Something the tracker is to be told: create the item, or say under it what became of the action."""

    CREATE, COMMENT = "create", "comment"

    item = models.ForeignKey(TrackerItem, models.CASCADE, related_name="errands")
    what = models.CharField(max_length=8, choices=[(CREATE, "Create"), (COMMENT, "Comment")])
    # The event it is about, so that the same news makes one errand: "event:90211", "create".
    key = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=ErrandState.choices, default=ErrandState.WAITING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    objects: ClassVar = ErrandQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "key"], name="an_errand_once_for_its_news")
        ]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], name="errand_due", condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.item}"

    @property
    def marker(self) -> str:
        """Stands below the comment, so that after a crash it is found and not written again."""
        return f"helpdesk-note-{self.pk}"


class TrackerNews(models.Model):
    """A webhook of a tracker that told of an item of ours: each is heard once, however often it comes."""

    tracker = models.ForeignKey(Tracker, models.CASCADE, related_name="+")
    delivery = models.CharField(max_length=200)
    item = models.ForeignKey(TrackerItem, models.CASCADE, related_name="+")
    heard_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tracker", "delivery"], name="tracker_news_is_heard_once")
        ]
        indexes: ClassVar = [models.Index(fields=["heard_at"], name="tracker_news_old")]

    def __str__(self) -> str:
        return self.delivery
