"""On the page of a customer: whether they may be written to before they ask."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.awareness import services
from apps.awareness.models import OptOut, OutreachCustomer
from apps.awareness.models.wave import WaveLetter
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest
from helpdesk.models import Customer
from helpdesk.permissions import may, require

LATEST = 5


@login_required
@require_http_methods(["GET", "POST"])
def customer_letters(request: PageRequest, pk: int) -> HttpResponse:
    """What they were written of our own accord, and whether they want it. Three queries."""
    require(request.user, "awareness.view")
    customer = Customer.objects.visible_to(request.user).filter(pk=pk).first()
    if customer is None:
        raise NotFound
    if request.method == "POST":
        allowed = request.POST.get("allowed") == "yes"
        services.allow_letters(customer=customer, allowed=allowed, by=request.user, at=timezone.now())
        if not request.htmx:
            return redirect("customer", pk=pk)
    told = OutreachCustomer.objects.filter(customer=customer, sent_at__isnull=False)
    waves = WaveLetter.objects.filter(customer=customer, sent_at__isnull=False)
    context = {
        "customer": customer,
        "refusal": OptOut.objects.filter(customer=customer).first(),
        "told": told.select_related("outreach__issue").order_by("-sent_at")[:LATEST],
        "waves": waves.select_related("wave").order_by("-sent_at")[:LATEST],
        "may_edit": may(request.user, "output.edit_customers") and customer.anonymised_at is None,
    }
    return render(request, "awareness/_letters.html", context)
