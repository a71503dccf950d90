"""The pages of webhooks, under Admin."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.output.webhooks import services
from apps.output.webhooks.forms import WebhookForm
from apps.output.webhooks.models import Webhook, WebhookDelivery, WebhookState
from apps.output.webhooks.queries import log_of, webhooks_of
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest, number_in
from helpdesk.permissions import require


@login_required
def webhooks(request: PageRequest) -> HttpResponse:
    """The endpoints there are, and a form for another; its secret is shown once, here."""
    require(request.user, services.VERB)
    form, shown = WebhookForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        try:
            shown = services.add_webhook(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            form = WebhookForm()
    context = {"form": form, "shown": shown, "webhooks": webhooks_of(request.user)}
    return render(request, "output/webhooks.html", context, status=422 if form.errors else 200)


@login_required
def webhook(request: PageRequest, pk: int) -> HttpResponse:
    """One endpoint: what it hears, how it fares, and what was said to it."""
    row = _row(request, pk)
    form = WebhookForm(request.POST if request.method == "POST" else None, webhook=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_webhook(webhook=row, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            messages.success(request, _("Saved."))
            return redirect("webhook", pk=pk)
    return _page(request, row, form)


@login_required
@require_POST
def rotate_webhook(request: PageRequest, pk: int) -> HttpResponse:
    shown = services.rotate_secret(webhook=_row(request, pk), by=request.user, at=timezone.now())
    return _page(request, shown.webhook, WebhookForm(webhook=shown.webhook), secret=shown.secret)


@login_required
@require_POST
def test_webhook(request: PageRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    try:
        services.send_test(webhook=row, by=request.user, at=timezone.now())
    except services.SwitchedOff as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, _("A test is on its way: load the page again in a few seconds."))
    return redirect("webhook", pk=pk)


@login_required
@require_POST
def switch_webhook(request: PageRequest, pk: int) -> HttpResponse:
    on = request.POST.get("on") == "yes"
    services.switch_webhook(webhook=_row(request, pk), on=on, by=request.user, at=timezone.now())
    messages.success(request, _("Switched on: what waited goes out.") if on else _("Switched off."))
    return redirect("webhook", pk=pk)


@login_required
@require_POST
def remove_webhook(request: PageRequest, pk: int) -> HttpResponse:
    services.remove_webhook(webhook=_row(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Removed."))
    return redirect("webhooks")


@login_required
@require_POST
def resend_webhook(request: PageRequest, pk: int, delivery: int) -> HttpResponse:
    row = _row(request, pk)
    message = get_object_or_404(WebhookDelivery, pk=delivery, webhook=row)
    services.resend(delivery=message, by=request.user, at=timezone.now())
    messages.success(request, _("It is sent again within seconds, with the same webhook-id."))
    return redirect("webhook", pk=pk)


def _page(request: PageRequest, row: Webhook, form: WebhookForm, *, secret: str = "") -> HttpResponse:
    state = request.GET.get("state", "")
    tabs = [
        {"url": f"?state={value}" if value else "?", "label": label, "current": value == state}
        for value, label in (("", _("All")), *WebhookState.choices)
    ]
    context = {
        "webhook": row,
        "form": form,
        "secret": secret,
        "two_secrets": row.old_secret_until is not None and row.old_secret_until > timezone.now(),
        "log": log_of(row, state=state, before=number_in(request.GET.get("before", ""))),
        "tabs": tabs,
        "state": state,
    }
    return render(request, "output/webhook.html", context, status=422 if form.errors else 200)


def _row(request: PageRequest, pk: int) -> Webhook:
    require(request.user, services.VERB)
    return get_object_or_404(webhooks_of(request.user), pk=pk)
