"""What is being written: saved by the page every second, discarded by a button. Scripts ask, so it answers in JSON."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apps.intake import uploads
from apps.response import queries, services
from apps.response.forms import DraftForm
from apps.response.models import Draft
from apps.response.views.acts import first_error, to_ticket
from helpdesk.errors import DomainError, NotFound
from helpdesk.http import PageRequest
from helpdesk.permissions import require

KINDS = ("reply", "note")


@login_required
@require_http_methods(["GET", "POST"])
def drafts(request: PageRequest, number: int, kind: str) -> HttpResponse:
    """Keep what was typed, or show what else this person has written here and not sent."""
    require(request.user, "response.view")
    if kind not in KINDS:
        raise NotFound
    if request.method == "POST":
        return _save(request, number, kind)
    ticket = queries.ticket_in_full(number, user=request.user)
    context = {"ticket": ticket, "kind": kind, "desk": queries.drafts_of(ticket)[kind]}
    return render(request, "response/_drafts.html", context)


def _save(request: PageRequest, number: int, kind: str) -> HttpResponse:
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"refusal": first_error(form)}, status=422)
    try:
        draft = services.save_draft(
            ticket=queries.ticket_in_full(number, user=request.user),
            kind=kind,
            text=form.cleaned_data["text"],
            files=[uploads.look_up(token) for token in request.POST.getlist("upload")],
            composer=form.composer(),
            goes_on_with=form.read(),
            by=request.user,
            at=timezone.now(),
        )
    except NotFound:
        raise
    except DomainError as error:
        return JsonResponse({"refusal": error.detail}, status=error.status)
    desk = queries.drafts_of(queries.ticket_in_full(number, user=request.user))[kind]
    return JsonResponse({"draft": draft.pk, "revision": draft.revision, "others": len(desk.others)})


@login_required
@require_POST
def discard_draft(request: PageRequest, number: int, pk: int) -> HttpResponse:
    draft = get_object_or_404(Draft, pk=pk, ticket=number, user=request.user)
    services.discard_draft(draft=draft, by=request.user, at=timezone.now())
    if request.htmx:
        kind = draft.kind
        ticket = queries.ticket_in_full(number, user=request.user)
        context = {"ticket": ticket, "kind": kind, "desk": queries.drafts_of(ticket)[kind]}
        return render(request, "response/_drafts.html", context)
    return to_ticket(request, number)
