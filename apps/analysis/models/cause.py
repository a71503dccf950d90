from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk import events
from helpdesk.models import SuspectedCause
from helpdesk.sentences import SentenceField, Words

if TYPE_CHECKING:
    from apps.analysis.models.case import Case
    from helpdesk.models import User


class CausePath(models.TextChoices):
    """The two questions a case must ask."""

    OCCURRENCE = "occurrence", _("Why did it happen?")
    ESCAPE = "escape", _("Why did nobody catch it?")


class CauseState(models.TextChoices):
    HYPOTHESIS = "hypothesis", _("Hypothesis")
    TESTING = "testing", _("Testing")
    VERIFIED = "verified", _("Verified")
    REFUTED = "refuted", _("Refuted")


class CauseCategory(models.TextChoices):
    """Where a cause lies: the bones of the fishbone, in words that fit a service."""

    PEOPLE = "people", _("People")
    METHOD = "method", _("Process and policy")
    PRODUCT = "product", _("Product and systems")
    INFORMATION = "information", _("Information and promises")
    MEASUREMENT = "measurement", _("Checks and measures")
    OUTSIDE = "outside", _("Outside the company")


# Where nobody chose: the bone that fits the kind of cause.
USUAL_CATEGORY = {
    SuspectedCause.EMPLOYEE: CauseCategory.PEOPLE,
    SuspectedCause.PRODUCT: CauseCategory.PRODUCT,
    SuspectedCause.PROCESS: CauseCategory.METHOD,
    SuspectedCause.PROMISE: CauseCategory.INFORMATION,
    SuspectedCause.CUSTOMER: CauseCategory.OUTSIDE,
}
TRANSITIONS: dict[str, frozenset[str]] = {
    CauseState.HYPOTHESIS: frozenset({"testing", "verified", "refuted"}),
    CauseState.TESTING: frozenset({"verified", "refuted", "hypothesis"}),
    CauseState.VERIFIED: frozenset({"testing"}),
    CauseState.REFUTED: frozenset({"testing"}),
}


class Cause(models.Model):
    """One "because" in the tree of five whys of a case: a guess until somebody brings evidence for or against it."""

    case = models.ForeignKey("analysis.Case", models.CASCADE, related_name="causes")
    # The answer whose "why?" this one answers.
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=10, choices=CausePath.choices)
    text = models.TextField()
    cause_class = models.CharField(max_length=10, choices=SuspectedCause.choices)
    # Empty: the usual one of its kind (`bone`).
    category = models.CharField(max_length=12, choices=CauseCategory.choices, blank=True)
    state = models.CharField(max_length=10, choices=CauseState.choices, default=CauseState.HYPOTHESIS)
    # Typed by who judged it, or what the tickets said of its predictions.
    evidence = SentenceField(blank=True)
    added_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    judged_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_cause_does_not_explain_itself", condition=~models.Q(parent=models.F("id"))
            )
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="cause_states",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            )
        ]

    def __str__(self) -> str:
        return self.text

    # Factories

    @classmethod
    def add(cls, *, case: "Case", by: "User", at: datetime, **fields: object) -> "Cause":
        cause = cls.objects.create(case=case, added_by=by, added_at=at, **fields)
        events.record(
            "cause.added", about=case.ref, by=by, at=at, data={"cause": cause.pk, "text": cause.text}
        )
        return cause

    # Mutators

    def place(
        self, *, parent: "Cause | None", path: str, category: str, by: "User", at: datetime, note: str
    ) -> None:
        """Under another answer, or first of a question; in another kind of causes."""
        before = {"under": self.parent and self.parent.text, "path": self.path, "category": str(self.bone)}
        self.parent, self.path, self.category = parent, path, category
        self.save(update_fields=["parent", "path", "category"])
        after = {"under": parent and parent.text, "path": path, "category": str(self.bone)}
        data = {"cause": self.pk, "text": self.text, "from": before, "to": after, "note": note}
        events.record("cause.placed", about=self.case.ref, by=by, at=at, data=data)

    def judge(self, state: str, *, evidence: Words, by: "User", at: datetime) -> None:
        before, self.state = self.state, state
        self.evidence = evidence or self.evidence
        self.judged_by, self.judged_at = by, at
        self.save(update_fields=["state", "evidence", "judged_by", "judged_at"])
        data = {"cause": self.pk, "text": self.text, "from": before, "to": state, "evidence": evidence}
        events.record("cause.judged", about=self.case.ref, by=by, at=at, data=data)

    # Properties

    @property
    def bone(self) -> CauseCategory:
        return CauseCategory(self.category or USUAL_CATEGORY[SuspectedCause(self.cause_class)])
