"""What answers are made from, for those who keep it: the guidance of each issue."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.response import services
from apps.response.forms import CeilingForm, GuidanceForm, OfferForm
from apps.response.models import Guidance, GuidanceEdition, Offer, RemedyCeiling
from apps.response.queries.guidance import changes_between, versions_of
from helpdesk.acting import done, tried
from helpdesk.http import PageRequest
from helpdesk.models import Issue
from helpdesk.permissions import require


@login_required
def guidance(request: PageRequest, code: str) -> HttpResponse:
    """How one issue is answered: the draft where there is one, else what agents see. Kept, or published: says the
    button."""
    require(request.user, "response.manage")
    issue = get_object_or_404(Issue, code=code)
    current = Guidance.objects.filter(issue=issue).first()
    draft = GuidanceEdition.objects.filter(issue=issue, number=None).select_related("made_by").first()
    words = draft.words if draft else None
    form = GuidanceForm(request.POST if request.method == "POST" else None, instance=current, initial=words)
    act: dict[str, Any] = {"issue": issue, "by": request.user, "at": timezone.now()}

    def save(given: dict[str, Any]) -> None:
        services.draft_guidance(words=given, **act)
        if request.POST.get("act") != "draft":
            services.publish_guidance(**act)

    if request.method == "POST" and request.POST.get("act") == "discard":
        tried(request, lambda: services.discard_guidance_draft(**act), _("The draft is gone."))
        return redirect("guidance", code=code)
    if request.method == "POST" and done(form, save):
        kept = request.POST.get("act") == "draft"
        messages.success(request, _("Kept as a draft.") if kept else _("Published."))
        return redirect("guidance", code=code)
    before = Guidance.objects.filter(issue=issue).first() if form.errors else current
    context = {
        "form": form,
        "issue": issue,
        "draft": draft,
        "version": before.version if before else 0,
        "changes": changes_between(before.words() if before else {}, words) if words else [],
    }
    return render(request, "response/guidance.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def guidance_versions(request: PageRequest, code: str) -> HttpResponse:
    """Who changed the guidance of an issue, when, and what."""
    require(request.user, "response.view")
    issue = get_object_or_404(Issue, code=code)
    context = {"issue": issue, "versions": versions_of(issue)}
    return render(request, "response/guidance_versions.html", context)


@login_required
def offers(request: PageRequest, code: str, pk: int | None = None) -> HttpResponse:
    """What may be given for an issue, and a form for one of them or a new one."""
    require(request.user, "response.manage")
    issue = get_object_or_404(Issue, code=code)
    chosen = get_object_or_404(Offer.objects.in_force(), pk=pk, issue=issue) if pk else None
    form = OfferForm(request.POST if request.method == "POST" else None, instance=chosen)
    act: dict[str, Any] = {"issue": issue, "offer": chosen, "by": request.user, "at": timezone.now()}
    if request.method == "POST" and done(form, lambda given: services.save_offer(**given, **act)):
        messages.success(request, _("Saved."))
        return redirect("offers", code=code)
    rows = Offer.objects.in_force().filter(issue=issue)
    context = {"form": form, "issue": issue, "offers": rows, "chosen": chosen}
    return render(request, "response/offers.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def retire_offer(request: PageRequest, code: str, pk: int) -> HttpResponse:
    require(request.user, "response.manage")
    row = get_object_or_404(Offer, pk=pk, issue__code=code)
    services.retire_offer(offer=row, by=request.user, at=timezone.now())
    return redirect("offers", code=code)


@login_required
def remedy_ceiling(request: PageRequest) -> HttpResponse:
    """How much may be given without asking in all."""
    require(request.user, "response.manage")
    form = CeilingForm(
        request.POST if request.method == "POST" else None, instance=RemedyCeiling.objects.first()
    )
    act: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if request.method == "POST" and done(form, lambda given: services.set_remedy_ceiling(**given, **act)):
        messages.success(request, _("Saved."))
        return redirect("remedy_ceiling")
    return render(request, "response/remedy_ceiling.html", {"form": form}, status=422 if form.errors else 200)
