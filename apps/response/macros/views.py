"""Macros: found and looked at on a ticket, used there, and kept on a page of their own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.intake.custom_fields.checking import definitions
from apps.response import queries
from apps.response.acting import ActsForm, read_acts
from apps.response.macros import FIELDS, OWN, services
from apps.response.macros.forms import MacroForm
from apps.response.macros.queries import kept_macros, macros_for, preview
from apps.response.models import Macro
from apps.response.views.acts import act
from apps.response.views.queue import asked_of
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Ticket
from helpdesk.permissions import may, require


@login_required
@require_GET
def ticket_macros(request: PageRequest, number: int) -> HttpResponse:
    """Macros for this ticket, by name and words: a page, and the rows of the dialog."""
    require(request.user, "response.reply")
    found = queries.ticket_in_full(number, user=request.user)
    words = request.GET.get("words", "")[:200]
    context = {
        "ticket": found,
        "macros": macros_for(found, request.user, words=words.removeprefix("/")),
        "words": words,
        "asked": urlencode(asked_of(request)),
        "current_section": "queue",
    }
    name = "_macros_found" if request.htmx else "ticket_macros"
    return render(request, f"response/{name}.html", context)


@login_required
@require_GET
def macro(request: PageRequest, number: int, pk: int) -> HttpResponse:
    """A macro filled for this ticket, to look at before it is used; with `chip`, as it stands in the composer."""
    require(request.user, "response.reply")
    found = queries.ticket_in_full(number, user=request.user)
    chosen = get_object_or_404(Macro.objects.usable_in(found.department_id, by=request.user), pk=pk)
    context = {
        "ticket": found,
        "use": preview(chosen, found, request.user),
        "asked": urlencode(asked_of(request)),
        "current_section": "queue",
    }
    if "chip" in request.GET:
        return render(request, "response/_macro_chip.html", context)
    return render(request, "response/_macro.html" if request.htmx else "response/ticket_macro.html", context)


@login_required
@require_POST
def apply_macro(request: PageRequest, number: int, pk: int) -> HttpResponse:
    """Do at once what it does; its text is sent as it stands."""
    require(request.user, "response.reply")
    chosen = get_object_or_404(Macro, pk=pk)

    def do(ticket: Ticket) -> None:
        services.apply_macro(ticket=ticket, macro=chosen, by=request.user, at=timezone.now())

    visible = Ticket.objects.visible_to(request.user)
    shown = act(request, number, do, said=_("Done: %(macro)s") % {"macro": chosen.name})
    # Whoever moved it may no longer see it.
    gone = shown.status_code == 302 and not visible.filter(pk=number).exists()
    return redirect("queue") if gone else shown


@login_required
def macros(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """All macros, how often they are used, and a form for one of them or a new one."""
    require(request.user, "response.reply")
    mine = Macro.objects.kept_by(request.user, shared=may(request.user, services.SHARE))
    chosen = get_object_or_404(mine, pk=pk) if pk else None
    sent = request.POST if request.method == "POST" else None
    form = MacroForm(sent, instance=chosen, user=request.user)
    kept = read_acts(chosen.acts) if chosen and chosen.acts else ()
    does = ActsForm(sent, user=request.user, acts=kept, needed=False, prefix="does")
    if sent is not None and form.is_valid() & does.is_valid():
        try:
            services.save_macro(
                **form.cleaned_data,
                acts=does.acts,
                macro=Macro.objects.get(pk=pk) if pk else None,
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            messages.success(request, _("Saved."))
            return redirect("macros")
    context: dict[str, Any] = {
        "form": form,
        "does": does,
        "chosen": chosen,
        "fields": [
            *FIELDS.items(),
            *((OWN + one.key, one.label) for one in definitions() if not one.is_retired),
        ],
        "may_share": may(request.user, services.SHARE),
        **_list(request),
    }
    wrong = bool(form.errors or does.errors)
    return render(request, "response/macros.html", context, status=422 if wrong else 200)


def _list(request: PageRequest) -> dict[str, Any]:
    words, unused = request.GET.get("words", "")[:200], "unused" in request.GET
    rows = kept_macros(request.user, words=words, unused=unused, at=timezone.now())
    return {"macros": rows, "words": words, "unused": unused}
