"""What answers are made from, for those who keep it: the guidance of each issue."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from apps.response import services
from apps.response.forms import GuidanceForm
from apps.response.models import Guidance
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Issue
from helpdesk.permissions import require


@login_required
def guidance(request: PageRequest, code: str) -> HttpResponse:
    """How one issue is answered."""
    require(request.user, "response.manage")
    issue = get_object_or_404(Issue, code=code)
    form = GuidanceForm(request.POST or None, instance=Guidance.objects.filter(issue=issue).first())
    if request.method == "POST" and form.is_valid():
        try:
            services.save_guidance(issue=issue, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(request, "Saved.")
            return redirect("guidance", code=code)
    return render(
        request, "response/guidance.html", {"form": form, "issue": issue}, status=422 if form.errors else 200
    )
