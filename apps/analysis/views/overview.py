"""The analysis: rates, Pareto and money, with the numbers as a file."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.analysis.export import Table
from apps.analysis.figures import LEVELS, MEASURES, PERIODS, PLACES, Asked, Figures
from apps.analysis.models import Case
from apps.analysis.provenance import moment
from apps.analysis.queries.figures import Found, figures
from apps.analysis.queries.overview import overview
from apps.analysis.queries.solicited import read_solicited
from apps.analysis.simulation import Range
from apps.analysis.views.files import as_download, download
from helpdesk.charts import as_file
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require

COLUMNS = (
    "issue", "path", "tickets", "tickets before", "share", "rank", "cost", "cost low", "cost high",
    "money at risk a quarter", "low", "high", "customers at risk a quarter", "customers low", "customers high",
    "customers who judged", "dissatisfied customers", "smallest rise that would show",
)  # fmt: skip


@login_required
@require_GET
def analysis(request: PageRequest) -> HttpResponse:
    """Rates, Pareto and the money model; as of now, or as of the moment asked for."""
    require(request.user, "analysis.view")
    at = _as_of(request.GET)
    found = overview(
        asked=_asked(request.GET), at=at, user_cases=Case.objects.visible_to(request.user), user=request.user
    )
    past = found.found.provenance.as_of.isoformat() if "as_of" in request.GET else ""
    context = {
        "overview": found,
        "figures": found.figures,
        "provenance": found.found.provenance,
        "tabs": _tabs(found.asked, past),
        "query": _query(found.asked, past),
        "measure": MEASURES[found.asked.by],
        "level": LEVELS[found.asked.level],
        "solicited": read_solicited(found.figures.first, found.figures.last),
        "is_past": bool(past),
        "may_run": may(request.user, "analysis.run"),
        "may_assume": may(request.user, "analysis.assume"),
    }
    return render(request, "analysis/analysis.html", context)


@login_required
@require_GET
def pareto_file(request: PageRequest, kind: str) -> HttpResponse:
    """The numbers of the Pareto, for a spreadsheet."""
    require(request.user, "analysis.view")
    return as_download(_table(figures(_asked(request.GET), at=_as_of(request.GET))), kind)


@login_required
@require_GET
def pareto_svg(request: PageRequest) -> HttpResponse:
    """The picture of the Pareto, to be put into a text or a talk."""
    require(request.user, "analysis.view")
    found = overview(
        asked=_asked(request.GET), at=_as_of(request.GET), user_cases=Case.objects.visible_to(request.user),
        user=request.user,
    )  # fmt: skip
    if found.chart is None:
        raise Http404("Nothing is counted in these days.")
    drawn = as_file(
        found.chart, foot=found.found.provenance.address, site=request.build_absolute_uri("/").rstrip("/")
    )
    return download(drawn.encode(), f"{_name(found.figures)}.svg", "image/svg+xml")


def _name(figures: Figures) -> str:
    return f"pareto-{figures.first}-{figures.last}"


def _table(found: Found) -> Table:
    rows = [
        [
            row.label, row.issue or row.owner or "", row.tickets, row.before, row.share, row.rank_words,
            *_ends(row.cost), *_ends(row.money), *_ends(row.customers), row.judged, row.dissatisfied,
            row.visible_rise,
        ]
        for row in found.figures.issues
    ]  # fmt: skip
    return Table(_name(found.figures), COLUMNS, rows, found.provenance.address)


def _ends(known: Range | None) -> tuple[Decimal | None, ...]:
    return (known.likely, known.low, known.high) if known else (None, None, None)


@dataclass(frozen=True)
class Tab:
    """One way to ask the same page."""

    label: str
    query: str
    is_current: bool


def _tabs(asked: Asked, as_of: str) -> dict[str, list[Tab]]:
    """Each changes one word of what is asked; all others stay, the moment looked back to among them."""
    choices: dict[str, Mapping[Any, str]] = {
        "by": MEASURES, "level": LEVELS, "days": {days: f"{days} days" for days in PERIODS}, "place": PLACES,
    }  # fmt: skip
    return {
        name: [
            Tab(label, _query(replace(asked, **{name: key}), as_of), key == getattr(asked, name))
            for key, label in known.items()
        ]
        for name, known in choices.items()
    }


def _query(asked: Asked, as_of: str) -> str:
    return urlencode(asked.words | ({"as_of": as_of} if as_of else {}))


def _asked(query: QueryDict) -> Asked:
    """What can be asked is taken, anything else is as by default: an address typed by hand still answers."""
    taken: dict[str, str] = {}
    for name in Asked().words:
        with suppress(ValueError):
            Asked.read(one := {name: query.get(name, "")} if name in query else {})
            taken |= one
    return Asked.read(taken)


def _as_of(query: QueryDict) -> datetime:
    """A moment of the past, or now."""
    now = timezone.now()
    try:
        return min(moment(query.get("as_of", "")), now)
    except ValueError:
        return now
