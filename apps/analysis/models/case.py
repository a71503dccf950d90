from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis.models.case_notice import CaseNotice
from apps.analysis.models.case_states import TRANSITIONS, CaseState, Outcome
from helpdesk import events
from helpdesk.models import Role, Severity
from helpdesk.sentences import Said, SentenceField, Words

if TYPE_CHECKING:
    from helpdesk.models import Department, Ticket, User


def sees_every_case(user: "User") -> bool:
    if user.role == Role.API_CLIENT:
        return user.department_id is None
    return user.role in {Role.ADMIN, Role.ANALYST, Role.SYSTEM}


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: "User") -> "CaseQuerySet":
        """Analysts see all; a department sees what it owns, what its tickets are evidence of, what it must act on."""
        if not user.is_active or user.role == Role.CUSTOMER:
            return self.none()
        if sees_every_case(user):
            return self
        seen = Q(owner=user) | Q(deputy=user) | Q(opened_by=user)
        seen |= Q(stand_in=user) | Q(actions__assignee=user) | Q(reminders__told=user)
        if user.department_id is not None:
            seen |= Q(owner_department_id=user.department_id)
            if user.role != Role.OWNER:
                tickets = CaseTicket.objects.filter(
                    case=OuterRef("pk"), ticket__department_id=user.department_id
                )
                seen |= Q(Exists(tickets))
        # By key, so that one who must act twice does not see the case twice.
        return self.filter(pk__in=Case.objects.filter(seen).values("pk"))

    def open(self) -> "CaseQuerySet":
        return self.exclude(state=CaseState.CLOSED)

    def by_money(self) -> "CaseQuerySet":
        return self.order_by(models.F("money_likely").desc(nulls_last=True), "severity", "id")


