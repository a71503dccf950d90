"""Control's pages: clocks and referrals beside a ticket, the department's answers, the customer's word."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.control import queries, services
from apps.control.forms import AnswerForm, DoneForm, OutsideAnswerForm, ReferralForm, SurveyForm
from apps.control.models import Referral, Survey
from helpdesk.acting import STRANGER, done
from helpdesk.errors import DomainError, NotFound
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Outcome, Ticket, User
from helpdesk.permissions import may, require

MOST_BADGES = 100  # two pages of a list


@login_required
@require_GET
def clocks_panel(request: PageRequest, number: int) -> HttpResponse:
    """The promises of one ticket, for the ticket page."""
    require(request.user, "control.view")
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    context = {"ticket": ticket, "faces": queries.faces_of(ticket, at=timezone.now())}
    return render(request, "control/_clocks.html", context)


@login_required
@require_GET
def due_badges(request: PageRequest) -> HttpResponse:
    """The working time that tickets have left, put into their badges wherever the page shows them."""
    require(request.user, "control.view")
    numbers = [number for number in map(number_in, request.GET.getlist("number")[:MOST_BADGES]) if number]
    faces = queries.due_faces(numbers, user=request.user, at=timezone.now())
    return render(request, "control/_due.html", {"faces": faces})


@login_required
def referrals_panel(request: PageRequest, number: int) -> HttpResponse:
    """What of a ticket other departments do, and the form that asks them."""
    require(request.user, "control.view")
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    form = ReferralForm(request.POST if request.method == "POST" else None, ticket=ticket)
    if request.method == "POST" and form.is_valid():
        try:
            services.refer(ticket=ticket, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            if not request.htmx:
                return redirect("ticket", number=ticket.pk)
            form = ReferralForm(ticket=ticket)
    return _referrals_box(request, ticket, form)


def _referrals_box(
    request: PageRequest, ticket: Ticket, form: ReferralForm, refusal: str = ""
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "referrals": queries.referrals_of(ticket),
        "form": form,
        "refusal": refusal,
        "may_refer": may(request.user, "control.refer"),
        "now": timezone.now(),
    }
    return render(request, "control/_referrals.html", context, status=422 if form.errors or refusal else 200)


@login_required
@require_POST
def close_referral(request: PageRequest, number: int) -> HttpResponse:
    """What the asker does with it: ask the customer by letter, write down their word, remind, close with a reason."""
    require(request.user, "control.view")
    row = get_object_or_404(Referral.objects.select_related("ticket"), pk=number)
    if not row.ticket.is_visible_to(request.user):
        raise NotFound
    act: dict[str, Any] = {"referral": row, "by": request.user, "at": timezone.now()}
    said, refusal = request.POST.get("confirmed", ""), ""
    try:
        match request.POST.get("act", ""):
            case "check":
                services.check_with_customer(**act)
            case "chase":
                services.chase_referral(**act)
            case _:
                confirmed = {"yes": True, "no": False}.get(said)
                services.close_referral(**act, customer_confirmed=confirmed, why=request.POST.get("why", ""))
    except DomainError as error:
        if error.status in STRANGER:
            raise
        refusal = error.detail
    if not request.htmx and not refusal:
        return redirect("ticket", number=row.ticket_id)
    return _referrals_box(request, row.ticket, ReferralForm(ticket=row.ticket), refusal)


@login_required
@require_GET
def referrals(request: PageRequest) -> HttpResponse:
    """What this person's department has been asked; with `?given=1` what was asked of others."""
    require(request.user, "control.view")
    given = "given" in request.GET
    rows = queries.referrals_given(request.user) if given else queries.referrals_for(request.user)
    return render(
        request, "control/referrals.html", {"referrals": rows, "given": given, "now": timezone.now()}
    )


@login_required
def referral(request: PageRequest, number: int) -> HttpResponse:
    """One question from a colleague, and the box for the answer."""
    require(request.user, "control.view")
    row = get_object_or_404(
        Referral.objects.select_related("ticket__customer", "department", "asked_by", "answered_by"),
        pk=number,
    )
    if not row.is_visible_to(request.user):
        raise NotFound
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_referral(referral=row, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(None, error.detail)
        else:
            messages.success(request, _("Answered. The ticket goes on with your answer as a note."))
            return redirect("referrals")
    context = {"referral": row, "form": form}
    return render(request, "control/referral.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def answer_by_link(request: HttpRequest, key: str) -> HttpResponse:
    """A question of ours to somebody without an account: it and nothing else is shown, and the button answers."""
    row = services.referral_by_key(key=key)
    form = OutsideAnswerForm(request.POST if request.method == "POST" else None)
    who: dict[str, Any] = {"by": User.objects.system(), "at": timezone.now(), "answered_as": row.whom}
    if request.method == "POST" and done(
        form, lambda given: services.answer_referral(referral=row, **given, **who)
    ):
        return redirect("answer_by_link", key=key)
    context = {"referral": row, "form": form}
    return render(request, "control/answer_by_link.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def referral_done(request: HttpRequest, key: str) -> HttpResponse:
    """The customer says whether it is done; to look at it says nothing."""
    row = services.referral_by_key(key=key, salt=services.CUSTOMER)
    form = DoneForm(request.POST if request.method == "POST" else None)
    is_done, now = request.POST.get("done") == "yes", timezone.now()
    if request.method == "POST" and done(
        form,
        lambda given: services.hear_customer_on_referral(
            referral=row, is_done=is_done, **given, by=User.objects.system(), at=now
        ),
    ):
        return redirect("referral_done", key=key)
    context = {"referral": row, "form": form}
    return render(request, "control/referral_done.html", context, status=422 if form.errors else 200)


@never_cache
def survey(request: HttpRequest, key: str) -> HttpResponse:
    """The customer's word. A link only preselects: mail scanners open every link, so the button counts."""
    row = get_object_or_404(Survey.objects.select_related("ticket"), key=key, sent_at__isnull=False)
    chosen = request.GET.get("outcome", "")
    initial = {"outcome": chosen if chosen in Outcome.values else row.outcome}
    form = SurveyForm(request.POST if request.method == "POST" else None, survey=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_survey(
                survey=row, **form.cleaned_data, by=User.objects.system(), at=timezone.now()
            )
        except DomainError as error:
            form.add_error(None, error.detail)
        else:
            return render(request, "control/survey_thanks.html", {"survey": row})
    return render(
        request, "control/survey.html", {"survey": row, "form": form}, status=422 if form.errors else 200
    )
