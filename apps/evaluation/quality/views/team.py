"""How well the team answers, what it rests on, and what the system got wrong."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.evaluation.models import SampleSize
from apps.evaluation.models.review import USUAL_SIZE
from apps.evaluation.quality import figures, services
from apps.evaluation.quality.forms import SampleForm
from apps.evaluation.quality.queries.scope import agents_shown
from apps.evaluation.quality.queries.team import team_quality
from apps.evaluation.quality.sampling import OVERSAMPLED
from apps.evaluation.quality.scoring import ENOUGH
from apps.evaluation.quality.views.acts import show
from apps.evaluation.queries import MONTHS, window
from apps.evaluation.queries.departments import compares_all, departments_for
from apps.evaluation.queries.figures import USUAL_MONTHS
from helpdesk.errors import DomainError, NotAllowed
from helpdesk.http import PageRequest
from helpdesk.models import Department, Issue
from helpdesk.permissions import may, require


@login_required
@require_GET
def quality(request: PageRequest) -> HttpResponse:
    """The score of what the reader may compare, and of their agents; every criterion; causes in the system."""
    require(request.user, "evaluation.view")
    return _show(request, _sample_form(request))


@login_required
@require_POST
def set_sample(request: PageRequest) -> HttpResponse:
    require(request.user, "evaluation.review")
    form = SampleForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            services.set_sample_size(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(request, _("From the next draw on."))
            return redirect("quality")
    return _show(request, form, status=422)


@login_required
@require_POST
def raise_cause(request: PageRequest) -> HttpResponse:
    """A cause that reviews found becomes a root-cause case."""
    code = request.POST.get("issue", "")
    issue = get_object_or_404(Issue, code=code) if code else None
    span = window(months=_months(request), at=timezone.now())
    about = request.POST.get("about", "")
    try:
        case = services.raise_cause(
            about=about, issue=issue, since=span.since, by=request.user, at=span.until
        )
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, _("%(n)s is open, with the tickets of these reviews.") % {"n": case.number})
    return redirect("quality")


def _show(request: PageRequest, form: SampleForm | None, status: int = 200) -> HttpResponse:
    months, everything = _months(request), compares_all(request.user)
    departments = departments_for(request.user)
    agents_of = agents_shown(request.user)
    found = team_quality(
        window(months=months, at=timezone.now()), departments=departments, whole_company=everything,
        agents_of=[one.pk for one in agents_of],
    )  # fmt: skip
    context = {
        "found": found,
        "provenance": figures.quality_from(
            found, months=months, departments=None if everything else departments, agents_of=agents_of
        ),
        "months": months, "choices": MONTHS, "enough": ENOUGH, "oversampled": OVERSAMPLED, "form": form,
        "sizes": _sizes(departments) if form else [],
        "may_raise": may(request.user, "analysis.flag"), "may_read_cases": may(request.user, "analysis.view"),
    }  # fmt: skip
    return show(request, "team", context, tab="quality", status=status)


def _sample_form(request: PageRequest) -> SampleForm | None:
    return SampleForm(user=request.user) if may(request.user, "evaluation.review") else None


def _sizes(departments: list[Department]) -> list[tuple[Department, int]]:
    sizes = dict(SampleSize.objects.values_list("department", "per_agent"))
    return [(one, sizes.get(one.pk, USUAL_SIZE)) for one in departments]


def _months(request: PageRequest) -> int:
    asked = request.GET.get("months", "") or request.POST.get("months", "")
    return int(asked) if asked in map(str, MONTHS) else USUAL_MONTHS
