"""Views of the queue: kept, shared, and how many tickets they hold."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.response import queries, services
from apps.response.forms import TicketViewForm
from apps.response.models import TicketView
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require


@login_required
def ticket_views(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """One's own views and the shared ones, and a form for one of them or a new one."""
    require(request.user, "response.view")
    mine = TicketView.objects.visible_to(request.user).select_related("owner", "department")
    chosen = get_object_or_404(mine, pk=pk) if pk else None

    def save(given: dict[str, Any]) -> None:
        services.save_view(**given, view=chosen, by=request.user, at=timezone.localtime())

    form = TicketViewForm.of(
        request.user,
        request.POST if request.method == "POST" else None,
        initial=chosen.given if chosen else {"query": request.GET.get("q", "")[:500]},
    )
    if request.method == "POST" and done(form, save):
        messages.success(
            request,
            _("“%(cleaned_data)s” stands among your views.") % {"cleaned_data": form.cleaned_data["name"]},
        )
        return redirect("ticket_views")
    all_of_them = may(request.user, "helpdesk.configure")
    context = {
        "form": form,
        "rows": [(view, all_of_them or view.owner_id == request.user.pk) for view in mine],
    }
    return render(
        request,
        "response/ticket_views.html",
        context | {"chosen": chosen},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def forget_ticket_view(request: PageRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(TicketView.objects.visible_to(request.user), pk=pk)
    services.forget_view(view=view, by=request.user)
    messages.success(request, _("“%(name)s” is forgotten.") % {"name": view.name})
    return redirect("ticket_views")


@login_required
@require_GET
def view_counts(request: PageRequest) -> HttpResponse:
    """The views with how many tickets they held when counted last; a worker counts while one looks."""
    require(request.user, "response.view")
    queries.look(request.user, at=timezone.now())
    views = queries.views_of(request.user)
    links = queries.view_links(views, user=request.user, current=request.GET.get("view", ""))
    return render(request, "helpdesk/_views.html", {"views": links})
