"""Analysis's pages: signals, board, case, needs you, the analysis, and the owner's page without an account."""

import csv
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.analysis import forms, services
from apps.analysis.acts import ACTS, FROM_A_LINK, Act, acts_for
from apps.analysis.models import ActionState, Assumption, Case, OwnershipRule, Signal
from apps.analysis.queries.case_page import case_page
from apps.analysis.queries.cases import board as board_of
from apps.analysis.queries.cases import found_cases, needs_of
from apps.analysis.queries.overview import MEASURES, PERIODS, overview
from apps.analysis.queries.panel import panel_of
from apps.analysis.queries.signals import inbox
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Ticket, User
from helpdesk.permissions import may, require

# --- signals -------------------------------------------------------------------------------------------


@login_required
@require_GET
def signals(request: PageRequest) -> HttpResponse:
    """What stands out and waits for a judgement."""
    require(request.user, "analysis.judge")
    context = {
        "inbox": inbox(user=request.user),
        "snooze": forms.SnoozeForm(),
        "dismiss": forms.DismissForm(),
    }
    return render(request, "analysis/signals.html", context)


@login_required
@require_POST
def judge_signal(request: PageRequest, number: int, judgement: str) -> HttpResponse:
    """Promote, merge, snooze or dismiss one signal."""
    require(request.user, "analysis.judge")
    signal = get_object_or_404(Signal, pk=number)
    who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if judgement == "promote":
        case = services.promote_signal(signal=signal, **who)
        messages.success(request, f"{case.number} is open.")
        return redirect("case", number=case.pk)
    form: forms.MergeForm | forms.SnoozeForm | forms.DismissForm
    service: Callable[..., None]
    if judgement == "merge":
        form, service = forms.MergeForm(request.POST, user=request.user), services.merge_signal
    elif judgement == "snooze":
        form, service = forms.SnoozeForm(request.POST), services.snooze_signal
    else:
        form, service = forms.DismissForm(request.POST), services.dismiss_signal
    if not _done(form, lambda given: service(signal=signal, **given, **who)):
        context = {
            "inbox": inbox(user=request.user),
            "snooze": forms.SnoozeForm(),
            "dismiss": forms.DismissForm(),
            "form": form,
        }
        return render(request, "analysis/signals.html", context, status=422)
    messages.success(
        request, f"“{signal.label}” is {Signal.objects.get(pk=signal.pk).get_state_display().lower()}."
    )
    return redirect("signals")


@login_required
@require_POST
def run_now(request: PageRequest) -> HttpResponse:
    """The night's analysis, by hand."""
    run = services.run_analysis(by=request.user, at=timezone.now())
    messages.success(request, run.sentence)
    return redirect("signals" if may(request.user, "analysis.judge") else "analysis")


# --- cases ---------------------------------------------------------------------------------------------


@login_required
@require_GET
def board(request: PageRequest) -> HttpResponse:
    """Every case, by state and money at risk."""
    require(request.user, "analysis.view")
    columns = board_of(request.user, at=timezone.now())
    context = {
        "columns": columns,
        "cards": sum(len(column.cards) for column in columns),
        "may_open": may(request.user, "analysis.case"),
        "may_route": may(request.user, "analysis.route"),
    }
    return render(request, "analysis/board.html", context)


