"""Addresses and numbers on the page of a customer, and the page behind the letters that ask whose one is."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.output.customers import proof, services
from apps.output.customers.forms import AddressForm, PhoneForm
from apps.output.customers.views import customer_row, show
from helpdesk.acting import refuse, tried
from helpdesk.errors import DomainError, NotFound
from helpdesk.http import PageRequest
from helpdesk.models import CustomerAddress


@login_required
@require_POST
def add_address(request: PageRequest, pk: int) -> HttpResponse:
    row, form = customer_row(request, pk), AddressForm(request.POST)
    if form.is_valid():
        try:
            services.add_address(
                customer=row, email=form.cleaned_data["email"], by=request.user, at=timezone.now()
            )
        except services.BelongsToAnother as error:
            form.add_error("email", error.detail)
            return show(request, row, address=form, other=error.other)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Noted. We have written and asked whether it is theirs."))
            return redirect("customer", pk=pk)
    return show(request, row, address=form)


@login_required
@require_POST
def add_phone(request: PageRequest, pk: int) -> HttpResponse:
    row, form = customer_row(request, pk), PhoneForm(request.POST)
    if form.is_valid():
        try:
            services.add_phone(customer=row, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Noted."))
            return redirect("customer", pk=pk)
    return show(request, row, phone=form)


@login_required
@require_POST
def ask_about_address(request: PageRequest, pk: int, address: int) -> HttpResponse:
    return _act(request, pk, address, services.ask_about_address, _("The letters are on their way."))


@login_required
@require_POST
def make_primary(request: PageRequest, pk: int, address: int) -> HttpResponse:
    return _act(request, pk, address, services.make_primary, _("We write there from now on."))


@login_required
@require_POST
def remove_address(request: PageRequest, pk: int, address: int) -> HttpResponse:
    return _act(request, pk, address, services.remove_address, _("Removed."))


@login_required
@require_POST
def answer_for_address(request: PageRequest, pk: int, address: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _act(request, pk, address, services.answer_for_address, _("Noted."), reason=reason)


@login_required
@require_POST
def remove_phone(request: PageRequest, pk: int, phone: int) -> HttpResponse:
    row = customer_row(request, pk).phones.select_related("customer").filter(pk=phone).first()
    if row is None:
        raise NotFound
    tried(
        request,
        lambda: services.remove_phone(phone=row, by=request.user, at=timezone.now()),
        _("Removed."),
    )
    return redirect("customer", pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever got the letter says that it is theirs. The link only opens the page: scanners open every link."""
    asked, done = proof.asked_by(key), request.method == "POST"
    if done:
        services.confirm_address(key=key, at=timezone.now())
    context = {"done": done, "email": asked.address.email}
    answer = render(request, "output/confirm_address.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _act(
    request: PageRequest, pk: int, address: int, service: Callable[..., Any], said: str, **more: str
) -> HttpResponse:
    rows = CustomerAddress.objects.select_related("customer")
    row = rows.filter(pk=address, customer=customer_row(request, pk)).first()
    if row is None:
        raise NotFound
    tried(request, lambda: service(address=row, **more, by=request.user, at=timezone.now()), said)
    return redirect("customer", pk=pk)
