"""The desk's own fields: all of them, and a form for one or a new one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.intake.custom_fields import services
from apps.intake.custom_fields.forms import FieldForm
from apps.intake.custom_fields.queries import past_definitions
from helpdesk.acting import done, tried
from helpdesk.http import PageRequest
from helpdesk.models import CustomField
from helpdesk.permissions import require


@login_required
def custom_fields(request: PageRequest, key: str = "") -> HttpResponse:
    require(request.user, services.VERB)
    chosen = get_object_or_404(CustomField, key=key) if key else None
    form = FieldForm(request.POST if request.method == "POST" else None, row=chosen)

    def save(given: dict[str, Any]) -> None:
        services.save_field(**given, field=chosen, by=request.user, at=timezone.now())

    if request.method == "POST" and done(form, save):
        messages.success(request, _("“%(label)s” is saved.") % {"label": form.cleaned_data["label"]})
        return redirect("custom_fields")
    context = {
        "form": form,
        "chosen": chosen,
        "past": past_definitions(chosen) if chosen else [],
        "rows": list(CustomField.objects.all()),
    }
    return render(request, "intake/custom_fields.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def retire_custom_field(request: PageRequest, key: str) -> HttpResponse:
    """Asked for no more, or again."""
    require(request.user, services.VERB)
    field = get_object_or_404(CustomField, key=key)
    act: dict[str, Any] = {"field": field, "by": request.user, "at": timezone.now()}
    if field.is_retired:
        tried(request, lambda: services.take_up_field(**act), _("It is asked for again."))
    else:
        tried(request, lambda: services.retire_field(**act), _("It is asked for no more; its values stay."))
    return redirect("edit_custom_field", key=key)
