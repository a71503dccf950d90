"""The owner's pages, by a signed link and without an account: the whole case, and each answer behind one button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.analysis import forms, services
from apps.analysis.acts import FROM_A_LINK, Act, acts_for
from apps.analysis.deadlines import today
from apps.analysis.models import OwnerLink
from apps.analysis.services.notify import ANSWERS, RISK_ANSWERS
from apps.analysis.views.shared import act_named, case_context, evidence_context, tell
from helpdesk.acting import done
from helpdesk.models import User

# Each has a page with one button.
WORDS = ANSWERS | RISK_ANSWERS


@never_cache
@require_GET
def owner_page(request: HttpRequest, key: str) -> HttpResponse:
    """The whole case for the person the letter went to; nothing else of the house is shown."""
    return _owner_page(request, _link(request, key), key)


@never_cache
@require_GET
def evidence_by_link(request: HttpRequest, key: str) -> HttpResponse:
    """The tickets that speak for the case, for the person the letter went to."""
    return _evidence_page(request, _link(request, key), key)


@never_cache
@require_http_methods(["GET", "POST"])
def act_by_link(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """An act of the owner: as the person of the link, on the case of the link. To look at it is a page with one button
    and does nothing, whoever follows the links of a letter."""
    act = act_named(name, FROM_A_LINK)
    link = _link(request, key)
    if request.method == "GET":
        return _answer_page(request, link, key, act) if name in WORDS else redirect("owner_page", key=key)
    form = act.form(request.POST, case=link.case, user=link.user, by_link=True)
    if done(form, lambda given: act.perform(case=link.case, by=link.user, at=timezone.now(), **given)):
        link.note_use(at=timezone.now())
        tell(request, form, act, link.case)
        return redirect("evidence_by_link" if _is_from_evidence(request) else "owner_page", key=key)
    if name in WORDS:
        return _answer_page(request, link, key, act, failed=form)
    if _is_from_evidence(request):
        return _evidence_page(request, link, key, failed=(act, form))
    return _owner_page(request, link, key, failed=(act, form))


def _is_from_evidence(request: HttpRequest) -> bool:
    return request.GET.get("from") == "evidence"


def _link(request: HttpRequest, key: str) -> OwnerLink:
    reader = request.user if isinstance(request.user, User) else None
    return services.link_by_key(key=key, reader=reader, at=timezone.now())


def _answer_page(
    request: HttpRequest, link: OwnerLink, key: str, act: Act, *, failed: forms.CaseForm | None = None
) -> HttpResponse:
    """What it is about in one line, and one button; without it where the case no longer waits for this answer."""
    case = link.case
    is_offered = act in acts_for(case, link.user, by_link=True)
    context = {
        "case": case,
        "key": key,
        "person": link.user,
        "act": act,
        "words": WORDS[act.name],
        "form": failed or (act.form(case=case, user=link.user, by_link=True) if is_offered else None),
        "is_overdue": case.is_overdue(today(timezone.now())),
    }
    return render(request, "analysis/answer.html", context, status=422 if failed else 200)


def _owner_page(
    request: HttpRequest, link: OwnerLink, key: str, *, failed: tuple[Act, forms.CaseForm] | None = None
) -> HttpResponse:
    context = case_context(link.case, user=link.user, failed=failed, by_link=True, at=timezone.now())
    context |= {"key": key, "person": link.user}
    return render(request, "analysis/owner.html", context, status=422 if failed else 200)


def _evidence_page(
    request: HttpRequest, link: OwnerLink, key: str, *, failed: tuple[Act, forms.CaseForm] | None = None
) -> HttpResponse:
    context = evidence_context(link.case, user=link.user, asked=request.GET, failed=failed, by_link=True)
    context |= {"key": key, "person": link.user}
    return render(request, "analysis/owner_evidence.html", context, status=422 if failed else 200)
