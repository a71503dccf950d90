"""The owner's page: the whole case by a signed link, without an account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.analysis import forms, services
from apps.analysis.acts import FROM_A_LINK, Act
from apps.analysis.models import Case
from apps.analysis.views.shared import act_named, case_context, done
from helpdesk.models import User


@never_cache
@require_GET
def owner_page(request: HttpRequest, key: str) -> HttpResponse:
    """The whole case for the person the letter went to; nothing else of the house is shown."""
    link = services.link_by_key(key=key, at=timezone.now())
    return _owner_page(request, link.case, link.user, key)


@never_cache
@require_POST
def act_by_link(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A button of the owner's page: as the person of the link, on the case of the link, and only the owner's acts."""
    link, act = services.link_by_key(key=key, at=timezone.now()), act_named(name, FROM_A_LINK)
    form = act.form(request.POST, case=link.case, user=link.user)
    if done(form, lambda given: act.perform(case=link.case, by=link.user, at=timezone.now(), **given)):
        messages.success(request, act.done)
        return redirect("owner_page", key=key)
    return _owner_page(request, link.case, link.user, key, failed=(act, form))


def _owner_page(
    request: HttpRequest, row: Case, user: User, key: str, *, failed: tuple[Act, forms.CaseForm] | None = None
) -> HttpResponse:
    context = case_context(row, user=user, failed=failed, by_link=True, at=timezone.now()) | {
        "key": key,
        "person": user,
    }
    return render(request, "analysis/owner.html", context, status=422 if failed else 200)
