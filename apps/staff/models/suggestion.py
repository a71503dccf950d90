from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk import events

if TYPE_CHECKING:
    from apps.analysis.models import Case
    from helpdesk.models import Issue, User

MAX_TITLE = 200


class SuggestionState(models.TextChoices):
    WAITING = "waiting", _("Waits for an answer")
    TAKEN_UP = "taken_up", _("Taken up as a case")
    PROPOSED = "proposed", _("Proposed as a new issue")
    MERGED = "merged", _("Part of another")
    DECLINED = "declined", _("Declined")


TRANSITIONS: dict[str, frozenset[str]] = {
    SuggestionState.WAITING: frozenset({"taken_up", "proposed", "merged", "declined"}),
    # An issue that is there can still turn out to need a case, or to be what another one says.
    SuggestionState.PROPOSED: frozenset({"taken_up", "merged", "declined"}),
    # A second look: nothing is refused for good.
    SuggestionState.MERGED: frozenset({"waiting"}),
    SuggestionState.DECLINED: frozenset({"waiting"}),
    # From here on its case says what becomes of it.
    SuggestionState.TAKEN_UP: frozenset(),
}


@pghistory.track(append_only=True)
class Suggestion(models.Model):
    """What somebody who works here sees going wrong, and what they would do about it: a source of issues and cases
    that no customer's words have to bring up first."""

    title = models.CharField(max_length=MAX_TITLE)
    problem = models.TextField()
    remedy = models.TextField(blank=True)
    issue = models.ForeignKey("helpdesk.Issue", models.PROTECT, null=True, blank=True, related_name="+")
    product = models.ForeignKey("helpdesk.Product", models.PROTECT, null=True, blank=True, related_name="+")
    # Whom it concerns; whose cause it is, the case finds out.
    department = models.ForeignKey(
        "helpdesk.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    ticket = models.ForeignKey("helpdesk.Ticket", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=SuggestionState.choices, default=SuggestionState.WAITING)
    state_since = models.DateTimeField()
    # What was said to it, and by whom.
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("analysis.Case", models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # The issue that is proposed; its code once it stands in the draft of the taxonomy.
    proposed_label = models.CharField(max_length=120, blank=True)
    proposed_under = models.ForeignKey("helpdesk.Issue", models.PROTECT, null=True, related_name="+")
    proposed_code = models.SlugField(max_length=80, blank=True)
    suggested_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    suggested_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "-state_since"], name="suggestion_states"),
            models.Index(fields=["case"], name="suggestion_of_case", condition=Q(case__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="suggestions_taken_up_have_a_case",
                condition=~Q(state="taken_up") | Q(case__isnull=False),
            ),
            models.CheckConstraint(
                name="merged_suggestions_say_into_which",
                condition=(~Q(state="merged") | Q(merged_into__isnull=False)) & ~Q(merged_into=F("pk")),
            ),
            models.CheckConstraint(
                name="declined_suggestions_say_why", condition=~Q(state="declined") | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="proposed_suggestions_name_the_issue",
                condition=~Q(state="proposed") | ~Q(proposed_label=""),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="suggestion_states",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            )
        ]

    def __str__(self) -> str:
        return self.title

    # Factories

    @classmethod
    def make(cls, *, by: "User", at: datetime, **fields: object) -> "Suggestion":
        row = cls.objects.create(suggested_by=by, suggested_at=at, state_since=at, **fields)
        row.record("suggestion.made", by=by, at=at, title=row.title)
        return row

    # Mutators

    def write(self, *, by: "User", at: datetime, **fields: object) -> None:
        """Other words; the history keeps those there were."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=list(fields))
        self.record("suggestion.edited", by=by, at=at)

    def answer_with(
        self, state: str, *, answer: str, by: "User", at: datetime, case: "Case | None" = None,
        into: "Suggestion | None" = None, label: str = "", under: "Issue | None" = None,
    ) -> None:  # fmt: skip
        """Where it goes from here, with the words for it."""
        before, self.state = self.state, state
        self.state_since, self.answer, self.answered_by = at, answer, by
        self.case, self.merged_into = case, into
        fields = ["state", "state_since", "answer", "answered_by", "case", "merged_into"]
        if state == SuggestionState.PROPOSED:
            self.proposed_label, self.proposed_under = label, under
            fields += ["proposed_label", "proposed_under"]
        self.save(update_fields=fields)
        told = {"case": case.pk if case else None, "into": into.pk if into else None, "answer": answer}
        self.record("suggestion.answered", by=by, at=at, **{"from": before}, to=str(state), **told)

    def note_draft(self, code: str, *, by: "User", at: datetime) -> None:
        """The issue it proposes stands in the draft of the taxonomy."""
        self.proposed_code = code
        self.save(update_fields=["proposed_code"])
        self.record("suggestion.drafted", by=by, at=at, code=code)

    def forget_draft(self, *, by: "User", at: datetime) -> None:
        """It was given up there: who publishes the taxonomy may put it there again."""
        before, self.proposed_code = self.proposed_code, ""
        self.save(update_fields=["proposed_code"])
        self.record("suggestion.undrafted", by=by, at=at, code=before)

    def become(self, issue: "Issue") -> None:
        """The issue it proposed is one now: from here on its tickets are counted. The release is the record of it."""
        self.issue = issue
        self.save(update_fields=["issue"])

    def record(self, kind: str, *, by: "User", at: datetime, **data: object) -> None:
        events.record(kind, about=f"suggestion:{self.pk}", by=by, at=at, data=data)

    # Properties

    @property
    def is_waiting(self) -> bool:
        return self.state == SuggestionState.WAITING

    @property
    def ref(self) -> str:
        return f"suggestion:{self.pk}"


class Voice(models.Model):
    """A colleague who sees the same: one voice a person and suggestion, beside that of who suggested it."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="voices")
    user = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["suggestion", "user"], name="one_voice_a_person_and_suggestion")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.suggestion}"
