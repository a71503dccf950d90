"""One press beside a request: I have this too, tell me when it is solved."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.analysis import services
from apps.analysis.models import CaseNotice
from apps.intake.forms import RequestForm
from apps.intake.knocks import knock
from apps.intake.views.portal import (
    REQUESTS_AN_HOUR,
    address_of,
    customer_writing,
    form_page,
    held_back,
    opened,
    person_writing,
    refuse,
)
from helpdesk.errors import DomainError


class FollowForm(RequestForm):
    """The request as far as it is written: nothing but an address is needed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.required = name == "email"

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data


@never_cache
@require_POST
def follow_known_issue(request: HttpRequest, pk: int) -> HttpResponse:
    notice, at = get_object_or_404(CaseNotice, pk=pk), timezone.now()
    form = FollowForm(
        request.POST,
        request.FILES,
        customer=customer_writing(request),
        by=person_writing(request),
        at=at,
    )
    if form.is_valid():
        try:
            return _followed(request, notice, form, at)
        except DomainError as error:
            refuse(form, error)
    return form_page(request, form)


def _followed(request: HttpRequest, notice: CaseNotice, form: FollowForm, at: datetime) -> HttpResponse:
    knock("request", request.META.get("REMOTE_ADDR", ""), limit=REQUESTS_AN_HOUR)
    if form.is_a_program:
        return held_back(request, form, at=at)
    said = form.cleaned_data
    found = services.follow_known_issue(
        notice=notice, customer=form.contact, body=said["body"], issue=said["issue"], attachments=said["files"],
        language=get_language() or "", by=person_writing(request), at=at,
    )  # fmt: skip
    if not found.again:
        return opened(request, found.ticket, at=at)
    messages.success(request, _("You follow this already: we tell you when it is solved."))
    # Anybody can type an address: only who is signed in is led to the ticket, others have its link in their mail.
    return redirect(address_of(found.ticket) if form.customer else reverse("portal"))
