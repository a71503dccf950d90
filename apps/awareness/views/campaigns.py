"""Campaigns: colleagues set them up and read what they brought, customers answer them."""

from io import BytesIO
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.analysis.deadlines import today
from apps.awareness import services
from apps.awareness.campaign_forms import CampaignForm, ReplyForm
from apps.awareness.models.campaign import Campaign, Via
from apps.awareness.queries.campaigns import campaign_page, campaigns
from apps.intake.knocks import knock
from helpdesk.acting import refuse, tried
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.links import absolute
from helpdesk.models import Customer, Issue, User
from helpdesk.permissions import may, require

A_PAGE = 20
REPLIES_AN_HOUR = 60
FIELDS = ("name", "where", "question", "starts_on", "ends_on", "segment", "region", "reach", "days_back")


@login_required
def campaign_list(request: PageRequest) -> HttpResponse:
    """All of them, the latest first, and the form for another."""
    require(request.user, "awareness.publish")
    at = timezone.now()
    form = CampaignForm(request.POST if request.method == "POST" else None, at=at)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.open_campaign(**form.cleaned_data, by=request.user, at=at)
        except DomainError as error:
            refuse(form, error, {"attachments": "files"})
        else:
            return redirect("campaign", pk=row.pk)
    page = Paginator(campaigns(), A_PAGE).get_page(request.GET.get("page"))
    rows = [(row, row.stands(today(at))) for row in page]
    context = {"page": page, "rows": rows, "form": form}
    return render(request, "awareness/campaigns.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def campaign(request: PageRequest, pk: int) -> HttpResponse:
    """What one campaign brought, what came beside it, and what share of customers tells us."""
    require(request.user, "awareness.publish")
    row = get_object_or_404(Campaign.objects.select_related("created_by"), pk=pk)
    context = {
        "campaign": row, "page": campaign_page(row, at=timezone.now()), "address": _address(row),
        "may_assume": may(request.user, "analysis.assume"), "may_judge": may(request.user, "analysis.judge"),
    }  # fmt: skip
    return render(request, "awareness/campaign.html", context)


@login_required
def edit_campaign(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "awareness.publish")
    row, at = get_object_or_404(Campaign, pk=pk), timezone.now()
    initial: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    initial["issues"] = list(row.issues.values_list("pk", flat=True))
    form = CampaignForm(request.POST if request.method == "POST" else None, at=at, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_campaign(campaign=row, **form.cleaned_data, by=request.user, at=at)
        except DomainError as error:
            refuse(form, error, {"attachments": "files"})
        else:
            messages.success(request, _("Saved."))
            return redirect("campaign", pk=row.pk)
    context = {"campaign": row, "form": form}
    return render(request, "awareness/campaign_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def campaign_code(request: PageRequest, pk: int) -> HttpResponse:
    """The QR code as a picture for print: black on white whatever the theme, and sharp at any size."""
    require(request.user, "awareness.publish")
    row, drawn = get_object_or_404(Campaign, pk=pk), BytesIO()
    segno.make(f"{_address(row)}?by={Via.CODE}", error="m", micro=False).save(
        drawn, kind="svg", scale=8, border=4, light="#fff", xmldecl=False
    )
    answer = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    if "download" in request.GET:
        answer["Content-Disposition"] = f'attachment; filename="campaign-{row.key}.svg"'
    return answer


@login_required
@require_POST
def take_over_rate(request: PageRequest, pk: int, number: int) -> HttpResponse:
    """The multiplier that customers' answers speak for becomes an assumption."""
    require(request.user, "awareness.publish")
    row = get_object_or_404(Campaign, pk=pk)
    issue, at = get_object_or_404(Issue, pk=number), timezone.now()
    tried(
        request,
        lambda: services.take_over_rate(campaign=row, issue=issue, by=request.user, at=at),
        _("Set from today on; the numbers before stay as they were."),
    )
    return redirect("campaign", pk=row.pk)


# --- customers


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, key: str) -> HttpResponse:
    """The page a customer is asked to. Before its days and after them it is the ordinary form."""
    row, at = get_object_or_404(Campaign, key=key), timezone.now()
    if row.stands(today(at)) != "running":
        return redirect("new_request")
    customer: Customer | None = getattr(request.user, "customer", None)
    via = request.GET.get("by", Via.LINK)
    form = ReplyForm(request.POST or None, request.FILES or None, campaign=row, customer=customer)
    if request.method == "GET":
        services.count_visit(campaign=row, via=via, at=at)
    if request.method == "POST" and form.is_valid():
        try:
            knock("campaign", request.META.get("REMOTE_ADDR", ""), limit=REPLIES_AN_HOUR)
            ticket = None
            if not form.is_a_program:
                who: Any = request.user if customer is not None else User.objects.system()
                ticket = services.answer_campaign(campaign=row, **form.said, via=via, by=who, at=at).ticket
            return render(request, "awareness/asked_thanks.html", {"ticket": ticket})
        except DomainError as error:
            refuse(form, error, {"attachments": "files"})
    context = {"campaign": row, "form": form}
    return render(request, "awareness/asked.html", context, status=422 if form.errors else 200)


def _address(row: Campaign) -> str:
    return absolute("asked", key=row.key)
