"""What is being written: saved by the page every second, discarded by a button. Scripts ask, so it answers in JSON."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.intake import uploads
from apps.intake.files import File, clean_name
from apps.response import queries, services
from apps.response.forms import DraftForm
from apps.response.models import Draft
from apps.response.views.acts import first_error, to_ticket
from helpdesk.errors import DomainError, NotFound
from helpdesk.http import PageRequest
from helpdesk.models.attachment import place_of
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
            macro=form.cleaned_data["macro"],
            cc=form.copies,
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


@login_required
@require_POST
def draft_files(request: PageRequest, number: int, kind: str) -> HttpResponse:
    """A file was chosen, pasted or dropped: it is stored, and stands in the composer. A refusal is plain words."""
    ticket = queries.ticket_in_full(number, user=request.user)
    sent = request.FILES.get("file")
    if kind not in KINDS or sent is None:
        raise NotFound
    file = File(clean_name(sent.name or ""), sent.content_type or "", sent.read())
    try:
        stored = services.keep_file(ticket=ticket, kind=kind, file=file, by=request.user)
    except NotFound:
        raise
    except DomainError as error:
        return HttpResponse(error.detail, status=error.status, content_type="text/plain; charset=utf-8")
    return render(request, "response/_file.html", {"file": stored, "ticket": ticket}, status=201)


@login_required
@require_GET
def draft_file(request: PageRequest, number: int) -> FileResponse:
    """A picture that stands in a composer. Its token is the proof; what is no picture is not shown."""
    require(request.user, "response.view")
    queries.ticket_in_full(number, user=request.user)
    try:
        stored = uploads.look_up(request.GET.get("token", ""))
    except DomainError as error:
        raise NotFound from error
    if not stored.is_picture:
        raise NotFound
    response = FileResponse(default_storage.open(place_of(stored.sha256)), content_type=stored.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=3600"
    return response
