from datetime import date
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TaxonomyRelease(models.Model):
    """One published edition of the issue taxonomy; coded tickets remember the edition they were coded in.

    It is never taken out again: undoing it is another edition, which does the reverse.
    """

    number = models.PositiveIntegerField(unique=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    # What it changed, and what would change it back (`services.taxonomy_changes.written`), first to last.
    changes = models.JSONField(default=list)
    reverse = models.JSONField(default=list)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return str(_("Release %(n)s") % {"n": self.number})


class IssueKind(models.TextChoices):
    """A reason, or one of the four ways of having none: each of the four asks for something different."""

    REASON = "reason", _("Reason")
    NO_CODE = "no_code", _("No fitting code")
    NOT_ENOUGH = "not_enough", _("Not enough information")
    UNDETERMINED = "undetermined", _("Not yet determined")
    NO_PROBLEM = "no_problem", _("No problem")


class SuspectedCause(models.TextChoices):
    """The agent's guess where the cause lies; the root cause is an investigator's finding."""

    EMPLOYEE = "employee", _("Employee")
    PRODUCT = "product", _("Product")
    PROCESS = "process", _("Process or policy")
    PROMISE = "promise", _("Marketing promise")
    CUSTOMER = "customer", _("Customer error or expectation")


class IssueQuerySet(models.QuerySet["Issue"]):
    def valid(self, on: date) -> "IssueQuerySet":
        """Nodes that may be given to a ticket on this day."""
        return self.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))

    def leaves(self) -> "IssueQuerySet":
        """Nodes with nothing in use below them."""
        return self.filter(~models.Exists(Issue.objects.filter(parent=models.OuterRef("pk"), valid_to=None)))

    def under(self, path: str) -> "IssueQuerySet":
        """The node at this path and everything below it."""
        return self.filter(Q(path=path) | Q(path__startswith=path + "/"))


@pghistory.track(append_only=True)
class Issue(models.Model):
    """A node of the taxonomy: why the customer had to contact us, in their words. Tickets carry leaves."""

    # Stable for ever: a moved or renamed node keeps it.
    code = models.SlugField(max_length=80, unique=True)
    # Where the node stands today, from the root: "billing/invoice/charged-twice".
    path = models.CharField(max_length=250, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    label = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=IssueKind.choices, default=IssueKind.REASON)
    definition = models.TextField(blank=True)
    includes = models.TextField(blank=True)
    excludes = models.TextField(blank=True)
    # Verbatim examples; the suggestion model learns from them until tickets are coded.
    examples = ArrayField(models.TextField(), default=list, blank=True)
    counter_examples = ArrayField(models.TextField(), default=list, blank=True)
    owner_department = models.ForeignKey(
        "helpdesk.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey("helpdesk.User", models.SET_NULL, null=True, blank=True, related_name="+")
    default_severity = models.PositiveSmallIntegerField(default=3)
    # The edition that last changed this node.
    release = models.ForeignKey(TaxonomyRelease, models.PROTECT, related_name="issues")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = IssueQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["path"]
        indexes: ClassVar = [
            models.Index(fields=["path"], opclasses=["text_pattern_ops"], name="issue_subtree"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="issue_valid_to_not_before_from",
                # The same day: added and taken back, valid never.
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.label
