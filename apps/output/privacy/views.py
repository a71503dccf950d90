"""Under a customer: everything known of them as a file, and erasing them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.output.customers.views import customer_row
from apps.output.privacy import queries
from apps.output.privacy.forms import EraseForm, ExportForm
from apps.output.privacy.models import CustomerExport
from apps.output.privacy.services import erasing, exporting
from helpdesk.acting import done, tried
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require


@login_required
@require_GET
def customer_privacy(request: PageRequest, pk: int) -> HttpResponse:
    """Exports that were made and are made, and what has become of a wish to be forgotten."""
    row = customer_row(request, pk)
    require(request.user, exporting.EXPORT)
    context = {
        "customer": row,
        "exports": queries.exports_of(row),
        "erasure": queries.erasure_of(row),
        "form": ExportForm(),
        "may_erase": may(request.user, erasing.ERASE),
    }
    return render(request, "output/customer_privacy.html", context)


@login_required
@require_POST
def export_customer(request: PageRequest, pk: int) -> HttpResponse:
    row = customer_row(request, pk)
    tried(
        request,
        lambda: exporting.ask_for_export(
            customer=row, with_notes="with_notes" in request.POST, by=request.user, at=timezone.now()
        ),
        _("It is being made. Look again in a minute."),
    )
    return redirect("customer_privacy", pk=pk)


@never_cache
@login_required
@require_GET
def customer_export(request: PageRequest, pk: int, export: int) -> FileResponse:
    row = CustomerExport.objects.filter(pk=export, customer=customer_row(request, pk)).first()
    if row is None:
        raise NotFound
    row = exporting.fetch_export(export=row, by=request.user, at=timezone.now())
    return FileResponse(
        default_storage.open(row.place), as_attachment=True, filename=f"customer-{pk}.zip",
        content_type="application/zip",
    )  # fmt: skip


@login_required
def erase_customer(request: PageRequest, pk: int) -> HttpResponse:
    """What goes, what stays and why; then the name once more, and it is begun."""
    row = customer_row(request, pk)
    require(request.user, erasing.ERASE)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(
        form,
        lambda given: erasing.erase_customer(customer=row, **given, by=request.user, at=timezone.now()),
    ):
        messages.success(
            request, _("Begun. A worker goes through everything; nobody is called so here any more.")
        )
        return redirect("customer_privacy", pk=pk)
    context = {
        "customer": row,
        "form": form,
        "preview": queries.preview(row),
        "word": erasing.confirmation_of(row),
    }
    return render(request, "output/erase_customer.html", context, status=422 if form.errors else 200)
