from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.response.models.remedy import GivenRemedy, Offer
from helpdesk.models import Issue, Remedy, Ticket, User


class ApprovalKind(models.TextChoices):
    """What is asked for."""

    REMEDY = "remedy", _("A remedy")


class ApprovalState(models.TextChoices):
    """How a request stands."""

    ASKED = "asked", _("Waits for an answer")
    ASKED_BACK = "asked_back", _("There is a question")
    APPROVED = "approved", _("Approved, not given yet")
    USED = "used", _("Approved and given")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Nobody answered in time")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ApprovalStep(models.IntegerChoices):
    """What becomes of a request nobody answers."""

    REMIND = 1, _("Remind")
    ESCALATE = 2, _("Ask the administrators too")
    EXPIRE = 3, _("Give up")


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def open(self) -> "ApprovalQuerySet":
        return self.filter(state__in=Approval.OPEN)

    def waiting_for(self, user: User) -> "ApprovalQuerySet":
        """What this person is to answer."""
        return self.filter(state=ApprovalState.ASKED, asked__user=user)

    def due(self, at: datetime) -> "ApprovalQuerySet":
        return self.open().filter(next_at__lte=at).order_by("next_at", "pk")


class Approval(models.Model):
    """Somebody wants to do what is above their authority: what, how much, why, for whom, until when; and the answer."""

    OPEN: ClassVar = (ApprovalState.ASKED, ApprovalState.ASKED_BACK)

    kind = models.CharField(max_length=12, choices=ApprovalKind.choices, default=ApprovalKind.REMEDY)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="+")
    remedy = models.CharField(max_length=12, choices=Remedy.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    why = models.CharField(max_length=500)
    # Why it could not be given at once, as it was told then.
    above = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ApprovalState.choices, default=ApprovalState.ASKED)
    # What happens next of itself, and when.
    next_step = models.PositiveSmallIntegerField(choices=ApprovalStep.choices, default=ApprovalStep.REMIND)
    next_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    # What was given by it.
    given = models.OneToOneField(GivenRemedy, models.SET_NULL, null=True, blank=True, related_name="approval")

    objects: ClassVar = ApprovalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["asked_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["ticket"], name="approval_of_ticket"),
            models.Index(
                fields=["next_at"], name="approval_due", condition=Q(state__in=["asked", "asked_back"])
            ),
        ]

    def __str__(self) -> str:
        return f"Approval {self.pk} on #{self.ticket_id}"

    def is_visible_to(self, user: User) -> bool:
        return self.ticket.is_visible_to(user)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class AskedApprover(models.Model):
    """Somebody who was asked for an approval; the letter's link names this row."""

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="asked")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    # They stand in for somebody who is away.
    instead_of = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["approval", "user"], name="asked_once_for_an_approval")
        ]
        indexes: ClassVar = [models.Index(fields=["user", "approval"], name="approvals_of_person")]

    def __str__(self) -> str:
        return f"{self.user} for {self.approval}"
