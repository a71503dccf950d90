"""The pages of customers, under Desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.output.customers import queries, services
from apps.output.customers.forms import CustomerForm, NoteForm
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
    return _page(request, _row(request, pk), NoteForm())


@login_required
def edit_customer(request: PageRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
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
    context = {"customer": _row(request, pk), "form": form}
    return render(request, "output/edit_customer.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def note_customer(request: PageRequest, pk: int) -> HttpResponse:
    row, form = _row(request, pk), NoteForm(request.POST)
    if form.is_valid():
        try:
            services.note_customer(customer=row, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Noted."))
            return redirect("customer", pk=pk)
        except DomainError as error:
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
    return _page(request, row, form)


def _page(request: PageRequest, row: Customer, form: NoteForm) -> HttpResponse:
    context = {
        "page": queries.customer_page(row, user=request.user),
        "customer": row,
        "form": form,
        "may_edit": may(request.user, services.EDIT) and row.anonymised_at is None,
        "boxes": panels.boxes("customer", user=request.user, pk=row.pk),
    }
    return render(request, "output/customer.html", context, status=422 if form.errors else 200)


def _row(request: PageRequest, pk: int) -> Customer:
    require(request.user, "output.customers")
    row = Customer.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
