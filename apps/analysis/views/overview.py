"""The analysis: rates, Pareto and money, with the numbers as a file."""

import csv
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.analysis.figures import LEVELS, MEASURES, PERIODS, PLACES, Asked
from apps.analysis.models import Case
from apps.analysis.provenance import moment
from apps.analysis.queries.figures import figures
from apps.analysis.queries.overview import overview
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require

COLUMNS = ("issue", "path", "tickets", "tickets before", "share", "rank", "money at risk a quarter", "low", "high",
           "computed by")  # fmt: skip


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
        "is_past": bool(past),
        "may_run": may(request.user, "analysis.run"),
        "may_assume": may(request.user, "analysis.assume"),
    }
    return render(request, "analysis/analysis.html", context)


@login_required
@require_GET
def pareto_csv(request: PageRequest) -> HttpResponse:
    """The numbers of the Pareto, for a spreadsheet."""
    require(request.user, "analysis.view")
    found = figures(_asked(request.GET), at=_as_of(request.GET))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    span = f"{found.figures.first}-{found.figures.last}"
    response["Content-Disposition"] = f'attachment; filename="pareto-{span}.csv"'
    table = csv.writer(response)
    table.writerow(COLUMNS)
    for row in found.figures.issues:
        money = (row.money.likely, row.money.low, row.money.high) if row.money else ("", "", "")
        numbers = (row.tickets, row.before, f"{row.share:.4f}", row.rank_words, *money)
        table.writerow([_plain(row.label), row.issue or "", *numbers, found.provenance.address])
    return response


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


def _plain(word: str) -> str:
    """A spreadsheet must not take a label for a formula."""
    return f"'{word}" if word[:1] in "=+-@\t\r" else word


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
