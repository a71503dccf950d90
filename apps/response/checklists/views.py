"""Tasks in the box beside a ticket, one's own on a page, and the checklists."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.response import queries
from apps.response.checklists import services
from apps.response.checklists.forms import ChecklistForm, TaskForm
from apps.response.checklists.models import Checklist, TicketTask
from apps.response.checklists.queries import checklists_for, my_tasks, tasks_of
from helpdesk.acting import done, tried
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Ticket
from helpdesk.permissions import may, require


@login_required
def tasks_panel(request: PageRequest, number: int) -> HttpResponse:
    """The box: what is to be done, a form for one more, or with `?task=` for one there is, and checklists."""
    require(request.user, "response.view")
    ticket = queries.ticket_in_full(number, user=request.user)
    named = number_in(request.GET.get("task", ""))
    chosen = TicketTask.objects.filter(ticket=ticket, pk=named).first() if named else None
    form = TaskForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(chosen, name) for name in TaskForm.base_fields} if chosen else None,
    )
    if chosen:
        form.fields["text"].widget.attrs["autofocus"] = True

    def keep(given: dict[str, Any]) -> None:
        act: dict[str, Any] = {"by": request.user, "at": timezone.now()}
        if chosen:
            services.change_task(task=chosen, **given, **act)
        else:
            services.add_task(ticket=ticket, **given, **act)

    if request.method == "POST" and done(form, keep):
        return _box(request, ticket)
    return _box(request, ticket, form, chosen)


@login_required
@require_POST
def change_task(request: PageRequest, number: int, pk: int) -> HttpResponse:
    """Done or not, one place up or down, or away: which, says the button."""
    require(request.user, services.VERB)
    ticket = queries.ticket_in_full(number, user=request.user)
    task = get_object_or_404(TicketTask.objects.select_related("ticket"), pk=pk, ticket=ticket)
    act: dict[str, Any] = {"task": task, "by": request.user, "at": timezone.now()}
    asked = request.POST.get("act", "")
    if asked in ("up", "down"):
        tried(request, lambda: services.move_task(**act, up=asked == "up"))
    elif asked == "remove":
        tried(request, lambda: services.remove_task(**act))
    else:
        tried(request, lambda: services.change_task(**act, is_done=asked == "done"))
    if request.GET.get("from") == "mine":
        return redirect("my_tasks")
    return _box(request, ticket)


@login_required
@require_POST
def apply_checklist(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, services.VERB)
    ticket = queries.ticket_in_full(number, user=request.user)
    rows = Checklist.objects.filter(is_active=True)
    checklist = get_object_or_404(rows, pk=number_in(request.POST.get("checklist", "")))
    act: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    tried(request, lambda: services.apply_checklist(ticket=ticket, checklist=checklist, **act))
    return _box(request, ticket)


def _box(
    request: PageRequest, ticket: Ticket, form: TaskForm | None = None, chosen: TicketTask | None = None
) -> HttpResponse:
    if not request.htmx and request.method == "POST":
        return redirect("ticket", number=ticket.pk)
    rows = tasks_of(ticket, at=timezone.now())
    context = {
        "ticket": ticket,
        "rows": rows,
        "done": sum(row.task.is_done for row in rows),
        "form": form or TaskForm(),
        "chosen": chosen,
        "checklists": checklists_for(ticket),
        "may_change": may(request.user, services.VERB) and ticket.merged_into_id is None,
    }
    return render(request, "response/_tasks.html", context)


@login_required
@require_GET
def my_task_list(request: PageRequest) -> HttpResponse:
    """What one has to do on tickets, due first."""
    require(request.user, services.VERB)
    return render(request, "response/my_tasks.html", {"rows": my_tasks(request.user, at=timezone.now())})


@login_required
def checklists(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """All checklists, and a form for one of them or a new one."""
    require(request.user, "response.manage")
    chosen = get_object_or_404(Checklist, pk=pk) if pk else None
    form = ChecklistForm(
        request.POST if request.method == "POST" else None,
        initial=ChecklistForm.words_of(chosen) if chosen else None,
    )

    def save(given: dict[str, Any]) -> None:
        services.save_checklist(**given, checklist=chosen, by=request.user, at=timezone.now())

    if request.method == "POST" and done(form, save):
        messages.success(request, _("Saved."))
        return redirect("checklists")
    rows = Checklist.objects.select_related("issue", "department")
    context = {"form": form, "chosen": chosen, "rows": rows}
    return render(request, "response/checklists.html", context, status=422 if form.errors else 200)
