"""How many customers or orders there were: what rates are held against."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis import services
from apps.analysis.models import Exposure
from apps.analysis.queries.exposure import exposure_page
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.numbers import WholeNumber
from helpdesk.permissions import require


class ExposureForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(choices=Exposure.Kind.choices, label=_("What is counted"))
    value = WholeNumber(min_value=1, label=_("How many on that day"))


@login_required
def exposure(request: PageRequest) -> HttpResponse:
    """Enter a day, and see which numbers are used."""
    require(request.user, "analysis.assume")
    form = ExposureForm(request.POST if request.method == "POST" else None)
    who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if request.method == "POST" and done(form, lambda given: services.record_exposure(**given, **who)):
        messages.success(request, gettext("Noted. A later number for the same day replaces it."))
        return redirect("exposure")
    context = {"form": form, "page": exposure_page(at=who["at"])}
    return render(request, "analysis/exposure.html", context, status=422 if form.errors else 200)
