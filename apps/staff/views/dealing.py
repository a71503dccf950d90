"""How tickets find their people: set for each department, and explained."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.staff import services
from apps.staff.models import DealingMode
from apps.staff.queries.dealing import departments_of, explain
from helpdesk.acting import tried
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Ticket
from helpdesk.permissions import require


@login_required
@require_GET
def dealing(request: PageRequest) -> HttpResponse:
    """Each department one looks after: how its tickets are dealt, and who would get the next and why."""
    require(request.user, "staff.manage")
    number = number_in(request.GET.get("ticket", ""))
    visible = Ticket.objects.visible_to(request.user).select_related("primary_issue", "department")
    ticket = visible.filter(pk=number).first() if number else None
    departments = [ticket.department] if ticket else departments_of(request.user)
    context = {
        "explained": [explain(one, ticket=ticket, at=timezone.now()) for one in departments],
        "modes": DealingMode.choices,
        "ticket": ticket,
        "not_found": bool(request.GET.get("ticket")) and ticket is None,
    }
    return render(request, "staff/dealing.html", context)


@login_required
@require_POST
def set_dealing(request: PageRequest, slug: str) -> HttpResponse:
    require(request.user, "staff.manage")
    department = next((one for one in departments_of(request.user) if one.slug == slug), None)
    if department is None:
        raise Http404
    mode = request.POST.get("mode", "")
    tried(
        request,
        lambda: services.set_dealing(department=department, mode=mode, by=request.user, at=timezone.now()),
        _("Saved."),
    )
    return redirect("dealing")


@login_required
@require_POST
def pause_dealing(request: PageRequest) -> HttpResponse:
    """One's own switch: no new tickets for now."""
    require(request.user, "staff.be_away")
    on = request.POST.get("on") == "1"
    tried(
        request,
        lambda: services.pause_dealing(user=request.user, on=on, by=request.user, at=timezone.now()),
        _("You get no new tickets for now.") if on else _("You get tickets again."),
    )
    return redirect("absences")
