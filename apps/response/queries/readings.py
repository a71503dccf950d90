"""What a second reader sees, and what became of the readings."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.response.models import SecondReading
from helpdesk.models import Direction, Issue, Message, User


@dataclass(frozen=True)
class Branch:
    """A part of the taxonomy, and the issues in it that a ticket may be given."""

    label: str
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class ReadingPage:
    """One ticket to be judged by what the customer wrote, with nothing on it that tells what others made of it."""

    # None: nothing waits.
    reading: SecondReading | None
    letters: tuple[Message, ...]
    branches: tuple[Branch, ...]
    to_read: int
    to_settle: int

    @property
    def subject(self) -> str:
        """The letter's title, unless it only repeats how the letter begins."""
        if self.reading is None:
            return ""
        subject = self.reading.ticket.subject
        begins = self.letters[0].body.strip() if self.letters else ""
        return "" if begins.startswith(subject.removesuffix(" ...")) else subject

    @property
    def answers(self) -> list[Issue]:
        """The two codes to settle between, in an order that does not say whose is whose."""
        if self.reading is None or self.reading.second_issue is None:
            return []
        return sorted((self.reading.first_issue, self.reading.second_issue), key=lambda issue: issue.path)


def reading_page(*, user: User, at: datetime, passed: Iterable[int] = ()) -> ReadingPage:
    """The next ticket this person may read a second time. Five queries."""
    return _page(user, at, settling=False, passed=passed)


def dispute_page(*, user: User, at: datetime, passed: Iterable[int] = ()) -> ReadingPage:
    """The next difference this person may settle. Five queries."""
    return _page(user, at, settling=True, passed=passed)


def _page(user: User, at: datetime, *, settling: bool, passed: Iterable[int]) -> ReadingPage:
    to_read = list(
        SecondReading.objects.to_read(user).order_by("week__monday", "pk").values_list("pk", flat=True)
    )
    to_settle = list(
        SecondReading.objects.to_settle(user).order_by("second_at", "pk").values_list("pk", flat=True)
    )
    waiting = [pk for pk in (to_settle if settling else to_read) if pk not in set(passed)]
    reading = None
    if waiting:
        # Two readers at once begin at different places, or both would code the same ticket.
        pk = waiting[0] if settling else waiting[user.pk % len(waiting)]
        related = ("ticket__product", "first_issue__parent", "second_issue__parent")
        reading = SecondReading.objects.select_related(*related).get(pk=pk)
    return ReadingPage(
        reading=reading,
        letters=_letters(reading) if reading else (),
        branches=branches(at) if reading else (),
        to_read=len(to_read),
        to_settle=len(to_settle),
    )


def branches(at: datetime) -> tuple[Branch, ...]:
    """Every issue a ticket may be given, under its parent. One query."""
    found: dict[str, list[Issue]] = defaultdict(list)
    for issue in Issue.objects.valid(at.date()).leaves().select_related("parent"):
        found[issue.parent.label if issue.parent else issue.label].append(issue)
    return tuple(Branch(label, tuple(issues)) for label, issues in found.items())


def _letters(reading: SecondReading) -> tuple[Message, ...]:
    """What the customer had written by the time of the first code; our answers would give that code away."""
    said = Message.objects.filter(
        ticket=reading.ticket_id, direction=Direction.IN, withdrawn_at=None, is_automatic=False
    )
    letters = tuple(said.order_by("at", "id")[:10])
    return tuple(one for one in letters if one.at <= reading.first_at) or letters[:1]
