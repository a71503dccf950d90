"""What colleagues do about a customer's account, on the customer's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.output.account import services
from apps.output.customers.views import customer_row
from helpdesk.http import PageRequest


@login_required
@require_POST
def sign_out_customer(request: PageRequest, pk: int) -> HttpResponse:
    row = customer_row(request, pk)
    services.sign_out_customer(customer=row, by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s is signed in nowhere any more.") % {"name": row})
    return redirect("customer", pk=pk)
