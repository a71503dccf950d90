"""Acts on many tickets: chosen in the queue, said what, done; how far it is, and the way back."""

import csv
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.response.acting import ActsForm
from apps.response.bulk import services
from apps.response.bulk.models import BulkJob, RowState
from apps.response.bulk.queries import choice, jobs_of, progress, rows_of, told, with_subjects
from apps.response.queries.ticket_views import view_named
from apps.response.views.queue import asked_of
from helpdesk.acting import refuse
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest, number_in
from helpdesk.permissions import require

A_PAGE, MOST_CHOSEN = 50, 1_000


@login_required
def bulk(request: PageRequest) -> HttpResponse:
    """Do what was said to the tickets that were chosen; where nothing is said yet, ask what."""
    require(request.user, "response.view")
    everything = "all" in (_sent(request).get("choose"), _sent(request).get("which"))
    numbers = [] if everything else _numbers(request)
    query = _question(request) if everything else ""
    if not numbers and not query:
        messages.warning(request, _("Choose tickets first."))
        return _to_queue(request)
    if request.method != "POST" or "choose" in request.POST:
        return _ask(request, ActsForm(user=request.user, alone=True), numbers, query)
    form = ActsForm(_quick(request) or request.POST, user=request.user, alone=True)
    if not form.is_valid():
        return _ask(request, form, numbers, query, status=422)
    try:
        job = services.begin_bulk(
            acts=form.acts,
            numbers=numbers,
            query=query,
            expected=number_in(request.POST.get("expected", "")) if everything else None,
            key=_key(request.POST.get("key", "")),
            by=request.user,
            at=timezone.now(),
        )
    except DomainError as error:
        refuse(form, error)
        return _ask(request, form, numbers, query, status=409 if error.status == 409 else 422)
    if job.total > services.AT_ONCE:
        return redirect("bulk_job", pk=job.pk)
    _tell(request, services.do_at_once(job=job, at=timezone.now()))
    return _to_queue(request)


def _sent(request: PageRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _numbers(request: PageRequest) -> list[int]:
    return [n for n in map(number_in, _sent(request).getlist("number")[:MOST_CHOSEN]) if n]


def _question(request: PageRequest) -> str:
    asked = asked_of(request)
    view = view_named(asked["view"], user=request.user) if "view" in asked and "q" not in asked else None
    return view.query if view else asked.get("q", "")


def _quick(request: PageRequest) -> dict[str, str] | None:
    """A button of the bar does one act, and names it as the form would."""
    act = request.POST.get("do", "")
    fields = {"assign": "assign", "solve": "state"}
    field = fields.get(act.partition(":")[0])
    return {field: act} if field else None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _ask(
    request: PageRequest, form: ActsForm, numbers: list[int], query: str, status: int = 200
) -> HttpResponse:
    found = choice(numbers=numbers, query=query or None, user=request.user, at=timezone.now())
    context = {
        "form": form,
        "choice": found,
        "numbers": numbers,
        "query": query,
        "asked": urlencode(asked_of(request)),
        "key": uuid4(),
        "current_section": "queue",
    }
    return render(request, "response/bulk/choose.html", context, status=status)


def _to_queue(request: PageRequest) -> HttpResponse:
    return redirect(f"{reverse('queue')}?{urlencode(asked_of(request))}")


def _tell(request: PageRequest, job: BulkJob) -> None:
    """A toast, with the way back and to what became of each."""
    found = progress(job)
    offers = [f"more:{reverse('bulk_job', kwargs={'pk': job.pk})}"]
    if found.done and not found.is_back:
        place = urlencode(asked_of(request) | {"back": 1})
        offers.append(f"undo:{reverse('undo_bulk', kwargs={'pk': job.pk})}?{place}")
    level = messages.WARNING if found.refused or found.stays or not found.done else messages.SUCCESS
    messages.add_message(request, level, told(found), extra_tags=" ".join(offers))


@login_required
@require_GET
def bulk_jobs(request: PageRequest) -> HttpResponse:
    """What this person did to many tickets at once, the newest first."""
    require(request.user, "response.view")
    rows = Paginator(jobs_of(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "response/bulk/jobs.html", {"jobs": rows, "current_section": "queue"})


@login_required
@require_GET
def bulk_job(request: PageRequest, pk: int) -> HttpResponse:
    """How far it is, what became of each ticket, and the button that undoes it."""
    job, state = _job(request, pk), request.GET.get("state", "")
    state = state if state in RowState.values else ""
    page = Paginator(rows_of(job, state=state), A_PAGE).get_page(request.GET.get("page"))
    found = progress(job)
    context = {
        "job": job,
        "progress": found,
        "page": page,
        "rows": with_subjects(list(page.object_list), user=request.user),
        "tabs": [
            {"url": f"?state={value}" if value else "?", "label": label, "current": value == state}
            for value, label in (("", _("All")), *RowState.choices)
            if not value or found.counts[value]
        ],
        "may_undo": bool(found.done) and job.can_be_undone(timezone.now()),
        "current_section": "queue",
    }
    return render(request, "response/bulk/job.html", context)


@login_required
@require_GET
def bulk_results(request: PageRequest, pk: int) -> HttpResponse:
    """What became of each ticket, as a file."""
    job = _job(request, pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="bulk-{job.pk}.csv"'
    rows = csv.writer(answer)
    rows.writerow([_("ticket"), _("state"), _("why")])
    rows.writerows([row.ticket_id, row.get_state_display(), row.why] for row in rows_of(job).iterator())
    return answer


@login_required
@require_POST
def stop_bulk(request: PageRequest, pk: int) -> HttpResponse:
    services.stop_bulk(job=_job(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Stopped. What is done stays so."))
    return redirect("bulk_job", pk=pk)


@login_required
@require_POST
def undo_bulk(request: PageRequest, pk: int) -> HttpResponse:
    job, at = _job(request, pk), timezone.now()
    try:
        job = services.undo_bulk(job=job, by=request.user, at=at)
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect("bulk_job", pk=pk)
    if job.total <= services.AT_ONCE:
        _tell(request, services.do_at_once(job=job, at=at))
        if "back" in request.GET:
            return _to_queue(request)
    return redirect("bulk_job", pk=pk)


def _job(request: PageRequest, pk: int) -> BulkJob:
    require(request.user, "response.view")
    job: BulkJob = get_object_or_404(jobs_of(request.user), pk=pk)
    return job
