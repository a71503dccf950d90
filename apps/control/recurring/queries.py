"""What the pages of recurring tickets show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _

from apps.control.models import MadeTicket, OffDays, RecurringTicket, Rhythm
from apps.control.recurring.dates import LAST
from helpdesk.models import Ticket, User

SHOWN = 20
LONGEST_MONTH = 31


@dataclass(frozen=True)
class RecurringRow:
    row: RecurringTicket
    when: str
    made: int

    @property
    def is_over(self) -> bool:
        return self.row.next_at is None


def recurring_rows(user: User) -> list[RecurringRow]:
    """All this person may see, by name. One query."""
    rows = RecurringTicket.objects.visible_to(user).select_related("department", "customer", "calendar")
    return [RecurringRow(row, when_of(row), row.count) for row in rows.annotate(count=Count("made"))]


def when_of(row: RecurringTicket) -> str:
    """Its rhythm as a sentence: "Every week: Monday, Thursday, 08:00 (Europe/Berlin)"."""
    hour = f"{row.time:%H:%M} ({row.time_zone})"
    if row.calendar is None:
        return f"{_rhythm(row)}, {hour}"
    off = _("or the next working day") if row.off_days == OffDays.NEXT else _("on working days alone")
    return f"{_rhythm(row)}, {hour}, {off} ({row.calendar})"


def _rhythm(row: RecurringTicket) -> str:
    days = ", ".join(str(WEEKDAYS[day]) for day in row.weekdays)
    match row.rhythm:
        case Rhythm.WEEKDAYS:
            return _("Every week: %(days)s") % {"days": days}
        case Rhythm.MONTH_DAY if row.day == LONGEST_MONTH:
            return _("Every month on the last day")
        case Rhythm.MONTH_DAY:
            return _("Every month on day %(day)s") % {"day": row.day}
        case Rhythm.MONTH_WEEKDAY:
            return _("Every month: %(which)s %(days)s") % {"which": week_names()[row.week], "days": days}
        case Rhythm.YEARLY:
            return _("Every year on %(day)s %(month)s") % {"day": row.day, "month": MONTHS[row.month]}
    return _("Every day")


def week_names() -> dict[int, str]:
    return {1: _("the first"), 2: _("the second"), 3: _("the third"), 4: _("the fourth"), LAST: _("the last")}


def next_of(row: RecurringTicket, *, at: datetime) -> list[datetime]:
    """The next five moments."""
    return row.upcoming(after=at, number=5)


def made_of(row: RecurringTicket, user: User) -> list[MadeTicket]:
    """The newest tickets it made, as far as this person may see them. One query."""
    visible = Ticket.objects.visible_to(user).order_by().values("pk")
    made = MadeTicket.objects.filter(template=row, ticket__in=visible)
    return list(made.select_related("ticket")[:SHOWN])
