"""Reviews: those to write, those to settle, one's own; and one review beside its ticket."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.evaluation.models import Review
from apps.evaluation.quality import services
from apps.evaluation.quality.forms import AnswerForm, ByHandForm, ReviewForm, SettleForm
from apps.evaluation.quality.queries import reviews as queries
from apps.evaluation.quality.scoring import ENOUGH
from apps.evaluation.quality.services.reviews import authors_of
from apps.evaluation.quality.views.acts import show
from helpdesk.errors import DomainError, NotAllowed, NotFound
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Ticket, User
from helpdesk.permissions import may, require


@login_required
@require_GET
def quality_reviews(request: PageRequest) -> HttpResponse:
    """What waits for this person, what they have written, and what was said of their own answers."""
    require(request.user, "evaluation.answer_review")
    found = queries.lists(user=request.user, at=timezone.now())
    reviewing = may(request.user, "evaluation.review")
    context = {
        "found": found,
        "reviewing": reviewing,
        "form": ByHandForm() if reviewing else None,
        "enough": ENOUGH,
    }
    return show(request, "reviews", context, tab="quality_reviews")


@login_required
def review_by_hand(request: PageRequest) -> HttpResponse:
    """Whose answer on a ticket is to be reviewed; pressing one begins the review."""
    require(request.user, "evaluation.review")
    if request.method == "POST":
        return _begin(request)
    form = ByHandForm(request.GET if "ticket" in request.GET else None)
    ticket = _ticket(request, form)
    authors = authors_of(ticket) if ticket else {}
    people = User.objects.filter(pk__in=authors).exclude(pk=request.user.pk).order_by("name")
    if ticket and not people:
        form.add_error("ticket", _("No colleague has answered it yet."))
    context = {"form": form, "ticket": ticket, "people": people}
    return show(request, "by_hand", context, tab="quality_reviews", status=422 if form.errors else 200)


@login_required
def quality_review(request: PageRequest, pk: int) -> HttpResponse:
    """One review. Its reviewer writes it here, everybody else it concerns reads it."""
    require(request.user, "evaluation.answer_review")
    review = queries.review_in_full(pk, user=request.user)
    page = queries.review_page(review, user=request.user)
    if request.method != "POST":
        return _show(request, page)
    require(request.user, "evaluation.review", review)
    form = _review_form(request, page, whole=True)
    if form.is_valid() and _publish(request, review, form):
        return redirect("quality_reviews")
    return _show(request, page, form, status=422)


@login_required
@require_POST
def keep_review_draft(request: PageRequest, pk: int) -> HttpResponse:
    """What is filled in so far: pressed, or sent by the page itself a moment after each change."""
    require(request.user, "evaluation.review")
    review = queries.review_in_full(pk, user=request.user)
    form, at = (
        _review_form(request, queries.review_page(review, user=request.user), whole=False),
        timezone.now(),
    )
    refusal = _keep(request, review, form, at) if form.is_valid() else _("Something here can't be kept.")
    if request.htmx:
        context = {"refusal": refusal, "at": at}
        return render(request, "evaluation/quality/_kept.html", context, status=422 if refusal else 200)
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("Kept as a draft."))
    return redirect("quality_review", pk=pk)


@login_required
@require_POST
def acknowledge_review(request: PageRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, services.acknowledge_review, _("Thank you."))


@login_required
@require_POST
def dispute_review(request: PageRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, services.dispute_review, _("Another lead will decide."))


@login_required
@require_POST
def settle_review(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "evaluation.review")
    review = queries.review_in_full(pk, user=request.user)
    page = queries.review_page(review, user=request.user)
    form = SettleForm(request.POST, criteria=page.criteria)
    if form.is_valid():
        given = {"marks": form.marks(), "words": form.cleaned_data["words"]}
        try:
            services.settle_review(review=review, **given, by=request.user, at=timezone.now())
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            form.refuse(error.pointer, error.detail)
        else:
            messages.success(request, _("Settled. Both of them read why."))
            return redirect("quality_review", pk=pk)
    return _show(request, page, settling=form, status=422)


def _begin(request: PageRequest) -> HttpResponse:
    number, agent = (number_in(request.POST.get(name, "")) for name in ("ticket", "agent"))
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    try:
        review = services.begin_review(
            ticket=ticket, agent=get_object_or_404(User, pk=agent), by=request.user, at=timezone.now()
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect("quality_reviews")
    return redirect("quality_review", pk=review.pk)


def _ticket(request: PageRequest, form: ByHandForm) -> Ticket | None:
    if not form.is_valid():
        return None
    found: Ticket | None = (
        Ticket.objects.visible_to(request.user).filter(pk=form.cleaned_data["ticket"]).first()
    )
    if found is None:
        form.add_error("ticket", _("There is no such ticket that you may see."))
    return found


def _review_form(request: PageRequest, page: queries.ReviewPage, *, whole: bool) -> ReviewForm:
    """By the form that was on the page: it may have been replaced while it was filled in."""
    criteria = page.criteria
    asked = number_in(request.POST.get("scorecard", ""))
    if asked is not None and page.scorecard is not None and asked != page.scorecard.pk:
        criteria = queries.criteria_of(asked) or criteria
    return ReviewForm(request.POST, criteria=criteria, whole=whole)


def _publish(request: PageRequest, review: Review, form: ReviewForm) -> bool:
    given = form.cleaned_data
    asked = {"scorecard": given["scorecard"], "marks": form.marks(), "summary": given["summary"]}
    try:
        services.publish_review(review=review, **asked, by=request.user, at=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        form.refuse(error.pointer, error.detail)
        return False
    messages.success(request, _("Published. %(name)s can read it now.") % {"name": review.agent.name})
    return True


def _keep(request: PageRequest, review: Review, form: ReviewForm, at: datetime) -> str:
    """Empty, or why not."""
    given = form.cleaned_data
    asked = {"scorecard": given["scorecard"], "marks": form.marks(), "summary": given["summary"]}
    try:
        services.keep_draft(review=review, **asked, by=request.user, at=at)
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        return error.detail
    return ""


def _answer(request: PageRequest, pk: int, act: Callable[..., Review], done: str) -> HttpResponse:
    require(request.user, "evaluation.answer_review")
    review = queries.review_in_full(pk, user=request.user)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            act(review=review, words=form.cleaned_data["words"], by=request.user, at=timezone.now())
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(request, done)
            return redirect("quality_review", pk=pk)
    page = queries.review_page(review, user=request.user)
    return _show(request, page, answer=form, status=422)


def _show(
    request: PageRequest,
    page: queries.ReviewPage,
    form: ReviewForm | None = None,
    *,
    answer: AnswerForm | None = None,
    settling: SettleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    first = {"scorecard": page.scorecard.pk if page.scorecard else None, "summary": page.review.summary}
    if page.may_write and form is None and page.scorecard:
        form = ReviewForm(criteria=page.criteria, marks=page.marks, initial=first)
    if page.may_settle and settling is None:
        settling = SettleForm(criteria=page.criteria, marks=page.marks)
    if page.may_answer and answer is None:
        answer = AnswerForm()
    context = {"page": page, "review": page.review, "form": form, "answer": answer, "settling": settling}
    return show(request, "review", context, tab="quality_reviews", status=status)
