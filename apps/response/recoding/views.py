"""Recoding by hand: its effect before it is begun, how far it is, and the way back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.response.recoding import services
from apps.response.recoding.forms import PickForm, RecodeForm, UndoForm
from apps.response.recoding.models import HandRecoding, RowState
from apps.response.recoding.queries import Preview, preview, recodings_of, rows_of
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.permissions import require

A_PAGE = 50


@login_required
def recodings(request: PageRequest) -> HttpResponse:
    """Which tickets, what they should be, what it would do; and what was recoded before."""
    require(request.user, services.VERB)
    if request.method == "POST":
        return _begin(request)
    asked = PickForm(request.GET) if "target" in request.GET else None
    if asked is None:
        query = request.GET.get("q", "")[:500]
        return _page(request, PickForm(initial={"query": query} if query else None))
    found = _preview(request, asked) if asked.is_valid() else None
    return _page(request, asked, found)


def _begin(request: PageRequest) -> HttpResponse:
    form = RecodeForm(request.POST)
    if form.is_valid():
        try:
            row = services.recode_by_hand(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            return redirect("recoding", pk=row.pk)
    picked = PickForm(request.POST)
    return _page(request, picked, _preview(request, picked) if picked.is_valid() else None, form)


def _preview(request: PageRequest, form: PickForm) -> Preview:
    given = form.cleaned_data
    return preview(
        given["query"], target=given["target"], instead_of=given["instead_of"], user=request.user, at=timezone.now()
    )  # fmt: skip


def _page(
    request: PageRequest, form: PickForm, found: Preview | None = None, failed: RecodeForm | None = None
) -> HttpResponse:
    rows = Paginator(recodings_of(request.user), A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "found": found, "failed": failed, "recodings": rows}
    wrong = failed is not None or bool(form.errors)
    return render(request, "response/recoding/recodings.html", context, status=422 if wrong else 200)


@login_required
@require_GET
def recoding(request: PageRequest, pk: int) -> HttpResponse:
    """How far it is, what became of each ticket, and the button that undoes it."""
    row, state = _row(request, pk), request.GET.get("state", "")
    state = state if state in RowState.values else ""
    rows = Paginator(rows_of(row, user=request.user, state=state), A_PAGE)
    tabs = [
        {"url": f"?state={value}" if value else "?", "label": label, "current": value == state}
        for value, label in (("", _("All")), *RowState.choices)
    ]
    context = {
        "recoding": row, "rows": rows.get_page(request.GET.get("page")), "tabs": tabs, "state": state,
        "undo": UndoForm() if row.can_be_undone(timezone.now()) else None,
    }  # fmt: skip
    return render(request, "response/recoding/recoding.html", context)


@login_required
@require_POST
def stop_hand_recoding(request: PageRequest, pk: int) -> HttpResponse:
    services.stop_hand_recoding(recoding=_row(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Stopped. What is recoded stays so."))
    return redirect("recoding", pk=pk)


@login_required
@require_POST
def undo_hand_recoding(request: PageRequest, pk: int) -> HttpResponse:
    row, form = _row(request, pk), UndoForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        services.undo_hand_recoding(recoding=row, reason=reason, by=request.user, at=timezone.now())
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, error.detail)
    return redirect("recoding", pk=pk)


def _row(request: PageRequest, pk: int) -> HandRecoding:
    require(request.user, services.VERB)
    return get_object_or_404(recodings_of(request.user), pk=pk)
