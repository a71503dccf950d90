"""The pages of organisations, under Desk."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.output.customers.services import EDIT
from apps.output.organisations import queries, services
from apps.output.organisations.forms import DomainForm, MemberForm, NoteForm, OrganisationForm
from helpdesk.acting import done, tried
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Customer, Organisation
from helpdesk.permissions import may, require


@login_required
@require_GET
def organisations(request: PageRequest) -> HttpResponse:
    """Whichever is looked for; without a word, all by their name."""
    require(request.user, "output.customers")
    text, asked = request.GET.get("q", "").strip(), request.GET
    found = queries.organisations_found(
        text, user=request.user, having=asked.get("having", ""), segment=asked.get("segment", "")
    )
    context = {
        "text": text,
        "having": asked.get("having", ""),
        "segment": asked.get("segment", ""),
        "found": found,
        "may_manage": may(request.user, services.MANAGE),
    }
    return render(request, "output/organisations.html", context)


@login_required
def add_organisation(request: PageRequest) -> HttpResponse:
    require(request.user, services.MANAGE)
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    made: list[Organisation] = []
    if request.method == "POST" and done(
        form,
        lambda given: made.append(
            services.add_organisation(values=given, by=request.user, at=timezone.now())
        ),
    ):
        return redirect("organisation", pk=made[0].pk)
    return render(
        request, "output/edit_organisation.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_GET
def organisation(request: PageRequest, pk: int) -> HttpResponse:
    if (kept := queries.merged_into(pk)) is not None:
        return redirect("organisation", pk=kept)
    return show(request, organisation_row(request, pk))


@login_required
def edit_organisation(request: PageRequest, pk: int) -> HttpResponse:
    row = organisation_row(request, pk)
    require(request.user, services.MANAGE)
    form = OrganisationForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and done(
        form,
        lambda given: services.change_organisation(
            organisation=organisation_row(request, pk), values=given, by=request.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("organisation", pk=pk)
    context = {"organisation": organisation_row(request, pk), "form": form}
    return render(request, "output/edit_organisation.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def note_organisation(request: PageRequest, pk: int) -> HttpResponse:
    row, form = organisation_row(request, pk), NoteForm(request.POST)
    if done(
        form,
        lambda given: services.note_organisation(
            organisation=row, **given, by=request.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Noted."))
        return redirect("organisation", pk=pk)
    return show(request, row, note_form=form)


@login_required
@require_POST
def claim_domain(request: PageRequest, pk: int) -> HttpResponse:
    row, form = organisation_row(request, pk), DomainForm(request.POST)
    if done(
        form,
        lambda given: services.claim_domain(organisation=row, **given, by=request.user, at=timezone.now()),
    ):
        messages.success(request, _("Whoever writes from there joins by itself from now on."))
        return redirect("organisation", pk=pk)
    return show(request, row, domain_form=form)


@login_required
@require_POST
def release_domain(request: PageRequest, pk: int, domain: int) -> HttpResponse:
    row = organisation_row(request, pk)
    claimed = row.domains.filter(pk=domain).first()
    if claimed is None:
        raise NotFound
    tried(
        request,
        lambda: services.release_domain(domain=claimed, by=request.user, at=timezone.now()),
        _("Nobody joins by this domain any more."),
    )
    return redirect("organisation", pk=pk)


@login_required
@require_POST
def add_member(request: PageRequest, pk: int) -> HttpResponse:
    row, form = organisation_row(request, pk), MemberForm(request.POST)
    customer = None
    if form.is_valid():
        email = form.cleaned_data["email"].strip().lower()
        customer = Customer.objects.visible_to(request.user).filter(addresses__email=email).first()
        if customer is None:
            form.add_error("email", _("You know of no customer with this address."))
    if customer is not None:
        who = customer
        tried(
            request,
            lambda: services.join(customer=who, organisation=row, by=request.user, at=timezone.now()),
            _("%(customer)s is a member now.") % {"customer": customer},
        )
        return redirect("organisation", pk=pk)
    return show(request, row, member_form=form)


@login_required
@require_POST
def change_member(request: PageRequest, pk: int, customer: int) -> HttpResponse:
    """Make a member a manager, or none any more, or take them off."""
    row = organisation_row(request, pk)
    member = Customer.objects.visible_to(request.user).filter(pk=customer, member_of=row).first()
    if member is None:
        raise NotFound
    act, by, at = request.POST.get("act"), request.user, timezone.now()
    if act == "leave":
        tried(
            request, lambda: services.join(customer=member, organisation=None, by=by, at=at), _("Taken off.")
        )
    elif act in ("appoint", "dismiss"):
        tried(
            request,
            lambda: services.appoint(customer=member, is_manager=act == "appoint", by=by, at=at),
            _("Saved."),
        )
    return redirect("organisation", pk=pk)


@login_required
def merge_organisation(request: PageRequest, pk: int) -> HttpResponse:
    """Look for the other one, see both side by side, and say which stays."""
    row = organisation_row(request, pk)
    require(request.user, services.MANAGE)
    number = number_in(request.POST.get("with") or request.GET.get("with", ""))
    other = organisation_row(request, number) if number is not None and number != pk else None
    if request.method == "POST" and other is not None:
        kept, gone = (other, row) if request.POST.get("keep") == str(other.pk) else (row, other)
        tried(
            request,
            lambda: services.merge_organisations(kept=kept, gone=gone, by=request.user, at=timezone.now()),
            _("They are one now."),
        )
        return redirect("organisation", pk=kept.pk)
    text = request.GET.get("q", "").strip()
    found = queries.organisations_found(text, user=request.user).rows[:10] if text else []
    context = {
        "organisation": row,
        "other": other,
        "text": text,
        "found": [one for one in found if one.organisation.pk != pk],
        "sides": queries.rows_of([row, other], request.user) if other else [],
    }
    return render(request, "output/merge_organisation.html", context)


@login_required
@require_POST
def undo_merge(request: PageRequest, pk: int, merge: int) -> HttpResponse:
    found = queries.merges_of(organisation_row(request, pk)).filter(pk=merge).first()
    if found is None:
        raise NotFound
    tried(
        request,
        lambda: services.undo_merge(merge=found, by=request.user, at=timezone.now()),
        _("They are two again."),
    )
    return redirect("organisation", pk=pk)


def show(request: PageRequest, row: Organisation, **refused: forms.Form) -> HttpResponse:
    context = {
        "organisation": row,
        "page": queries.organisation_page(row, user=request.user, at=timezone.now()),
        "note_form": NoteForm(),
        "domain_form": DomainForm(),
        "member_form": MemberForm(),
        "may_edit": may(request.user, EDIT),
        "may_manage": may(request.user, services.MANAGE),
    }
    return render(request, "output/organisation.html", context | refused, status=422 if refused else 200)


def organisation_row(request: PageRequest, pk: int) -> Organisation:
    require(request.user, "output.customers")
    row = Organisation.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
