"""The analysis: rates, Pareto and money, with the numbers as a file; and numbers tried out on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.analysis import services
from apps.analysis.deadlines import today
from apps.analysis.editions import AS_CODED
from apps.analysis.figures import LEVELS, MEASURES, PERIODS, PLACES, Asked
from apps.analysis.models import Assumption, Case, SavedView
from apps.analysis.page_state import PageState
from apps.analysis.queries.editions import SHOWN
from apps.analysis.queries.figures import Found, figures
from apps.analysis.queries.overview import Overview, overview
from apps.analysis.queries.pareto_table import pareto_table
from apps.analysis.queries.solicited import read_solicited
from apps.analysis.views.charts import as_chart_file
from apps.analysis.views.files import as_download
from apps.analysis.what_if_forms import KeepForm, WhatIfForm
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.marked import Marked
from helpdesk.permissions import may, require


@login_required
@require_GET
def analysis(request: PageRequest) -> HttpResponse:
    """Rates, Pareto and the money model; as of now or of a moment asked for, with the kept numbers or others."""
    require(request.user, "analysis.view")
    state = PageState.read(Asked, request.GET.dict())
    if not WhatIfForm.is_sent(request.GET.dict()):
        return _page(request, state)
    form = WhatIfForm(request.GET, kept=_kept(state), supposed=state.asked.supposed)
    if form.is_valid():
        return redirect(f"{reverse('analysis')}?{state.with_words(assume=form.written).query}#damage")
    return _page(request, state, tried=form)


@login_required
@require_POST
def keep(request: PageRequest) -> HttpResponse:
    """Keep the numbers that are tried out on the page."""
    require(request.user, "analysis.assume")
    state, form = PageState.read(Asked, request.GET.dict()), KeepForm(request.POST)
    if done(
        form,
        lambda given: services.keep_assumptions(
            numbers=state.asked.supposed, **given, by=request.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Kept. Money at risk is weighed with it from today on."))
        return redirect(f"{reverse('analysis')}?{state.with_words(assume='').query}#damage")
    return _page(request, state, keeping=form)


def _page(
    request: PageRequest, state: PageState[Asked], *, tried: WhatIfForm | None = None,
    keeping: KeepForm | None = None,
) -> HttpResponse:  # fmt: skip
    found = _found(request, state)
    wrong = tried is not None or keeping is not None
    kept = _rows_for_all(found.found)
    context = {
        "overview": found,
        "figures": found.figures,
        "provenance": found.found.provenance,
        "tabs": _tabs(state, found.found),
        "state": state,
        "query": state.query,
        "measure": MEASURES[found.asked.by],
        "level": LEVELS[found.asked.level],
        "solicited": read_solicited(found.figures.first, found.figures.last),
        "is_past": state.as_of is not None,
        "tried": tried or WhatIfForm(kept=kept, supposed=state.asked.supposed),
        "as_kept": state.with_words(assume="").query,
        "keeping": keeping or KeepForm(initial={"dated_on": today(timezone.now())}, auto_id="keep-%s"),
        "saved_views": SavedView.objects.visible_to(request.user).select_related("owner"),
        "may_run": may(request.user, "analysis.run"),
        "may_assume": may(request.user, "analysis.assume"),
    }
    return render(request, "analysis/analysis.html", context, status=422 if wrong else 200)


@login_required
@require_GET
def pareto_file(request: PageRequest, kind: str) -> HttpResponse:
    """The numbers of the Pareto, for a spreadsheet."""
    require(request.user, "analysis.view")
    state = PageState.read(Asked, request.GET.dict())
    return as_download(pareto_table(figures(state.asked, at=state.at(timezone.now()))), kind)


@login_required
@require_GET
def chart_file(request: PageRequest, name: str, kind: str) -> HttpResponse:
    """One chart of the page, to be put into a text, a talk or a spreadsheet."""
    require(request.user, "analysis.view")
    found = _found(request, PageState.read(Asked, request.GET.dict()))
    called = f"{name}-{found.figures.first}-{found.figures.last}"
    source = found.found.provenance.address
    return as_chart_file(request, found.charts.get(name), name=called, kind=kind, source=source)


def _found(request: PageRequest, state: PageState[Asked]) -> Overview:
    cases = Case.objects.visible_to(request.user)
    return overview(asked=state.asked, at=state.at(timezone.now()), user_cases=cases, user=request.user)


def _kept(state: PageState[Asked]) -> dict[str, Assumption]:
    at = state.at(timezone.now())
    rows = Assumption.objects.filter(issue=None, channel="", segment="")
    return {row.parameter: row for row in rows.in_force(today(at), known_at=at)}


def _rows_for_all(found: Found) -> dict[str, Assumption]:
    """The kept numbers that hold for everybody, as the page has read them."""
    return {row.parameter: row for row in found.rows if not (row.issue_id or row.channel or row.segment)}


@dataclass(frozen=True)
class Tab:
    """One way to ask the same page."""

    label: str
    query: str
    is_current: bool


def _tabs(state: PageState[Asked], found: Found) -> dict[str, list[Tab]]:
    """Each changes one word of what is asked; all others stay, the moment looked back to among them."""
    choices: dict[str, Mapping[Any, Marked]] = {
        "by": MEASURES, "level": LEVELS, "days": {days: _("%(days)s days") % {"days": days} for days in PERIODS},
        "place": PLACES,
        "release": editions([one.number for one in found.read.releases], state.asked.release),
    }  # fmt: skip
    return {name: tabs(state, name, known) for name, known in choices.items()}


def tabs(state: PageState[Any], name: str, known: Mapping[Any, Marked]) -> list[Tab]:
    return [
        Tab(str(label), state.with_words(**{name: key}).query, key == getattr(state.asked, name))
        for key, label in known.items()
    ]


def editions(releases: list[int], asked: str) -> dict[str, str]:
    """In which editions a page can be read; nothing while there is one alone."""
    if len(releases) < 2:
        return {}
    latest, *earlier = releases
    shown = [str(number) for number in earlier[:SHOWN]]
    if asked.isdecimal() and asked not in shown and int(asked) < latest:
        shown.append(asked)
    return (
        {"": _("As of release %(latest)s") % {"latest": latest}}
        | {number: _("As of release %(number)s") % {"number": number} for number in shown}
        | {AS_CODED: _("As coded then")}
    )
