"""Calendar quarters in the company's time zone: what scores and statements are of."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from apps.analysis.deadlines import midnight, today
from apps.analysis.proof.ledger import quarter_of
from apps.evaluation.queries.window import Window

BASELINE = 4  # quarters a guard looks back


@dataclass(frozen=True, order=True)
class Quarter:
    """The first day, and the first of the next quarter."""

    first: date
    stop: date

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(*quarter_of(day))

    @classmethod
    def read(cls, written: str) -> Self:
        """“2026-Q2”. Raises ValueError."""
        year, mark, number = written.partition("-Q")
        if mark != "-Q" or not year.isdecimal() or len(year) != 4 or number not in ("1", "2", "3", "4"):
            raise ValueError("A quarter reads 2026-Q2.")
        return cls.of(date(max(int(year), 1), int(number) * 3 - 2, 1))

    @property
    def name(self) -> str:
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}"

    def __str__(self) -> str:
        return f"{self.first.year} Q{(self.first.month + 2) // 3}"

    @property
    def since(self) -> datetime:
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        return midnight(self.stop)

    def known_at(self, at: datetime) -> datetime:
        """The moment up to which is counted: its end, or now while it runs."""
        return min(at, self.until)

    def before(self, number: int = 1) -> "Quarter":
        quarter = self
        for _ in range(number):
            quarter = Quarter.of(quarter.first - timedelta(days=1))
        return quarter

    def window(self, at: datetime) -> Window:
        """Its months, up to its end or now."""
        months = tuple(date(self.first.year, self.first.month + number, 1) for number in range(3))
        return Window(months, self.since, self.known_at(at))


def last_whole(at: datetime) -> Quarter:
    return Quarter.of(today(at)).before()


def quarters_up_to(quarter: Quarter, number: int = BASELINE + 1) -> list[Quarter]:
    """So many quarters, this one last."""
    return [quarter.before(back) for back in range(number - 1, -1, -1)]
