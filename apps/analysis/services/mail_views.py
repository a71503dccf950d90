from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import parse_qsl

from django.db import transaction
from django.template.loader import render_to_string

from apps.analysis.deadlines import midnight, today
from apps.analysis.export import XLSX_TYPE, as_xlsx
from apps.analysis.figures import MEASURES, Asked, IssueFigure
from apps.analysis.models import Case, Every, ViewLetter, ViewSubscription
from apps.analysis.page_state import PageState
from apps.analysis.queries.overview import Overview, overview
from apps.analysis.queries.pareto_table import pareto_table
from apps.intake.files import File
from apps.output.services import send_notice
from helpdesk.charts import as_file, as_png
from helpdesk.each import each
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.models import User
from helpdesk.permissions import may, require

MOST_ROWS = 10


def mail_views(*, by: User, at: datetime) -> int:
    """Mail every saved view to whoever wants it, once a week or a month; returns how many letters.

    May run at any time and as often as one likes: what was missed is made good until the period ends. Raises the
    faults once every letter had its turn.
    """
    require(by, "analysis.run")
    due = [partial(mail_one, number=number, by=by, at=at) for number in due_letters(at=at)]
    return sum(bool(sent) for sent in each(due, lambda send: send()))


def due_letters(*, at: datetime) -> list[int]:
    """The wishes whose letter of this week or month is missing; a new wish waits for the next. Reads only."""
    found: list[int] = []
    for every in Every:
        begins_on = period(every, at)
        rows = ViewSubscription.objects.filter(
            every=every, since__lt=midnight(begins_on), user__is_active=True
        )
        had = ViewLetter.objects.filter(begins_on=begins_on).values("subscription")
        found += rows.exclude(pk__in=had).order_by("pk").values_list("pk", flat=True)
    return found


def period(every: str, at: datetime) -> date:
    """The first day of the week or month that runs."""
    day = today(at)
    return day - timedelta(days=day.weekday()) if every == Every.WEEK else day.replace(day=1)


@transaction.atomic
def mail_one(*, number: int, by: User, at: datetime) -> ViewLetter | None:
    """One letter; None where another worker was faster, the wish has ended, or nothing is counted."""
    require(by, "analysis.run")
    rows = ViewSubscription.objects.select_for_update(of=("self",), no_key=True)
    wish = rows.select_related("view", "user").filter(pk=number).first()
    begins_on = period(wish.every, at) if wish else today(at)
    if (
        wish is None
        or wish.letters.filter(begins_on=begins_on).exists()
        or not may(wish.user, "analysis.view")
        or not wish.view.is_visible_to(wish.user)
    ):
        return None
    with as_read_by(wish.user):
        letter = _letter(wish, at)
    if letter is None:
        return None
    delivery = send_notice(
        to=wish.user.email, subject=letter.subject, text=letter.text, html=letter.html, files=letter.files,
        about=f"view:{wish.view_id}", key=f"view:{wish.pk}:{begins_on}", by=by, at=at,
    )  # fmt: skip
    return ViewLetter.objects.create(subscription=wish, begins_on=begins_on, delivery=delivery)


@dataclass(frozen=True)
class Letter:
    """Text and HTML say the same; the chart and the numbers are attached."""

    subject: str
    text: str
    html: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Row:
    """One bar: `width` in hundredths of the longest."""

    label: str
    tickets: int
    share: float | None
    width: int


def _letter(wish: ViewSubscription, at: datetime) -> Letter | None:
    state = PageState.read(Asked, dict(parse_qsl(wish.view.query)))
    found = overview(asked=state.asked, at=at, user_cases=Case.objects.visible_to(wish.user), user=wish.user)
    if found.chart is None:
        return None
    facts = {
        "view": wish.view,
        "every": wish.get_every_display(),
        "finding": found.chart.title,
        "figures": found.figures,
        "measure": MEASURES[found.asked.by],
        "rows": _rows(found.figures.issues[:MOST_ROWS]),
        "source": found.found.provenance.address,
        "url": f"{absolute('analysis')}?{state.query}",
        "ends_at": absolute("saved_views"),
    }
    return Letter(
        subject=f"{wish.view.name}: {found.chart.title}",
        text=render_to_string("analysis/mail/view.txt", facts).strip() + "\n",
        html=render_to_string("analysis/mail/view.html", facts),
        files=_files(found),
    )


def _rows(figures: tuple[IssueFigure, ...]) -> list[Row]:
    most = max((row.share or 0 for row in figures), default=0) or 1
    return [Row(row.label, row.tickets, row.share, round(100 * (row.share or 0) / most)) for row in figures]


def _files(found: Overview) -> tuple[File, ...]:
    assert found.chart is not None  # noqa: S101 (asked by the caller)
    table = pareto_table(found.found)
    picture = as_png(
        as_file(found.chart, foot=found.found.provenance.address, site=absolute("home").rstrip("/"))
    )
    return (
        File(f"{table.name}.png", "image/png", picture),
        File(f"{table.name}.xlsx", XLSX_TYPE, as_xlsx(table)),
    )
