"""The pages of the executive report."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.awareness import queries, services
from apps.awareness.forms import RecipientsForm
from apps.awareness.models import Report, ReportRecipient
from apps.awareness.pdf import draw_pdf
from apps.awareness.report import Page
from helpdesk.errors import Invalid
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require

A_PAGE = 20


@login_required
@require_GET
def reports(request: PageRequest) -> HttpResponse:
    """Every report there was, the newest first, and who gets them."""
    require(request.user, "awareness.report")
    emails = "\n".join(ReportRecipient.objects.values_list("email", flat=True))
    return _reports(request, RecipientsForm(initial={"emails": emails}))


@login_required
@require_POST
def set_recipients(request: PageRequest) -> HttpResponse:
    require(request.user, "awareness.report")
    form = RecipientsForm(request.POST)
    if form.is_valid():
        try:
            services.set_recipients(
                emails=form.cleaned_data["emails"].splitlines(), by=request.user, at=timezone.now()
            )
        except Invalid as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(request, _("Saved who gets the report"))
            return redirect("reports")
    return _reports(request, form)


def _reports(request: PageRequest, form: RecipientsForm) -> HttpResponse:
    rows = (
        Report.objects.select_related("made_by").annotate(sent=Count("letters")).order_by("-year", "-month")
    )
    month = queries.last_month(timezone.now())
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "month": month,
        "is_made": Report.objects.filter(year=month.year, month=month.month).exists(),
        "may_configure": may(request.user, "helpdesk.configure"),
    }
    return render(request, "awareness/reports.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def make_report(request: PageRequest) -> HttpResponse:
    row = services.make_report(by=request.user, at=timezone.now())
    return redirect("report", pk=row.pk)


@login_required
@require_GET
def report(request: PageRequest, pk: int) -> HttpResponse:
    """One report as it was said then."""
    row = _report(request, pk)
    context = {"report": row, "page": Page.read(row.page), "letters": row.letters.order_by("email")}
    return render(request, "awareness/report.html", context)


@login_required
@require_GET
def report_pdf(request: PageRequest, pk: int) -> HttpResponse:
    row = _report(request, pk)
    printed = draw_pdf(Page.read(row.page), made_at=row.made_at)
    disposition = f'attachment; filename="{row.file_name}"'
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


@login_required
@require_POST
def send_report(request: PageRequest, pk: int) -> HttpResponse:
    sent = services.send_report(report=_report(request, pk), by=request.user, at=timezone.now())
    messages.success(
        request, _("On its way to %(sent)s") % {"sent": sent} if sent else _("Everybody has it already")
    )
    return redirect("report", pk=pk)


def _report(request: PageRequest, pk: int) -> Report:
    require(request.user, "awareness.report")
    return get_object_or_404(Report, pk=pk)
