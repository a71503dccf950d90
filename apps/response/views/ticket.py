"""The ticket: its page, its history, its files, and what its forms offer."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.intake.queries import suggestions_for
from apps.intake.uploads import SHOWN_INLINE
from apps.response import queries
from apps.response.forms import DescribeForm, HoldForm, MergeForm, MoveForm
from apps.response.macros.queries import macro_for, preview
from apps.response.sending_later.queries import times_offered
from apps.response.statuses.forms import StatusForm
from apps.response.views.queue import asked_of, due_badges
from helpdesk import panels
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Severity, SuspectedCause, Ticket
from helpdesk.permissions import VERBS, require


@login_required
@require_GET
def ticket(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "response.view")
    found = queries.ticket_in_full(number, user=request.user)
    page = show(request, found, macro=number_in(request.GET.get("macro", "")), insert=True)
    if request.htmx.target == "facts":  # somebody has just done something to it (response/_act.html)
        page["HX-Trigger"] = "ticket:changed"
    return page


def show(
    request: PageRequest,
    found: Ticket,
    *,
    reply: str = "",
    note: str = "",
    macro: int | None = None,
    copies: list[str] | None = None,
    insert: bool = False,
    refusal: str = "",
    refused_at: str = "",
    writing: str = "reply",
    status: int = 200,
) -> HttpResponse:
    """The ticket page, as it is or with a refusal on top and nothing lost of what was written.

    `macro` is chosen in the composer; with `insert` its words stand there too, below the draft.
    """
    asked = asked_of(request)
    sent = request.GET.get("sent", "")
    undo = number_in(request.GET.get("undo", ""))
    left = sent.partition(":")[2][:18]
    page = queries.ticket_page(
        found,
        user=request.user,
        view=asked.get("view", ""),
        sought=request.GET.get("find", asked.get("q", ""))[:500],
        at=timezone.now(),
    )
    chosen = macro_for(found, request.user, macro)
    use = preview(chosen, found, request.user) if chosen else None
    begun = _begun(page, "reply")
    if use and insert:
        begun = f"{begun}\n\n{use.text}" if begun else use.text
    context: dict[str, Any] = {
        "page": page,
        "use": use,
        "later": times_offered(timezone.localtime()),
        "copies": queries.copies_offered(page, copies),
        "ticket": found,
        "views": page.views,
        "asked": urlencode(asked),
        "current_section": "queue",
        "reply": reply or begun,
        "note": note or _begun(page, "note"),
        "refusal": refusal,
        "refused_at": refused_at.partition("/")[0],
        "writing": "note" if writing == "note" or not may_reply(request) else "reply",
        "may": {
            verb.partition(".")[2]: True for verb in VERBS[request.user.role] if verb.startswith("response.")
        },
        "sent": sent,
        # After "send, solve, next": the ticket that was left, for a last look or for undo.
        "previous": left if sent.startswith("reply:") and left.isdecimal() and left != str(found.pk) else "",
        # The reply that was just sent, here or on the ticket before: for seconds it can be taken back.
        "offers": panels.urls("sent", user=request.user, pk=undo) if undo else [],
        "seen": panels.urls("seen", user=request.user, number=found.pk),
        "panels": panels.boxes("ticket", user=request.user, number=found.pk),
        "due_badges": due_badges(request, [found] if found.is_open else []),
        "deliveries": panels.urls("conversation", user=request.user, number=found.pk),
        "most_bytes": settings.ATTACHMENT_MAX_BYTES,
        "severities": Severity.choices,
        "causes": SuspectedCause.choices,
    }
    return render(request, "response/ticket.html", context, status=status)


def _begun(page: queries.TicketPage, kind: str) -> str:
    draft = page.drafts[kind].draft
    return draft.text if draft else ""


def may_reply(request: PageRequest) -> bool:
    return "response.reply" in VERBS[request.user.role]


@login_required
@require_GET
def peek(request: PageRequest, number: int) -> HttpResponse:
    """The head of a ticket and the last that was said, beside the list."""
    require(request.user, "response.view")
    found = queries.ticket_in_full(number, user=request.user)
    context = {
        "ticket": found,
        "entry": queries.last_said(found),
        "clock": queries.badge_state(found, timezone.now()),
        "asked": urlencode(asked_of(request)),
    }
    return render(request, "response/_peek.html", context)


@login_required
@require_GET
def history(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "response.view")
    found = queries.ticket_in_full(number, user=request.user)
    group, by = request.GET.get("kind", ""), number_in(request.GET.get("by", ""))
    context = {
        "ticket": found,
        "past": queries.past(found, group=group, by=by),
        "groups": [(name, label) for name, (label, _) in queries.GROUPS.items()],
        "group": group,
        "by": by,
        "current_section": "queue",
    }
    return render(request, "response/history.html", context)


@login_required
@require_GET
def attachment(request: PageRequest, pk: int) -> FileResponse:
    """A file, as a download; only pictures that can hold no script may stand in a page."""
    require(request.user, "response.view")
    file = queries.attachment_for(request.user, pk)
    inline = "inline" in request.GET and file.content_type in SHOWN_INLINE
    kind = file.content_type if inline else "application/octet-stream"
    response = FileResponse(
        file.file.open("rb"), as_attachment=not inline, filename=file.name, content_type=kind
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=3600"
    return response


@login_required
@require_GET
def issues(request: PageRequest, number: int) -> HttpResponse:
    """The issues that fit what was typed into the classifier."""
    require(request.user, "response.classify")
    found = queries.ticket_in_full(number, user=request.user)
    words = request.GET.get("words", "")[:200]
    rows = queries.issues_like(words, at=timezone.now())
    context = {
        "suggestions": [] if words.strip() else suggestions_for(found),
        "ticket": found,
        "issues": rows,
        "asked": urlencode(asked_of(request)),
        "causes": SuspectedCause.choices,
    }
    return render(request, "response/_issues.html", context)


@login_required
@require_GET
def change(request: PageRequest, number: int, what: str) -> HttpResponse:
    """A small form as a page of its own: for those without scripts, and loaded into a dialog for the others."""
    require(request.user, "response.view")
    found = queries.ticket_in_full(number, user=request.user)
    context = {
        "ticket": found,
        "asked": urlencode(asked_of(request)),
        "what": what,
        "current_section": "queue",
    }
    if what not in (*_WORDS, "classify"):
        raise NotFound
    if what == "classify":
        words = request.GET.get("words", "")[:200]
        context |= {
            "issues": queries.issues_like(words, at=timezone.now()),
            "words": words,
            "causes": SuspectedCause.choices,
        }
        return render(request, "response/classify.html", context)
    form = {
        "hold": HoldForm(initial={"waiting_on": "waiting_customer"}),
        "status": StatusForm.offering(found, request.user) if what == "status" else None,
        "move": MoveForm(initial={"department": found.department_id}),
        "merge": MergeForm(),
        "describe": DescribeForm(
            initial={
                "product": found.product_id,
                "product_version": found.product_version,
                "tags": ", ".join(found.tags),
            }
        ),
    }[what]
    return render(request, "response/change.html", context | {"form": form} | _WORDS[what])


_WORDS = {
    "hold": {"title": gettext_lazy("Put on hold"), "button": gettext_lazy("Hold")},
    "status": {"title": gettext_lazy("Where does it stand?"), "button": gettext_lazy("Set")},
    "move": {"title": gettext_lazy("Move to another department"), "button": gettext_lazy("Move")},
    "merge": {"title": gettext_lazy("Merge into another ticket"), "button": gettext_lazy("Merge")},
    "describe": {"title": gettext_lazy("Product and tags"), "button": gettext_lazy("Save")},
}