class Case(models.Model):
    """A root-cause case: one cause to be found, handed to whoever can remove it, removed, and proven gone.

    What ITIL calls a problem. Its number is RC-<id>; its history is the event log about `case:<id>`.
    """

    title = models.CharField(max_length=200)
    # What, where, since when, how many.
    statement = models.TextField(blank=True)
    is_text = models.TextField(blank=True)
    is_not_text = models.TextField(blank=True)
    state = models.CharField(max_length=14, choices=CaseState.choices, default=CaseState.NEW)
    state_since = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    issue = models.ForeignKey("helpdesk.Issue", models.PROTECT, null=True, blank=True, related_name="+")
    dimension = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=120, blank=True)
    release = models.ForeignKey("helpdesk.TaxonomyRelease", models.PROTECT, null=True, related_name="+")
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.NORMAL)
    # When it stood out: the baseline of the proof ends before.
    detection_start = models.DateField()
    detection_end = models.DateField()
    # A quarter's revenue at risk, 10 %, 50 % and 90 % points; null with the reason in `money_note`.
    money_low = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    money_likely = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    money_high = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    money_note = SentenceField(blank=True)
    owner_department = models.ForeignKey(
        "helpdesk.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")
    deputy = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")
    # Answers in the owner's place while the owner is away.
    stand_in = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")
    # Why it is theirs: the rule that named them, or that they were named by hand.
    owner_reason = SentenceField(blank=True)
    routed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    rejections = models.PositiveSmallIntegerField(default=0)
    # Two owners sent it back: the case manager decides, and that decision can't be sent back.
    needs_arbitration = models.BooleanField(default=False)
    is_arbitrated = models.BooleanField(default=False)
    proposed_department = models.ForeignKey(
        "helpdesk.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    question = models.TextField(blank=True)
    # The owner says it was fixed on this day, before we asked.
    fixed_on = models.DateField(null=True, blank=True)
    # Flags beside the state.
    is_known_error = models.BooleanField(default=False)
    workaround = models.TextField(blank=True)
    containment = models.TextField(blank=True)
    # How far up it is known that the owner does not answer: 0, the owner 1, the head 2, the sponsor 3.
    escalation = models.PositiveSmallIntegerField(default=0)
    held_state = models.CharField(max_length=14, choices=CaseState.choices, blank=True)
    hold_reason = models.TextField(blank=True)
    review_on = models.DateField(null=True, blank=True)
    monitoring_from = models.DateField(null=True, blank=True)
    decision_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    outcome_note = SentenceField(blank=True)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    risk_approved_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    risk_expires_on = models.DateField(null=True, blank=True)
    # When the approver was asked, and said yes themselves.
    risk_asked_at = models.DateTimeField(null=True)
    risk_confirmed_at = models.DateTimeField(null=True)
    customers_told_at = models.DateTimeField(null=True)
    telling_waived = models.TextField(blank=True)
    regressions = models.PositiveSmallIntegerField(default=0)
    opened_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    tickets = models.ManyToManyField("helpdesk.Ticket", through="CaseTicket", related_name="+")

    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["issue"], name="case_of_issue"),
            models.Index(fields=["owner"], name="case_of_owner", condition=~Q(state="closed")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="closed_cases_have_an_outcome", condition=~Q(state="closed") | ~Q(outcome="")
            ),
            models.CheckConstraint(
                name="cases_handed_over_have_an_owner",
                condition=~Q(state__in=["routed", "investigating", "planning", "fixing"])
                | (Q(owner__isnull=False) & Q(owner_department__isnull=False)),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="case_states",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    # Factories

    @classmethod
    def open(cls, *, title: str, by: "User", at: datetime, **fields: object) -> "Case":
        case = cls.objects.create(title=title[:200], opened_by=by, opened_at=at, state_since=at, **fields)
        events.record(
            "case.opened", about=case.ref, by=by, at=at, data={"title": case.title, "issue": case.issue_id}
        )
        return case

    # Mutators

    def change(self, *, by: "User", at: datetime, note: Words = "", **fields: object) -> None:
        """Other fields than the state; the event says which, and what they were."""
        before = {name: getattr(self, name) for name in fields}
        changed = {name: value for name, value in fields.items() if before[name] != value}
        if not changed and not note:
            return
        for name, value in changed.items():
            setattr(self, name, value)
        self.save(update_fields=list(changed))
        data = {"changed": {name: [_plain(before[name]), _plain(value)] for name, value in changed.items()}}
        events.record("case.noted", about=self.ref, by=by, at=at, data=data | {"note": note})

    def route(self, *, department: "Department", owner: "User", deputy: "User | None", due_on: date, by: "User",
              at: datetime, stand_in: "User | None" = None, reason: Words = "") -> None:  # fmt: skip
        self.owner_department, self.owner, self.deputy, self.routed_at = department, owner, deputy, at
        self.stand_in, self.owner_reason = stand_in, reason
        self.risk_expires_on, self.question = None, ""
        self._move(CaseState.ROUTED, "case.routed", "owner_department", "owner", "deputy", "routed_at", "stand_in",
                   "owner_reason", "risk_expires_on", "question", due_on=due_on, by=by, at=at, owner=owner.pk,
                   name=owner.name, stand_in=stand_in.name if stand_in else "", department=department.pk,
                   note=self.owner_reason)  # fmt: skip

    def let_stand_in(self, stand_in: "User | None", *, by: "User", at: datetime) -> None:
        """Somebody answers in the owner's place from now on; nobody does any more: the owner is back."""
        self.stand_in = stand_in
        self.save(update_fields=["stand_in"])
        data = {"stand_in": stand_in.name if stand_in else "", "owner": self.owner.name if self.owner else ""}
        events.record("case.stood_in", about=self.ref, by=by, at=at, data=data)

    def escalate(self, level: int) -> None:
        """How far up it is known; the rung that was climbed is the record of it."""
        self.escalation = level
        self.save(update_fields=["escalation"])

    def wait_for(self, due_on: date | None, *, escalation: int) -> None:
        """While it is being fixed it is due when its next action is; what moved the action is the record of it."""
        self.due_on, self.escalation = due_on, escalation
        self.save(update_fields=["due_on", "escalation"])

    def accept(self, *, due_on: date, by: "User", at: datetime) -> None:
        self.accepted_at = at
        self._move(CaseState.INVESTIGATING, "case.accepted", "accepted_at", due_on=due_on, by=by, at=at)

    def send_back(self, *, reason: str, note: str, due_on: date, by: "User", at: datetime) -> None:
        """The owner does not take it: whoever assessed it looks again."""
        self._move(CaseState.ASSESS, "case.rejected", due_on=due_on, by=by, at=at, reason=reason, note=note)

    def move(self, state: str, *, due_on: date | None, by: "User", at: datetime, note: Words = "",
             **fields: object) -> None:  # fmt: skip
        for name, value in fields.items():
            setattr(self, name, value)
        self._move(state, "case.moved", *fields, due_on=due_on, by=by, at=at, note=note)

    def close(self, outcome: str, *, note: Words, by: "User", at: datetime, **fields: object) -> None:
        self.outcome, self.outcome_note, self.closed_at = outcome, note, at
        for name, value in fields.items():
            setattr(self, name, value)
        # Opened again it is another story: what customers read of it is said again, or not.
        CaseNotice.objects.filter(case=self, withdrawn_at=None).update(withdrawn_at=at)
        self._move(CaseState.CLOSED, "case.moved", "outcome", "outcome_note", "closed_at", *fields, due_on=None,
                   by=by, at=at, outcome=outcome, note=note)  # fmt: skip

    def regress(self, *, due_on: date, by: "User", at: datetime, signal: int) -> None:
        """It was proven gone, and it is back."""
        self.outcome, self.closed_at, self.regressions = "", None, self.regressions + 1
        self.customers_told_at, self.fixed_on, self.is_arbitrated = None, None, False
        self._move(CaseState.ASSESS, "case.regressed", "outcome", "closed_at", "regressions", "customers_told_at",
                   "fixed_on", "is_arbitrated", due_on=due_on, by=by, at=at, signal=signal)  # fmt: skip

    def reopen(self, *, due_on: date, why: str, note: str, by: "User", at: datetime) -> None:
        """The risk is accepted no longer: it is decided again. The day it ran out stays until it is handed over."""
        self.outcome, self.outcome_note, self.closed_at, self.risk_approved_by = "", "", None, None
        self.risk_asked_at = self.risk_confirmed_at = None
        self._move(CaseState.ASSESS, "case.reopened", "outcome", "outcome_note", "closed_at", "risk_approved_by",
                   "risk_asked_at", "risk_confirmed_at", due_on=due_on, by=by, at=at, why=why, note=note)  # fmt: skip

    def _move(self, state: str, kind: str, *fields: str, due_on: date | None, by: "User", at: datetime,
              **data: object) -> None:  # fmt: skip
        before, self.state = self.state, state
        # Somebody has acted: whom it was carried up to is settled.
        self.state_since, self.due_on, self.escalation = at, due_on, 0
        self.save(update_fields=["state", "state_since", "due_on", "escalation", *fields])
        due = due_on.isoformat() if due_on else None
        data = {"from": before, "to": str(state), "due": due, **data}
        events.record(kind, about=self.ref, by=by, at=at, data=data)

    # Properties

    @property
    def number(self) -> str:
        return f"RC-{self.pk}"

    @property
    def ref(self) -> str:
        """What events name it by."""
        return f"case:{self.pk}"

    @property
    def money_words(self) -> str:
        """Why the money is what it is; older rows hold an English text that the catalogue knows."""
        return str(self.money_note) if isinstance(self.money_note, Said) else gettext(self.money_note)

    @property
    def is_open(self) -> bool:
        return self.state != CaseState.CLOSED

    @property
    def is_risk_accepted(self) -> bool:
        return self.state == CaseState.CLOSED and self.outcome == Outcome.RISK_ACCEPTED

    @property
    def waits_for_approver(self) -> bool:
        return self.is_risk_accepted and self.risk_confirmed_at is None

    @property
    def is_told(self) -> bool:
        return self.customers_told_at is not None or bool(self.telling_waived)

    @property
    def said_notice(self) -> CaseNotice | None:
        """What customers read of it on the pages for help, unless the fix was proven since."""
        notice: CaseNotice | None = getattr(self, "notice", None) if self.is_open else None
        return notice if notice is not None and notice.withdrawn_at is None else None

    def is_overdue(self, on: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < on

    def is_visible_to(self, user: "User") -> bool:
        return Case.objects.visible_to(user).filter(pk=self.pk).exists()

    def asks_of(self, user: "User") -> bool:
        """Whether an action of it is theirs: who is to do something must be able to read why."""
        return self.actions.filter(assignee=user).exists()

    def is_owned_by(self, user: "User") -> bool:
        """The named person, the deputy and who stands in answer for it; the head of the department may always."""
        head = self.owner_department.head_id if self.owner_department else None
        return user.pk in {self.owner_id, self.deputy_id, self.stand_in_id, head} - {None}

    @property
    def answerers(self) -> "list[User]":
        """Whom letters about it go to."""
        return list(dict.fromkeys(filter(None, (self.owner, self.deputy, self.stand_in))))


def _plain(value: object) -> object:
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, Said):
        return value.form
    return value if isinstance(value, int | float | bool | None) else str(value)


class LinkedBy(models.TextChoices):
    """How a ticket became evidence."""

    RULE = "rule", _("By its issue")
    MODEL = "model", _("By its words")
    HAND = "hand", _("By hand")
    ASKED = "asked", _("The customer asked to be told")


class CaseTicket(models.Model):
    """A ticket that is evidence of a case, until somebody says "not this issue"."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="evidence")
    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    how = models.CharField(max_length=5, choices=LinkedBy.choices)
    linked_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    excluded_at = models.DateTimeField(null=True)
    excluded_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "ticket"], name="a_ticket_once_in_a_case")
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} in {self.case}"

    # Factories

    @classmethod
    def link(cls, *, case: Case, ticket: "Ticket", how: str, by: "User", at: datetime) -> "CaseTicket":
        """Link it, or take an exclusion back; the same link twice is one."""
        row, made = cls.objects.get_or_create(
            case=case, ticket=ticket, defaults={"how": how, "linked_by": by, "linked_at": at}
        )
        if not made and row.excluded_at is None:
            return row
        if row.excluded_at is not None:
            row.excluded_at = row.excluded_by = None
            row.save(update_fields=["excluded_at", "excluded_by"])
        data = {"ticket": ticket.pk, "linked": True}
        events.record("evidence.changed", about=case.ref, by=by, at=at, data=data)
        return row

    # Mutators

    def exclude(self, *, by: "User", at: datetime) -> None:
        self.excluded_at, self.excluded_by = at, by
        self.save(update_fields=["excluded_at", "excluded_by"])
        self._tell_it_left(by, at)

    def forget(self, *, by: "User", at: datetime) -> None:
        """It was linked by mistake: nobody said that it is not this issue."""
        self._tell_it_left(by, at)
        self.delete()

    def _tell_it_left(self, by: "User", at: datetime) -> None:
        data = {"ticket": self.ticket_id, "linked": False}
        events.record("evidence.changed", about=self.case.ref, by=by, at=at, data=data)
