"""Rows of the form by which answers are reviewed."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk import events

if TYPE_CHECKING:
    from helpdesk.models import User


class ScorecardState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("In use")
    RETIRED = "retired", _("Replaced")


class Scale(models.TextChoices):
    """How a criterion is answered; whatever the scale, it may not apply."""

    YES_NO = "yes_no", _("Yes or no")
    FOUR = "four", _("1 to 4")


class About(models.TextChoices):
    """Whom an answer to a criterion speaks of: the agent, or a part of the system that no agent can change."""

    AGENT = "agent", _("The agent")
    GUIDANCE = "guidance", _("Guidance is missing or wrong")
    AUTHORITY = "authority", _("No authority to settle it")
    PROMISE = "promise", _("We promised what we do not keep")
    PRODUCT = "product", _("The product is the cause")
    PROCESS = "process", _("A process or policy is the cause")
    TOOL = "tool", _("The tools stood in the way")


SYSTEM = tuple(about.value for about in About if about != About.AGENT)

# A published form is what people were measured by: nothing in it changes any more.
_UNCHANGED = """
    IF NOT EXISTS (
        SELECT 1 FROM evaluation_scorecard
        WHERE id = COALESCE(NEW.scorecard_id, OLD.scorecard_id) AND state = 'draft'
    ) THEN
        RAISE EXCEPTION 'A published scorecard stays as it is: draft a new version.';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


_REWRITTEN = pgtrigger.Q()
for _name in ("department_id", "version", "name", "pass_mark", "published_at"):
    _REWRITTEN |= pgtrigger.Q(**{f"old__{_name}__df": pgtrigger.F(f"new__{_name}")})


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def visible_to(self, user: "User") -> "ScorecardQuerySet":
        """Everybody may read by what they are measured; drafts are their makers' own."""
        from helpdesk.permissions import may

        if may(user, "helpdesk.configure"):
            return self
        mine = Q(department=None) | Q(department_id=user.department_id)
        known = self.filter(mine) if not may(user, "evaluation.view") else self
        if may(user, "evaluation.manage"):
            return known.filter(~Q(state=ScorecardState.DRAFT) | Q(department_id=user.department_id))
        return known.exclude(state=ScorecardState.DRAFT)

    def in_use(self, department: "int | None") -> "ScorecardQuerySet":
        """The department's own form first, then that of all."""
        mine = self.filter(Q(department=department) | Q(department=None), state=ScorecardState.PUBLISHED)
        return mine.order_by(models.F("department").asc(nulls_last=True))


@pghistory.track(append_only=True)
class Scorecard(models.Model):
    """One version of the form by which a department's answers are reviewed, or those of all departments without a form
    of their own. Drafted, published, and replaced by the next version; reviews keep the version they were made with."""

    department = models.ForeignKey(
        "helpdesk.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=9, choices=ScorecardState.choices, default=ScorecardState.DRAFT)
    # The share of points from which a criterion, and a whole review, is good enough.
    pass_mark = models.FloatField(default=0.65)
    drafted_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    published_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    objects: ClassVar = ScorecardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["department_id", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department", "version"], nulls_distinct=False, name="one_scorecard_of_a_version"
            ),
            models.UniqueConstraint(
                fields=["department"], condition=Q(state="draft"), nulls_distinct=False,
                name="one_draft_scorecard_of_a_department",
            ),
            models.UniqueConstraint(
                fields=["department"], condition=Q(state="published"), nulls_distinct=False,
                name="one_scorecard_in_use_of_a_department",
            ),
            models.CheckConstraint(
                name="a_pass_mark_is_a_share", condition=Q(pass_mark__gt=0) & Q(pass_mark__lte=1)
            ),
            models.CheckConstraint(
                name="a_published_scorecard_says_when_and_by_whom",
                condition=Q(state="draft", published_at=None, published_by=None)
                | Q(state__in=["published", "retired"], published_at__isnull=False, published_by__isnull=False),
            ),
        ]  # fmt: skip
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="states_of_a_scorecard",
                field="state",
                transitions=[("draft", "published"), ("published", "retired")],
            ),
            pgtrigger.Protect(
                name="published_scorecards_stay",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="draft") & _REWRITTEN,
            ),
            pgtrigger.Protect(
                name="published_scorecards_are_kept",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="draft"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    # Mutators

    def publish(self, *, by: "User", at: datetime) -> None:
        """It is the form from now on; the one before it is replaced."""
        Scorecard.objects.filter(department=self.department_id, state=ScorecardState.PUBLISHED).update(
            state=ScorecardState.RETIRED
        )
        self.state, self.published_by, self.published_at = ScorecardState.PUBLISHED, by, at
        self.save(update_fields=["state", "published_by", "published_at"])
        data = {"department": self.department_id, "version": self.version}
        events.record("scorecard.published", about=f"scorecard:{self.pk}", by=by, at=at, data=data)

    # Properties

    @property
    def is_draft(self) -> bool:
        return self.state == ScorecardState.DRAFT


@pghistory.track(append_only=True)
class Criterion(models.Model):
    """One question of a scorecard, what a good answer looks like, and whom it speaks of."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="criteria")
    place = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=60)
    # The same question keeps its code from version to version, so that it can be followed over time.
    code = models.SlugField(max_length=40)
    question = models.CharField(max_length=200)
    looks_like = models.TextField(max_length=1_000, blank=True)
    scale = models.CharField(max_length=6, choices=Scale.choices, default=Scale.YES_NO)
    weight = models.PositiveSmallIntegerField(default=1)
    # Missed, it fails the review whatever the rest.
    is_critical = models.BooleanField(default=False)
    about = models.CharField(max_length=9, choices=About.choices, default=About.AGENT)

    class Meta:
        ordering: ClassVar = ["place", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scorecard", "code"], name="a_code_once_in_a_scorecard"),
            models.CheckConstraint(
                name="a_criterion_weighs_one_to_ten", condition=Q(weight__gte=1) & Q(weight__lte=10)
            ),
            models.CheckConstraint(
                name="only_what_the_agent_does_is_critical", condition=Q(is_critical=False) | Q(about="agent")
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="published_criteria_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_UNCHANGED,
            )
        ]

    def __str__(self) -> str:
        return self.question

    # Properties

    @property
    def is_about_agent(self) -> bool:
        return self.about == About.AGENT
