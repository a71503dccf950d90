"""The inbox of what one was told, its number in the navigation, and how one wants to be told."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.output import services
from apps.output.notifications import queries
from apps.output.notifications.forms import NotificationForm
from helpdesk.errors import NotAllowed
from helpdesk.http import PageRequest
from helpdesk.permissions import require

MOST_AT_ONCE = 500


def _person(request: PageRequest) -> None:
    require(request.user, "response.view")
    if not request.user.is_staff_member:
        raise NotAllowed


@login_required
@require_GET
@never_cache
def inbox(request: PageRequest) -> HttpResponse:
    """What I was told, the newest first, by ticket."""
    _person(request)
    only_unread = request.GET.get("show") != "all"
    groups = queries.inbox(request.user, only_unread=only_unread)
    return render(request, "output/inbox.html", {"groups": groups, "only_unread": only_unread})


@login_required
@require_GET
@never_cache
def bell(request: PageRequest) -> HttpResponse:
    """How much is unread: a fragment, so that no page asks for it."""
    _person(request)
    count = queries.count_unread(request.user)
    context = {"count": min(count, queries.COUNTED), "more": count > queries.COUNTED}
    return render(request, "output/_bell.html", context)


@login_required
@require_POST
def read_news(request: PageRequest) -> HttpResponse:
    """These, or all, have been read; with `act=unread` one of them has not."""
    _person(request)
    numbers = [int(one) for one in request.POST.getlist("row") if one.isdecimal() and len(one) < 19]
    if request.POST.get("act") == "unread":
        for number in numbers[:1]:
            services.unread(number=number, by=request.user)
    else:
        chosen = None if request.POST.get("act") == "all" else numbers[:MOST_AT_ONCE]
        count = services.read(numbers=chosen, by=request.user, at=timezone.now())
        if chosen is None:
            said = ngettext("%(count)s marked as read.", "%(count)s marked as read.", count)
            messages.success(request, said % {"count": count})
    back = redirect("notifications")
    if request.POST.get("show") == "all":
        back["Location"] += "?show=all"
    return back


@login_required
@require_POST
def see_ticket(request: PageRequest, number: int) -> HttpResponse:
    """A ticket stands before somebody: what they were told of it is read."""
    _person(request)
    answer = HttpResponse(status=204)
    if services.see(ticket=number, by=request.user, at=timezone.now()):
        answer["HX-Trigger"] = "news:read"
    return answer


@login_required
def notification_settings(request: PageRequest) -> HttpResponse:
    """For each kind: in the pages, by mail at once, in a digest, or not at all."""
    _person(request)
    now = queries.settings_of(request.user)
    form = NotificationForm(request.POST if request.method == "POST" else None, now=now)
    if request.method == "POST" and form.is_valid():
        services.choose(ways=form.ways(), morning=form.cleaned_data["morning"], by=request.user)
        messages.success(request, _("Kept."))
        return redirect("notification_settings")
    status = 422 if form.errors else 200
    return render(request, "output/notification_settings.html", {"form": form}, status=status)
