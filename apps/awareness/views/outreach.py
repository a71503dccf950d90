"""Telling customers before they ask: drafts, what can be seen beforehand, and what it prevented."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from apps.awareness import services
from apps.awareness.models import Notice
from apps.awareness.models.holdout import Outreach, OutreachCustomer
from apps.awareness.outreach_forms import OutreachForm
from apps.awareness.queries.holdout import outreach_page
from helpdesk.acting import refuse, tried
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest, number_in
from helpdesk.models import User
from helpdesk.permissions import require

A_PAGE = 20
FIELDS = (
    "kind",
    "issue",
    "subject",
    "body",
    "product",
    "segment",
    "region",
    "had_it_before",
    "window_days",
    "an_hour",
)


@login_required
def outreaches(request: PageRequest) -> HttpResponse:
    """All of them, the latest first, and the form for another, perhaps in the words of a notice."""
    require(request.user, "awareness.publish")
    at, notice = timezone.now(), _notice(request)
    initial = {"subject": notice.title, "body": notice.body} if notice else {}
    form = OutreachForm(request.POST if request.method == "POST" else None, at=at, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.draft_outreach(**form.said, notice=notice, by=request.user, at=at)
        except DomainError as error:
            refuse(form, error, {"held_back": "percent_held"})
        else:
            return redirect("outreach", pk=row.pk)
    rows = Outreach.objects.select_related("issue")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "notice": notice}
    return render(request, "awareness/outreaches.html", context, status=422 if form.errors else 200)


@login_required
def outreach(request: PageRequest, pk: int) -> HttpResponse:
    """One letter: its words while it is a draft, and what it prevented afterwards."""
    require(request.user, "awareness.publish")
    row, at = (
        get_object_or_404(Outreach.objects.select_related("issue", "product", "notice"), pk=pk),
        timezone.now(),
    )
    initial: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    initial["percent_held"] = round(100 * row.held_back, 4)
    form = OutreachForm(request.POST if request.method == "POST" else None, at=at, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_outreach(outreach=row, **form.said, by=request.user, at=at)
        except DomainError as error:
            refuse(form, error, {"held_back": "percent_held"})
        else:
            messages.success(request, _("Saved."))
            return redirect("outreach", pk=row.pk)
    context = {"outreach": row, "page": outreach_page(row, at=at), "form": form}
    return render(request, "awareness/outreach.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def start_outreach(request: PageRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.start_outreach, _("It goes out now."))


@login_required
@require_POST
def stop_outreach(request: PageRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.stop_outreach, _("Stopped."))


# Mail programs press the button themselves (RFC 8058): they have no session, and the key in the address is the proof.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request: HttpRequest, key: str) -> HttpResponse:
    """A customer wants no letters they did not ask for. The link only opens the page: scanners open every link."""
    lot = get_object_or_404(OutreachCustomer, key=key)
    if request.method == "POST":
        services.opt_out(lot=lot, by=User.objects.system(), at=timezone.now())
    return render(request, "awareness/stop_letters.html", {"done": request.method == "POST"})


def _act(request: PageRequest, pk: int, service: Callable[..., Any], said: str) -> HttpResponse:
    require(request.user, "awareness.publish")
    row = get_object_or_404(Outreach, pk=pk)
    tried(request, lambda: service(outreach=row, by=request.user, at=timezone.now()), said)
    return redirect("outreach", pk=row.pk)


def _notice(request: PageRequest) -> Notice | None:
    number = number_in(request.GET.get("notice", ""))
    rows = Notice.objects.visible_to(request.user)
    return None if number is None else get_object_or_404(rows, pk=number)
