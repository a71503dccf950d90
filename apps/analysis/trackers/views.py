"""The administrators' page of trackers, and the addresses trackers call."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.analysis.trackers import services
from apps.analysis.trackers.clients import heard_of, is_signed
from apps.analysis.trackers.forms import ChangeTrackerForm, TrackerForm
from apps.analysis.trackers.models import Tracker
from apps.analysis.trackers.shapes import Unreadable
from helpdesk.acting import done
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.links import absolute
from helpdesk.models import User
from helpdesk.permissions import require

# What GitHub has none of.
STAYS = {"account": "", "item_type": ""}
MOST = 2_000_000  # bytes of a webhook: an issue with a very long text


@login_required
def trackers(request: PageRequest) -> HttpResponse:
    """The trackers there are, and a form for another; the secret of its webhooks is shown once, here."""
    require(request.user, services.VERB)
    form = TrackerForm(request.POST if request.method == "POST" else None)
    shown: list[services.TrackerShown] = []
    if request.method == "POST" and done(
        form,
        lambda given: shown.append(services.add_tracker(**given, by=request.user, at=timezone.now())),
    ):
        form = TrackerForm()
    context = {
        "form": form,
        "shown": shown[0] if shown else None,
        "hook": hook_of(shown[0].tracker) if shown else "",
        "trackers": Tracker.objects.with_counts(),
    }
    return render(request, "analysis/trackers.html", context, status=422 if form.errors else 200)


def hook_of(tracker: Tracker) -> str:
    """The address this tracker is to call."""
    return absolute(f"{tracker.kind}_hook", key=tracker.key)


@login_required
def tracker(request: PageRequest, pk: int) -> HttpResponse:
    """One tracker: what is to be changed of it, and a new secret for its webhooks."""
    row = _row(request, pk)
    form = ChangeTrackerForm(request.POST if request.method == "POST" else None, tracker=row)
    if request.method == "POST" and done(
        form,
        lambda given: services.change_tracker(
            tracker=row, **STAYS | given, by=request.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("trackers")
    return _page(request, row, form)


@login_required
@require_POST
def new_hook_secret(request: PageRequest, pk: int) -> HttpResponse:
    shown = services.new_hook_secret(tracker=_row(request, pk), by=request.user, at=timezone.now())
    return _page(request, shown.tracker, ChangeTrackerForm(tracker=shown.tracker), shown=shown)


def _page(
    request: PageRequest, row: Tracker, form: ChangeTrackerForm, *, shown: services.TrackerShown | None = None
) -> HttpResponse:
    context = {"tracker": row, "form": form, "shown": shown, "hook": hook_of(row)}
    return render(request, "analysis/tracker.html", context, status=422 if form.errors else 200)


def _row(request: PageRequest, pk: int) -> Tracker:
    require(request.user, services.VERB)
    return get_object_or_404(Tracker, pk=pk)


@login_required
@require_POST
def try_tracker(request: PageRequest, pk: int) -> HttpResponse:
    tracker = _row(request, pk)
    try:
        services.try_tracker(tracker=tracker, by=request.user)
    except DomainError as error:
        messages.error(request, f"{tracker}: {error.detail}")
    else:
        messages.success(
            request, _("%(tracker)s answers, and the token opens the project.") % {"tracker": tracker}
        )
    return redirect("trackers")


@login_required
@require_POST
def switch_tracker(request: PageRequest, pk: int) -> HttpResponse:
    on = request.POST.get("on") == "yes"
    services.switch_tracker(tracker=_row(request, pk), on=on, by=request.user, at=timezone.now())
    messages.success(request, _("Switched on.") if on else _("Switched off."))
    return redirect("trackers")


@csrf_exempt  # the signature is the proof of who calls
@require_POST
def tracker_hook(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """News from a tracker: 404 for an unknown address, 401 for a wrong signature, and nothing changed."""
    tracker = Tracker.objects.filter(kind=kind, key=key, is_on=True).first()
    if tracker is None:
        return JsonResponse({"error": _("no tracker that is on calls this address")}, status=404)
    if int(request.headers.get("Content-Length") or 0) > MOST:
        return JsonResponse({"error": _("too large")}, status=413)
    if not is_signed(tracker, request.headers, request.body):
        return JsonResponse({"error": _("the signature is not right")}, status=401)
    try:
        heard = heard_of(tracker, request.headers, request.body)
    except Unreadable:
        return JsonResponse({"error": _("this can't be read")}, status=400)
    if heard is None:
        return JsonResponse({"heard": _("nothing of ours")})
    told = services.hear(tracker=tracker, heard=heard, by=User.objects.system(), at=timezone.now())
    return JsonResponse({"heard": told.word})
