"""The page of the self-assessment, and the same as a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as column
from django.views.decorators.http import require_GET

from apps.analysis.export import Table, Value
from apps.analysis.views.files import as_download
from apps.awareness import services
from apps.awareness.maturity import BY_CODE, DAYS, LABELS, ORDER, Grade, points
from apps.awareness.models import MaturityAssessment, MaturityGrade
from apps.awareness.queries.maturity import Row, maturity
from helpdesk.charts import Bar, Caption, Chart, draw_bars
from helpdesk.errors import Invalid
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require

COLUMNS = (
    column("assessed at"), column("assessed by"), column("function"), column("activity"), column("grade"),
    column("suggested"), column("evidence"), column("note"),
)  # fmt: skip


@login_required
def assessment(request: PageRequest) -> HttpResponse:
    """Every activity: what the desk shows, the grade that suggests, the last grade, and the form for the next."""
    require(request.user, "evaluation.view")
    typed: dict[str, dict[str, str]] = {"grade": {}, "note": {}}
    error: Invalid | None = None
    if request.method == "POST":
        require(request.user, "evaluation.manage")
        typed = {kind: {code: request.POST.get(f"{kind}-{code}", "") for code in BY_CODE} for kind in typed}
        try:
            services.assess_maturity(
                grades=typed["grade"], notes=typed["note"], by=request.user, at=timezone.now()
            )
        except Invalid as refused:
            error = refused
        else:
            messages.success(request, _("The assessment is kept."))
            return redirect("maturity")
    rows, newest = maturity(at=timezone.now())
    context = {
        "rows": [_shown(row, typed) for row in rows],
        "newest": newest,
        "chart": _chart(rows) if newest else None,
        "grades": [(grade.value, LABELS[grade]) for grade in ORDER],
        "error": error,
        "may_assess": may(request.user, "evaluation.manage"),
        "days": DAYS,
    }
    return render(request, "awareness/maturity.html", context, status=422 if error else 200)


@login_required
@require_GET
def maturity_file(request: PageRequest, kind: str) -> HttpResponse:
    """Every grade ever given, the newest assessment first."""
    require(request.user, "evaluation.view")
    kept = MaturityAssessment.objects.select_related("by").prefetch_related("grades")
    rows = [_cells(one, grade) for one in kept for grade in one.grades.all()]
    return as_download(Table("maturity", COLUMNS, rows, "/standards/maturity/"), kind)


def _shown(row: Row, typed: dict[str, dict[str, str]]) -> dict[str, object]:
    code = row.looked.activity.code
    usual = row.last.grade if row.last else row.looked.suggested.value
    return {
        "activity": row.looked.activity, "pieces": row.looked.shown, "suggested": LABELS[row.looked.suggested],
        "last": row.last, "before": row.before, "chosen": typed["grade"].get(code) or usual,
        "note": typed["note"].get(code, row.last.note if row.last else ""),
    }  # fmt: skip


def _chart(rows: list[Row]) -> Chart:
    """The mean grade of each function, as it was given last."""
    functions: dict[str, list[str]] = {}
    for row in rows:
        functions.setdefault(str(row.looked.activity.function), []).extend(
            [row.last.grade] if row.last else []
        )
    bars = [Bar(name, points(given)) for name, given in functions.items() if given]
    weakest = min(bars, key=lambda bar: bar.value)
    caption = Caption(
        _("%(label)s has most to gain") % {"label": weakest.label},
        _("Mean grade: absent 0, best practice 3"),
        n=len(rows),
    )
    return draw_bars(caption, bars)


def _cells(one: MaturityAssessment, grade: MaturityGrade) -> list[Value]:
    about = grade.about
    return [
        one.at.date(), one.by.name, str(about.function) if about else "", str(about.label) if about else grade.activity,
        str(LABELS[Grade(grade.grade)]), str(LABELS[Grade(grade.suggested)]),
        "; ".join(f"{name} {value:g}" for name, value in grade.evidence.items() if value is not None),
        grade.note,
    ]  # fmt: skip
