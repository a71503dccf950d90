"""What the words of an imported row mean here: codes, names and the usual words of other systems."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.utils.translation import override

from apps.intake.columns import Row
from helpdesk.models import (
    Channel,
    ContactType,
    Department,
    Issue,
    Product,
    Severity,
    Status,
    TaxonomyRelease,
)

T = TypeVar("T")
R = TypeVar("R")

STATUSES = {
    "pending": Status.WAITING_CUSTOMER, "onhold": Status.WAITING_OWNER, "hold": Status.WAITING_OWNER,
    "inprogress": Status.OPEN, "assigned": Status.OPEN, "reopened": Status.OPEN, "resolved": Status.SOLVED,
    "done": Status.SOLVED, "completed": Status.SOLVED, "fixed": Status.SOLVED, "waiting": Status.WAITING_CUSTOMER,
}  # fmt: skip
SEVERITIES = {
    "urgent": Severity.CRITICAL, "blocker": Severity.CRITICAL, "highest": Severity.CRITICAL, "p1": Severity.CRITICAL,
    "major": Severity.HIGH, "p2": Severity.HIGH, "medium": Severity.NORMAL, "moderate": Severity.NORMAL,
    "p3": Severity.NORMAL, "minor": Severity.LOW, "trivial": Severity.LOW, "lowest": Severity.LOW, "p4": Severity.LOW,
}  # fmt: skip
CHANNELS = {
    "web": Channel.FORM, "webform": Channel.FORM, "portal": Channel.FORM, "website": Channel.FORM,
    "mail": Channel.EMAIL, "call": Channel.PHONE, "telephone": Channel.PHONE, "voice": Channel.PHONE,
    "visit": Channel.WALK_IN, "store": Channel.WALK_IN,
}  # fmt: skip


class NotKnown(ValueError):
    """A word that means nothing here; the text is for the report."""


def _folded(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _by_word(
    choices: type[Status | Channel | ContactType], more: Mapping[str, Status | Channel] | None = None
) -> dict[str, str]:
    with override("en"):  # files are written in one language, whoever brings them in
        words = {_folded(str(choice.label)): str(choice.value) for choice in choices}
    words |= {_folded(str(choice.value)): str(choice.value) for choice in choices}
    return words | {word: str(value.value) for word, value in (more or {}).items()}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A row with everything that its ticket needs; ids instead of words."""

    given: Row
    email: str
    opened_at: datetime
    department: int
    issue: int | None
    product: int | None
    status: str
    severity: int
    channel: str
    contact_type: str
    custom: dict[str, str]

    @property
    def is_solved(self) -> bool:
        return self.status in (Status.SOLVED.value, Status.CLOSED.value)


@dataclass(frozen=True)
class Known:
    """What there is to resolve against, read once before the first row."""

    issues: dict[str, Issue]
    products: dict[str, int]
    departments: dict[str, int]
    default_department: int
    release: int | None
    status: str
    keep_unknown: bool
    at: datetime
    statuses: dict[str, str] = field(default_factory=lambda: _by_word(Status, STATUSES))
    channels: dict[str, str] = field(default_factory=lambda: _by_word(Channel, CHANNELS))
    contact_types: dict[str, str] = field(default_factory=lambda: _by_word(ContactType))
    severities: dict[str, int] = field(
        default_factory=lambda: (
            {_folded(one.name): one.value for one in Severity}
            | {str(one.value): one.value for one in Severity}
            | {word: one.value for word, one in SEVERITIES.items()}
        )
    )

    @classmethod
    def now(cls, *, status: str, keep_unknown: bool, at: datetime) -> "Known":
        """As it stands. Raises NotKnown when there is no department that could take a ticket."""
        departments = list(Department.objects.order_by("-is_default", "pk"))
        if not departments:
            raise NotKnown("There is no department yet. Ask an administrator to set one up.")
        products = Product.objects.all()
        leaves = Issue.objects.leaves()
        return cls(
            issues=_both(leaves, lambda issue: (issue.label, issue.path, issue.code), lambda issue: issue),
            products=_both(products, lambda one: (one.name, one.code), lambda one: one.pk),
            departments=_both(departments, lambda one: (one.name, one.slug), lambda one: one.pk),
            default_department=departments[0].pk,
            release=TaxonomyRelease.objects.values_list("pk", flat=True).first(),
            status=status,
            keep_unknown=keep_unknown,
            at=at,
        )

    def resolve(self, row: Row) -> Resolved:
        """Raises NotKnown with the words a person can act on."""
        custom: dict[str, str] = {}
        opened_at = row.opened_at or self.at
        if opened_at > self.at:
            raise NotKnown("opened_at lies in the future")
        if len(row.external_id) > 200:
            raise NotKnown("external_id is longer than 200 characters")
        issue = self._find(self.issues, "issue", row.issue, custom)
        severity = self._find(self.severities, "severity", row.severity, custom)
        return Resolved(
            given=row,
            email=row.customer_email.lower(),
            opened_at=opened_at,
            department=self._find(self.departments, "department", row.department, custom)
            or (issue and issue.owner_department_id)
            or self.default_department,
            issue=issue.pk if issue else None,
            product=self._find(self.products, "product", row.product, custom),
            status=self._find(self.statuses, "status", row.status, custom) or self.status,
            severity=severity or (issue.default_severity if issue else Severity.NORMAL.value),
            channel=self._find(self.channels, "channel", row.channel, custom) or Channel.IMPORT.value,
            contact_type=self._find(self.contact_types, "contact_type", row.contact_type, custom)
            or ContactType.PROBLEM.value,
            custom=custom,
        )

    def _find(self, among: Mapping[str, T], name: str, word: str, custom: dict[str, str]) -> T | None:
        """What a word names; nothing given is None, an unknown word is kept or refused."""
        if not word:
            return None
        found = among.get(_folded(word))
        if found is None and not self.keep_unknown:
            raise NotKnown(f'{name} "{word[:60]}" is not known here')
        if found is None:
            custom[name] = word
        return found


def _both(rows: Iterable[R], names: Callable[[R], tuple[str, ...]], value: Callable[[R], T]) -> dict[str, T]:
    """Every row by each of its names; where two share a name, the later in the list counts: codes before labels."""
    rows = list(rows)
    return {
        _folded(name): value(row)
        for place in range(3)
        for row in rows
        for name in names(row)[place : place + 1]
    }
