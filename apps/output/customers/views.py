"""The pages of customers, under Desk."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.output.customers import queries, services
from apps.output.customers.forms import AddressForm, CustomerForm, NoteForm, PhoneForm
from helpdesk import panels
from helpdesk.errors import DomainError, NotFound
from helpdesk.http import PageRequest
from helpdesk.models import Customer
from helpdesk.permissions import may, require


@login_required
@require_GET
def customers(request: PageRequest) -> HttpResponse:
    """Whoever is looked for; without a word, who wrote last."""
    require(request.user, "output.customers")
    text = request.GET.get("q", "")
    found = queries.customers_found(text, user=request.user)
    return render(request, "output/customers.html", {"text": text.strip(), "found": found})


@login_required
@require_GET
def customer(request: PageRequest, pk: int) -> HttpResponse:
    if (kept := queries.merged_into(pk)) is not None:
        return redirect("customer", pk=kept)
    return show(request, customer_row(request, pk))


@login_required
def edit_customer(request: PageRequest, pk: int) -> HttpResponse:
    row = customer_row(request, pk)
    require(request.user, services.EDIT)
    form = CustomerForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_customer(
                customer=row, values=form.values, version=form.cleaned_data["version"],
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            messages.success(request, _("Saved."))
            return redirect("customer", pk=pk)
    context = {"customer": customer_row(request, pk), "form": form}
    return render(request, "output/edit_customer.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def note_customer(request: PageRequest, pk: int) -> HttpResponse:
    row, form = customer_row(request, pk), NoteForm(request.POST)
    if form.is_valid():
        try:
            services.note_customer(customer=row, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Noted."))
            return redirect("customer", pk=pk)
        except DomainError as error:
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
    return show(request, row, note=form)


def show(
    request: PageRequest,
    row: Customer,
    *,
    note: forms.Form | None = None,
    address: forms.Form | None = None,
    phone: forms.Form | None = None,
    other: Customer | None = None,
) -> HttpResponse:
    """The page of a customer, with the form that was refused; `other` has the address that was to be added."""
    refused = any(form is not None and form.errors for form in (note, address, phone))
    context = {
        "page": queries.customer_page(row, user=request.user, at=timezone.now()),
        "customer": row,
        "note_form": note or NoteForm(),
        "address_form": address or AddressForm(),
        "phone_form": phone or PhoneForm(),
        "other": other,
        "may_edit": may(request.user, services.EDIT) and row.anonymised_at is None,
        "may_merge": may(request.user, services.MERGE) and row.anonymised_at is None,
        "may_export": may(request.user, "output.export_customers"),
        "may_answer_for": may(request.user, services.ANSWER_FOR),
        "boxes": panels.boxes("customer", user=request.user, pk=row.pk),
    }
    return render(request, "output/customer.html", context, status=422 if refused else 200)


def customer_row(request: PageRequest, pk: int) -> Customer:
    require(request.user, "output.customers")
    row = Customer.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
