"""Ways to ask the analysis, kept under a name: saved, shared, sent by mail."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from apps.analysis import services
from apps.analysis.models import Every, SavedView
from apps.analysis.queries.saved_views import views_of
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.permissions import require


class SaveViewForm(forms.Form):
    name = forms.CharField(max_length=80, label=_("Name"))
    is_shared = forms.BooleanField(
        required=False, label=_("Shared"), help_text=_("Everybody who sees the analysis can open it.")
    )
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)


@login_required
def saved_views(request: PageRequest) -> HttpResponse:
    """One's own and the shared ones; and the form that keeps another."""
    require(request.user, "analysis.view")
    asked = request.GET.get("query", "")
    form = SaveViewForm(request.POST if request.method == "POST" else None, initial={"query": asked})
    if request.method == "POST" and form.is_valid():
        try:
            view = services.save_view(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(request, gettext("Saved as “%(name)s”.") % {"name": view.name})
            return redirect("saved_views")
    context = {"form": form, "rows": views_of(request.user), "rhythms": Every.choices}
    return render(request, "analysis/saved_views.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def open_view(request: PageRequest, pk: int) -> HttpResponse:
    """The analysis, asked as the view asks."""
    require(request.user, "analysis.view")
    return redirect(f"{reverse('analysis')}?{_seen(request, pk).query}")


@login_required
@require_POST
def share_view(request: PageRequest, pk: int) -> HttpResponse:
    shared = request.POST.get("is_shared") == "on"
    services.share_view(view=_seen(request, pk), is_shared=shared, by=request.user)
    return redirect("saved_views")


@login_required
@require_POST
def mail_view(request: PageRequest, pk: int) -> HttpResponse:
    every = request.POST.get("every", "")
    services.mail_view(view=_seen(request, pk), every=every, by=request.user, at=timezone.now())
    messages.success(
        request,
        gettext("Noted. The first letter comes with the next one.") if every else gettext("No more letters."),
    )
    return redirect("saved_views")


@login_required
@require_POST
def forget_view(request: PageRequest, pk: int) -> HttpResponse:
    services.forget_view(view=_seen(request, pk), by=request.user)
    return redirect("saved_views")


def _seen(request: PageRequest, pk: int) -> SavedView:
    require(request.user, "analysis.view")
    return get_object_or_404(SavedView.objects.visible_to(request.user).select_related("owner"), pk=pk)