@login_required
def new_case(request: PageRequest) -> HttpResponse:
    """A case out of what somebody knows."""
    require(request.user, "analysis.case")
    form = forms.NewCaseForm(request.POST if request.method == "POST" else None)
    opened: list[Case] = []
    if request.method == "POST" and _done(
        form, lambda given: opened.append(services.open_case(**given, by=request.user, at=timezone.now()))
    ):
        return redirect("case", number=opened[0].pk)
    return render(request, "analysis/new_case.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def case(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "analysis.view")
    return _case_page(request, _visible_case(request.user, number))


@login_required
@require_POST
def act_on_case(request: PageRequest, number: int, name: str) -> HttpResponse:
    """One of the acts of `apps.analysis.acts` on a case; a form that is not right comes back with the page."""
    row, act = _visible_case(request.user, number), _act(name)
    form = act.form(request.POST, case=row, user=request.user)
    if _done(form, lambda given: act.perform(case=row, by=request.user, at=timezone.now(), **given)):
        messages.success(request, act.done)
        return redirect("case", number=row.pk)
    return _case_page(request, row, failed=(act, form))


def _case_page(
    request: PageRequest, row: Case, *, failed: tuple[Act, forms.CaseForm] | None = None
) -> HttpResponse:
    context = _case_context(row, request.user, request.user, failed, at=timezone.now())
    return render(request, "analysis/case.html", context, status=422 if failed else 200)


def _case_context(
    row: Case, user: User, viewer: User | None, failed: tuple[Act, forms.CaseForm] | None, *, at: datetime
) -> dict[str, Any]:
    """The page, and the forms this person can fill in now; the one that failed keeps what was typed."""
    offered = acts_for(row, user, by_link=viewer is None)
    filled = [
        (
            act,
            failed[1]
            if failed and failed[0] == act
            else act.form(case=row, user=user, initial=_initial(act, row)),
        )
        for act in offered
        if not act.inline
    ]
    page = case_page(row, at=at)
    unassigned = any(action.state == ActionState.PROPOSED for action in page.actions)
    return {
        "page": page,
        "people": list(forms.people(*forms.STAFF)) if unassigned else [],
        "case": row,
        "acts": filled,
        "by_link": viewer is None,
        "inline": {act.name.replace("-", "_"): act for act in offered if act.inline},
        "failed": failed[0].name if failed else "",
        "form": failed[1] if failed else None,
        "inline_form": failed[1] if failed and failed[0].inline else None,
    }


def _initial(act: Act, row: Case) -> dict[str, Any]:
    return {name: getattr(row, name) for name in act.form.written}


def _visible_case(user: User, number: int) -> Case:
    rows = Case.objects.visible_to(user).select_related(
        "owner_department", "owner", "deputy", "issue", "opened_by"
    )
    return get_object_or_404(
        rows.select_related("duplicate_of", "proposed_department", "risk_approved_by"), pk=number
    )


def _act(name: str, allowed: frozenset[str] = frozenset(ACTS)) -> Act:
    if name not in allowed:
        raise Http404
    return ACTS[name]


def _done(form: Any, perform: Any) -> bool:
    """Do it when the form is right; what the service refuses stands beside the field it is about."""
    if not form.is_valid():
        return False
    try:
        perform(form.cleaned_data)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        return False
    return True


# --- the owner, without an account ---------------------------------------------------------------------


@never_cache
@require_GET
def owner_page(request: HttpRequest, key: str) -> HttpResponse:
    """The whole case for the person the letter went to; nothing else of the house is shown."""
    link = services.link_by_key(key, at=timezone.now())
    return _owner_page(request, link.case, link.user, key)


@never_cache
@require_POST
def act_by_link(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A button of the owner's page: as the person of the link, on the case of the link, and only the owner's acts."""
    link, act = services.link_by_key(key, at=timezone.now()), _act(name, FROM_A_LINK)
    form = act.form(request.POST, case=link.case, user=link.user)
    if _done(form, lambda given: act.perform(case=link.case, by=link.user, at=timezone.now(), **given)):
        messages.success(request, act.done)
        return redirect("owner_page", key=key)
    return _owner_page(request, link.case, link.user, key, failed=(act, form))


def _owner_page(
    request: HttpRequest, row: Case, user: User, key: str, *, failed: tuple[Act, forms.CaseForm] | None = None
) -> HttpResponse:
    context = _case_context(row, user, None, failed, at=timezone.now()) | {"key": key, "person": user}
    return render(request, "analysis/owner.html", context, status=422 if failed else 200)


# --- what needs you, and the whole ---------------------------------------------------------------------


@login_required
@require_GET
def needs_you(request: PageRequest) -> HttpResponse:
    require(request.user, "analysis.own" if may(request.user, "analysis.own") else "analysis.case")
    return render(request, "analysis/needs_you.html", {"needs": needs_of(request.user, at=timezone.now())})


@login_required
@require_GET
def analysis(request: PageRequest) -> HttpResponse:
    """Rates, Pareto and the money model."""
    require(request.user, "analysis.view")
    days, by = _asked(request.GET)
    found = overview(days=days, by=by, at=timezone.now(), user_cases=Case.objects.visible_to(request.user))
    context = {
        "overview": found,
        "periods": PERIODS,
        "measures": MEASURES.items(),
        "may_run": may(request.user, "analysis.run"),
        "may_assume": may(request.user, "analysis.assume"),
    }
    return render(request, "analysis/analysis.html", context)


@login_required
@require_GET
def pareto_csv(request: PageRequest) -> HttpResponse:
    """The numbers of the Pareto, for a spreadsheet."""
    require(request.user, "analysis.view")
    days, by = _asked(request.GET)
    found = overview(days=days, by=by, at=timezone.now(), user_cases=Case.objects.visible_to(request.user))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="pareto-{found.first}-{found.last}.csv"'
    table = csv.writer(response)
    table.writerow(["issue", "path", "tickets", "tickets before", "share", "rank", "money at risk a quarter"])
    for row in found.rows:
        money = "" if row.money is None else f"{row.money:.2f}"
        table.writerow(
            [
                _plain(row.label),
                row.path,
                f"{row.tickets:.0f}",
                f"{row.before:.0f}",
                f"{row.share:.4f}",
                row.rank,
                money,
            ]
        )
    return response


def _plain(word: str) -> str:
    """A spreadsheet must not take a label for a formula."""
    return f"'{word}" if word[:1] in "=+-@\t\r" else word


def _asked(query: QueryDict) -> tuple[int, str]:
    days, by = query.get("days", ""), query.get("by", "")
    return int(days) if days in map(str, PERIODS) else 90, by if by in MEASURES else "tickets"


@login_required
def assumptions(request: PageRequest) -> HttpResponse:
    """The numbers of the money model, each with its source."""
    require(request.user, "analysis.assume")
    preset = request.method == "POST" and "name" in request.POST
    form = forms.AssumptionForm(request.POST if request.method == "POST" and not preset else None)
    chosen = forms.PresetForm(request.POST if preset else None)
    service = services.adopt_preset if preset else services.set_assumption
    if request.method == "POST" and _done(
        chosen if preset else form, lambda given: service(**given, by=request.user, at=timezone.now())
    ):
        messages.success(request, "Noted. Money at risk is weighed with it from now on.")
        return redirect("assumptions")
    context = {"form": form, "preset": chosen, "rows": Assumption.objects.select_related("issue", "set_by")}
    return render(
        request, "analysis/assumptions.html", context, status=422 if form.errors or chosen.errors else 200
    )


@login_required
def ownership(request: PageRequest) -> HttpResponse:
    """Who owns the causes of what."""
    require(request.user, "analysis.route")
    form = forms.OwnershipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _done(
        form, lambda given: services.add_ownership_rule(**given, by=request.user)
    ):
        return redirect("ownership")
    rules = OwnershipRule.objects.select_related("issue", "product", "department__head", "person", "deputy")
    context = {"form": form, "rules": rules.order_by("issue__path", "pk")}
    return render(request, "analysis/ownership.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove_ownership(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "analysis.route")
    services.remove_ownership_rule(rule=get_object_or_404(OwnershipRule, pk=number), by=request.user)
    return redirect("ownership")


# --- on the search page ---------------------------------------------------------------------------------


@login_required
@require_GET
def case_search(request: PageRequest) -> HttpResponse:
    """The cases a search finds, below the tickets it finds."""
    require(request.user, "analysis.view")
    rows = found_cases(request.user, request.GET.get("q", "")[:200])
    return render(request, "analysis/_found.html", {"cases": rows})


# --- on the ticket page --------------------------------------------------------------------------------


@login_required
@require_GET
def rca_panel(request: PageRequest, number: int) -> HttpResponse:
    """The case and the known error behind a ticket, and the way to link or raise one."""
    require(request.user, "response.view")
    return _panel(request, get_object_or_404(Ticket.objects.visible_to(request.user), pk=number))


@login_required
@require_POST
def link_case(request: PageRequest, number: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    form = forms.LinkForm(request.POST, user=request.user)
    done = _done(
        form, lambda given: services.link_ticket(ticket=ticket, **given, by=request.user, at=timezone.now())
    )
    return _after_panel(request, ticket, form, done)


@login_required
@require_POST
def flag(request: PageRequest, number: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    form = forms.FlagForm(request.POST)
    done = _done(
        form, lambda given: services.flag_case(ticket=ticket, **given, by=request.user, at=timezone.now())
    )
    return _after_panel(request, ticket, form, done)


def _after_panel(request: PageRequest, ticket: Ticket, form: Any, done: bool) -> HttpResponse:
    if done and not request.htmx:
        return redirect("ticket", number=ticket.pk)
    return _panel(request, ticket, None if done else form)


def _panel(request: PageRequest, ticket: Ticket, failed: Any = None) -> HttpResponse:
    context = {
        "panel": panel_of(ticket, user=request.user),
        "ticket": ticket,
        "failed": failed,
        "may_flag": may(request.user, "analysis.flag"),
    }
    return render(request, "analysis/_panel.html", context, status=422 if failed is not None else 200)
