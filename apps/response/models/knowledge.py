from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Department, Issue, Message, Role, Ticket, User


class Then(models.TextChoices):
    """What becomes of the ticket once a reply is written."""

    STAY = "", _("Leave it open")
    WAIT = "wait", _("Wait for the customer")
    SOLVE = "solve", _("Solve")


MAX_QUESTION, MAX_ANSWER = 300, 500
GUIDANCE_FIELDS = (
    "questions", "solution_space", "explanation", "prevention_tip", "known_error", "agent_limit", "lead_limit",
)  # fmt: skip


class MacroQuerySet(models.QuerySet["Macro"]):
    def usable_in(self, department_id: int | None, *, by: User) -> "MacroQuerySet":
        """Those of the company, of the department that has the ticket, and this person's own."""
        shared = Q(department__isnull=True) | Q(department_id=department_id)
        return self.filter(shared & Q(owner__isnull=True) | Q(owner=by), is_active=True)

    def kept_by(self, user: User, *, shared: bool) -> "MacroQuerySet":
        """Those this person may change: their own, and, where they may, those that are shared."""
        return self.filter(Q(owner__isnull=True) | Q(owner=user) if shared else Q(owner=user))


@pghistory.track(append_only=True)
class Macro(models.Model):
    """What we do often with a ticket: an answer whose fields are filled from it, acts, or both."""

    name = models.CharField(max_length=120)
    # May hold {{ fields }}: see `macros.FIELDS`. Empty: it only acts.
    body = models.TextField(blank=True)
    then = models.CharField(max_length=8, choices=Then.choices, blank=True, default=Then.STAY)
    # As `acting.written` writes them: done with the answer, or by themselves.
    acts = models.JSONField(default=list, blank=True)
    # Empty: every department uses it.
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    # Of one person alone; empty: it is shared.
    owner = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)

    objects: ClassVar = MacroQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "department", "owner"],
                nulls_distinct=False,
                name="macro_name_once_in_a_department",
            ),
            models.CheckConstraint(
                name="an_own_macro_has_no_department",
                condition=Q(owner__isnull=True) | Q(department__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MacroUse(models.Model):
    """A macro was used: on which ticket, with which answer, and what it did there, so that undo takes that back."""

    macro = models.ForeignKey(Macro, models.CASCADE, related_name="uses")
    # Empty: on many tickets at once.
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # As `acting.written` writes them.
    done = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["macro", "-at"], name="use_of_macro")]

    def __str__(self) -> str:
        return f"{self.macro_id} on #{self.ticket_id}"


@pghistory.track(append_only=True)
class Guidance(models.Model):
    """What an agent should know while answering one issue: what to ask, what may be offered, how to explain it.

    Its past versions are kept by the database, so an answer can be judged by the guidance of its day.
    """

    issue = models.OneToOneField(Issue, models.CASCADE, related_name="+")
    questions = models.TextField(blank=True)
    solution_space = models.TextField(blank=True)
    explanation = models.TextField(blank=True)
    prevention_tip = models.TextField(blank=True)
    # Told while the cause is being removed; analysis writes it when a case has a workaround.
    known_error = models.TextField(blank=True)
    # The most each role may give for this issue without asking; 0 is nothing.
    agent_limit = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    lead_limit = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    # Counted up at every change.
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_lead_may_give_as_much_as_an_agent",
                condition=Q(agent_limit__gte=0) & Q(lead_limit__gte=models.F("agent_limit")),
            )
        ]

    def __str__(self) -> str:
        return f"Guidance for {self.issue}"

    # Properties

    def asks(self) -> list[str]:
        """The questions, one a line."""
        lines = (line.strip(" \t-*\u2022") for line in self.questions.splitlines())
        return list(dict.fromkeys(line[:MAX_QUESTION] for line in lines if line))

    def words(self) -> dict[str, str]:
        """All that it says, as an edition keeps it."""
        return {name: str(getattr(self, name)) for name in GUIDANCE_FIELDS}

    def limit_of(self, role: str) -> Decimal | None:
        """The most this role may give; None where there is no limit."""
        if role == Role.ADMIN:
            return None
        return self.lead_limit if role == Role.LEAD else self.agent_limit


class GuidanceEdition(models.Model):
    """The guidance of an issue as somebody wrote it: a published version of it, or the one draft of the next."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="+")
    # Empty: a draft.
    number = models.PositiveIntegerField(null=True, blank=True)
    words = models.JSONField()
    # Empty: written before versions were kept.
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "number"], name="each_version_of_guidance_once"),
            models.UniqueConstraint(
                fields=["issue"], condition=Q(number__isnull=True), name="one_draft_of_guidance"
            ),
        ]

    def __str__(self) -> str:
        return f"Guidance for {self.issue}, {self.number or 'draft'}"


class FoundFact(models.Model):
    """What was found out on a ticket: the answer to a question of the guidance. The history keeps earlier answers."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    question = models.CharField(max_length=MAX_QUESTION)
    answer = models.CharField(max_length=MAX_ANSWER)
    found_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "question"], name="a_question_answered_once_on_a_ticket"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.answer}"
