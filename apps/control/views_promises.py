"""The pages of promises of time: policies in their order, their ladders, and running promises counted anew."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from apps.control import queries, services
from apps.control.fitting import Facts, Trial, trials
from apps.control.forms import CalculatorForm
from apps.control.forms_promises import KINDS, CheckForm, PolicyForm, RungForm, TryForm
from apps.control.models import Calendar, Rung, ServicePolicy
from apps.control.queries_recount import recount_preview
from apps.control.trying import Tried, spoken, telling_moments, try_out
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest, number_in
from helpdesk.permissions import may, require

SHOWN = 50


@login_required
@require_GET
def policies(request: PageRequest) -> HttpResponse:
    """Every promise of time in its order, its calendar and ladder, and what tries them out."""
    require(request.user, "control.manage")
    rows = queries.policies_in_force()
    form = CalculatorForm(request.GET if "minutes" in request.GET else None, initial=_example())
    check = CheckForm(request.GET if "check" in request.GET else None, user=request.user)
    context = {
        "rows": [_Row(policy) for policy in rows],
        "kinds": [label for _, label in KINDS],
        "retired": ServicePolicy.objects.exclude(retired_at=None).order_by("name"),
        "calendars": Calendar.objects.all(),
        "form": form,
        "due_at": form.due_at() if form.is_bound and form.is_valid() else None,
        "check": check,
        "trials": _trials(rows, check),
        "may_configure": may(request.user, "helpdesk.configure"),
        "moved": number_in(request.GET.get("moved", "")),
    }
    return render(request, "control/policies.html", context)


class _Row:
    """A policy as the list shows it."""

    def __init__(self, policy: ServicePolicy) -> None:
        self.policy = policy
        self.promises = [spoken(getattr(policy, name)) for name, _ in KINDS]
        self.fits = [
            str(part)
            for part in (
                policy.department, policy.issue, policy.get_severity_display() if policy.severity else "",
                policy.segment, policy.organisation, policy.customer, policy.get_channel_display(),
            )
            if part
        ]  # fmt: skip


def _trials(rows: list[ServicePolicy], check: CheckForm) -> list[Trial] | None:
    if not check.is_bound or not check.is_valid():
        return None
    given = check.cleaned_data
    if ticket := given["number"]:
        return trials(rows, queries.facts_of(ticket))
    customer = given["customer"]
    facts = Facts(
        department=given["department"].pk if given["department"] else None,
        severity=given["severity"],
        segment=given["segment"] or (customer.segment if customer else ""),
        issue=given["issue"].path if given["issue"] else "",
        customer=customer.pk if customer else None,
        organisation=given["organisation"] or (customer.organisation if customer else ""),
        channel=given["channel"],
    )
    return trials(rows, facts)


def _example() -> dict[str, object]:
    """Next Friday, 16:40, ninety minutes: the case everybody asks about."""
    now = timezone.localtime()
    friday = now + timedelta(days=(4 - now.weekday()) % 7)
    return {"start": friday.replace(hour=16, minute=40), "minutes": 90}


@login_required
def policy(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """One policy, new or known; what is typed is tried out before it is kept."""
    require(request.user, "control.manage")
    row = (
        get_object_or_404(ServicePolicy.objects.select_related("calendar", "customer"), pk=pk) if pk else None
    )
    posted = request.POST if request.method == "POST" else None
    form = PolicyForm(posted, user=request.user, initial=PolicyForm.of(row) if row else None)
    trial = TryForm(posted, prefix="try")
    is_trial = posted is not None and "try" in posted
    if posted is not None and form.is_valid() and not is_trial:
        try:
            kept = services.save_policy(policy=row, terms=form.terms(), by=request.user)
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(
                request, gettext("Kept. What runs already keeps its promise until it is counted anew.")
            )
            return redirect("policy", pk=kept.pk)
    return _policy_page(request, row, form, trial, RungForm(), is_trial=is_trial)


def _policy_page(
    request: PageRequest, row: ServicePolicy | None, form: PolicyForm, trial: TryForm, rung: RungForm, *,
    is_trial: bool = False,
) -> HttpResponse:  # fmt: skip
    form.is_valid()  # what is right in it is tried, whatever is wrong beside it
    given = form.cleaned_data if form.is_bound else form.initial
    promised = [(label, int(given[name])) for name, label in KINDS if given.get(name) is not None]
    calendar = given.get("calendar")
    context = {
        "policy": row,
        "form": form,
        "trial": trial,
        "rung_form": rung,
        "rungs": row.rungs.select_related("person", "department") if row else [],
        "promised": [(label, spoken(minutes)) for label, minutes in promised],
        "tried": _tried(calendar, [minutes for _, minutes in promised], trial),
        "is_own": may(request.user, "helpdesk.configure")
        or (row is not None and row.department_id == request.user.department_id),
    }
    bad = (form.errors or rung.errors) and not is_trial
    return render(request, "control/policy.html", context, status=422 if bad else 200)


def _tried(calendar: Calendar | None, minutes: list[int], trial: TryForm) -> list[Tried]:
    if calendar is None or not minutes:
        return []
    at = timezone.now()
    hours = calendar.hours(around=at.date())
    moment = trial.moment(calendar.time_zone) if trial.is_bound else None
    return try_out(hours, minutes, [moment] if moment else telling_moments(hours, at=at))


@login_required
@require_POST
def move_policy(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "control.manage")
    row = get_object_or_404(ServicePolicy, pk=pk)
    services.move_policy(policy=row, steps=-1 if request.POST.get("way") == "earlier" else 1, by=request.user)
    return redirect(f"{reverse('policies')}?moved={row.pk}#policy-{row.pk}")


@login_required
@require_POST
def retire_policy(request: PageRequest, pk: int) -> HttpResponse:
    """Retire it, or take it back into force."""
    require(request.user, "control.manage")
    row = get_object_or_404(ServicePolicy, pk=pk)
    if request.POST.get("restore"):
        services.restore_policy(policy=row, by=request.user)
        messages.success(request, gettext("“%(row)s” is given to tickets again.") % {"row": row})
    else:
        services.retire_policy(policy=row, by=request.user, at=timezone.now())
        messages.success(
            request, gettext("“%(row)s” is retired. What it promised stays promised.") % {"row": row}
        )
    return redirect("policies")


@login_required
@require_POST
def add_rung(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "control.manage")
    row = get_object_or_404(ServicePolicy.objects.select_related("calendar", "customer"), pk=pk)
    form = RungForm(request.POST)
    if form.is_valid():
        try:
            services.add_rung(policy=row, **form.cleaned_data, by=request.user)
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(request, gettext("The step is in the ladder."))
            return redirect(f"{reverse('policy', kwargs={'pk': row.pk})}#ladder")
    known = PolicyForm(user=request.user, initial=PolicyForm.of(row))
    return _policy_page(request, row, known, TryForm(prefix="try"), form)


@login_required
@require_POST
def take_out_rung(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "control.manage")
    row = get_object_or_404(Rung.objects.select_related("policy"), pk=pk)
    services.take_out_rung(rung=row, by=request.user)
    messages.success(request, gettext("The step is taken out of the ladder."))
    return redirect(f"{reverse('policy', kwargs={'pk': row.policy_id})}#ladder")


@login_required
def recount(request: PageRequest) -> HttpResponse:
    """What counting the running promises anew would do, and the button that does it."""
    require(request.user, "control.manage")
    chosen = {name: number_in(request.GET.get(name, "")) for name in ("policy", "calendar")}
    at = timezone.now()
    if request.method == "POST":
        changed = services.recount(**chosen, by=request.user, at=at)
        messages.success(
            request, gettext("Counted anew: %(changed)s promises changed.") % {"changed": changed}
        )
        return redirect("policies")
    preview = recount_preview(**chosen, at=at)
    context = {
        "preview": preview,
        "shown": preview.changed[:SHOWN],
        "about": _named(chosen),
        "query": request.META.get("QUERY_STRING", ""),
        "may_configure": may(request.user, "helpdesk.configure"),
    }
    return render(request, "control/recount.html", context)


def _named(chosen: dict[str, int | None]) -> str:
    if chosen["policy"]:
        return str(get_object_or_404(ServicePolicy, pk=chosen["policy"]))
    return str(get_object_or_404(Calendar, pk=chosen["calendar"])) if chosen["calendar"] else ""
