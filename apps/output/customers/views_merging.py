"""Two customers that may be one: suggested, compared, merged, and taken apart again."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.output.customers import queries, services
from apps.output.customers.models import CustomerMerge
from apps.output.customers.views import customer_row
from helpdesk.acting import tried
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Customer
from helpdesk.permissions import may, require


@login_required
@require_GET
def customer_alike(request: PageRequest, pk: int) -> HttpResponse:
    """A box on the page of a customer: who may be the same person, and what was merged."""
    row = customer_row(request, pk)
    context = {
        "customer": row,
        "alike": queries.alike(row, user=request.user, at=timezone.now()),
        "may_merge": may(request.user, services.MERGE),
    }
    return render(request, "output/_customer_alike.html", context)


@login_required
def merge_customer(request: PageRequest, pk: int) -> HttpResponse:
    """Look for the other one, see both side by side, and say which stays."""
    row = customer_row(request, pk)
    require(request.user, services.MERGE)
    other = _other(request, row)
    if request.method == "POST" and other is not None:
        kept, gone = (other, row) if request.POST.get("keep") == str(other.pk) else (row, other)
        tried(
            request,
            lambda: services.merge_customers(kept=kept, gone=gone, by=request.user, at=timezone.now()),
            _("They are one now. It can be undone for thirty days."),
        )
        return redirect("customer", pk=kept.pk)
    text = request.GET.get("q", "").strip()
    context = {
        "customer": row,
        "text": text,
        "found": [one for one in _found(request, text) if one.customer.pk != row.pk],
        "sides": [queries.side(row), queries.side(other)] if other else [],
        "other": other,
    }
    return render(request, "output/merge_customer.html", context)


@login_required
@require_POST
def undo_merge(request: PageRequest, pk: int, merge: int) -> HttpResponse:
    row = customer_row(request, pk)
    found = CustomerMerge.objects.select_related("kept", "gone").filter(pk=merge, kept=row).first()
    if found is None:
        raise NotFound
    tried(
        request,
        lambda: services.undo_merge(merge=found, by=request.user, at=timezone.now()),
        _("They are two again."),
    )
    return redirect("customer", pk=pk)


def _found(request: PageRequest, text: str) -> list[queries.Row]:
    return queries.customers_found(text, user=request.user).rows[:10] if text else []


def _other(request: PageRequest, row: Customer) -> Customer | None:
    number = number_in(request.POST.get("with") or request.GET.get("with", ""))
    if number is None or number == row.pk:
        return None
    return customer_row(request, number)
