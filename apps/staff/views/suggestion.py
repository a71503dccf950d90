"""What colleagues suggest: the list by damage, one of them with its answers, and the form."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from apps.staff import answers, services
from apps.staff.forms.suggestion import AnswerForm, SuggestionForm
from apps.staff.models import Suggestion
from apps.staff.models.suggestion import SuggestionState
from apps.staff.queries import suggestion as queries
from helpdesk.acting import done
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require

A_PAGE = 25
SHOWN = {
    "waiting": gettext_lazy("By damage"),
    "answered": gettext_lazy("Answered"),
    "mine": gettext_lazy("Mine"),
}


@login_required
@require_GET
def suggestions(request: PageRequest) -> HttpResponse:
    """Those that wait, by the damage of their issue; those that were answered; one's own."""
    require(request.user, "staff.suggest")
    show, at = request.GET.get("show", "waiting"), timezone.now()
    if show not in SHOWN:
        raise Http404(_("There is no such list."))
    if show == "waiting":
        waiting = queries.waiting_by_damage(user=request.user, at=at)
        page: Page[Any] = Paginator(waiting, A_PAGE).get_page(request.GET.get("page"))
        rows = list(page)
    else:
        some = queries.suggestions().order_by("-state_since", "-pk")
        chosen = some.filter(suggested_by=request.user) if show == "mine" else some.exclude(state="waiting")
        page = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
        rows = queries.weighed(page, user=request.user, at=at)
    tabs = [
        {"label": label, "url": f"?show={name}", "current": name == show} for name, label in SHOWN.items()
    ]
    context = {"rows": rows, "page": page, "tabs": tabs, "show": show}
    return render(request, "staff/suggestions.html", context)


@login_required
def new_suggestion(request: PageRequest) -> HttpResponse:
    """The form; `?ticket=` and `?issue=` fill it in from where somebody came."""
    require(request.user, "staff.suggest")
    came = {name: request.GET.get(name, "") for name in ("ticket", "issue")}
    form = SuggestionForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        initial=came | {"department": request.user.department_id},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = services.suggest(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(request, _("Thank you. You hear what becomes of it."))
            return redirect("suggestion", pk=row.pk)
    return render(request, "staff/suggestion_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def suggestion(request: PageRequest, pk: int) -> HttpResponse:
    """One suggestion; whoever wrote it says it better here while it waits."""
    require(request.user, "staff.suggest")
    row = _found(pk)
    form = None
    if row.state == SuggestionState.WAITING and (
        row.suggested_by_id == request.user.pk or may(request.user, "staff.answer")
    ):
        posted = request.POST if request.method == "POST" else None
        form = SuggestionForm(posted, user=request.user, row=row)
    if request.method == "POST":
        if form is None:
            messages.error(request, services.SuggestionAnswered().detail)
            return redirect("suggestion", pk=pk)
        if form.is_valid():
            try:
                services.edit_suggestion(
                    suggestion=row, **form.cleaned_data, by=request.user, at=timezone.now()
                )
            except DomainError as error:
                form.add_error(error.pointer or None, error.detail)
            else:
                messages.success(request, _("Saved."))
                return redirect("suggestion", pk=pk)
    return _show(request, row, form=form)


@login_required
@require_POST
def answer_suggestion(request: PageRequest, pk: int, name: str) -> HttpResponse:
    """Take it up, propose an issue, merge, decline, look again."""
    require(request.user, "staff.answer")
    row = _found(pk)
    if name not in answers.ANSWERS:
        raise Http404(_("There is no such answer."))
    way = answers.ANSWERS[name]
    form = way.form(request.POST, user=request.user, row=row)
    who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if done(form, lambda given: way.service(suggestion=row, **given, **who)):
        messages.success(request, _("Done. Those who suggested and backed it are told."))
        return redirect("suggestion", pk=pk)
    return _show(request, row, failed=name, filled=form)


@login_required
@require_POST
def voice(request: PageRequest, pk: int, name: str) -> HttpResponse:
    """Back it, or take one's voice back."""
    require(request.user, "staff.suggest")
    row, at = _found(pk), timezone.now()
    try:
        if name == "back":
            services.back_suggestion(suggestion=row, by=request.user, at=at)
        elif name == "withdraw":
            services.withdraw_voice(suggestion=row, by=request.user, at=at)
        else:
            raise Http404(_("There is no such act."))
    except DomainError as error:
        messages.error(request, error.detail)
    return redirect("suggestion", pk=pk)


def _page(request: PageRequest, name: str) -> str | None:
    """Of the choices of one answer, which page is asked for."""
    return request.GET.get("page") if request.GET.get("answer") == name else None


def _found(pk: int) -> Suggestion:
    return get_object_or_404(queries.suggestions(), pk=pk)


def _show(request: PageRequest, row: Suggestion, *, form: SuggestionForm | None = None, failed: str = "",
          filled: AnswerForm | None = None) -> HttpResponse:  # fmt: skip
    ways = answers.open_to(row, request.user)
    forms: list[tuple[str, answers.Way, Any]] = [
        (
            name,
            way,
            filled if name == failed else way.form(user=request.user, row=row, page=_page(request, name)),
        )
        for name, way in ways.items()
    ]
    if failed and failed not in ways:
        messages.error(request, services.SuggestionAnswered().detail)
    one = queries.weighed([row], user=request.user, at=timezone.now())[0]
    context = {
        "one": one, "row": row, "form": form, "ways": forms, "failed": failed,
        "open": failed or request.GET.get("answer", ""),
        "history": queries.history(row), "sees_cases": may(request.user, "analysis.view"),
        "sees_ticket": row.ticket is not None and row.ticket.is_visible_to(request.user),
    }  # fmt: skip
    wrong = failed or (form is not None and form.errors)
    return render(request, "staff/suggestion.html", context, status=422 if wrong else 200)
