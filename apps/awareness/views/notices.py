"""The pages of "you said, we did": drafts and publishing for colleagues, and what customers read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.awareness import services
from apps.awareness.forms import NoticeForm
from apps.awareness.models import Notice
from apps.awareness.queries.holdout import results_of
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require

A_PAGE = 20


@login_required
@require_GET
def notices(request: PageRequest) -> HttpResponse:
    """Drafts first, then what is published, then what was withdrawn."""
    require(request.user, "awareness.view")
    rows = Notice.objects.visible_to(request.user).select_related("case")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    may_publish = may(request.user, "awareness.publish")
    return render(request, "awareness/notices.html", {"page": page, "may_publish": may_publish})


@login_required
def notice(request: PageRequest, pk: int) -> HttpResponse:
    """One notice, in better words."""
    require(request.user, "awareness.publish")
    row = _visible(request, pk)
    initial = {"title": row.title, "body": row.body, "audience": row.audience}
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_notice(notice=row, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            return redirect("notices")
    context = {"notice": row, "form": form, "outreaches": results_of(row, timezone.now())}
    return render(request, "awareness/notice.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def publish_notice(request: PageRequest, pk: int) -> HttpResponse:
    row = services.publish_notice(notice=_visible(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Published: %(title)s") % {"title": row.title})
    return redirect("notices")


@login_required
@require_POST
def withdraw_notice(request: PageRequest, pk: int) -> HttpResponse:
    services.withdraw_notice(notice=_visible(request, pk), by=request.user, at=timezone.now())
    return redirect("notices")


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """What customers read, without signing in."""
    page = Paginator(Notice.objects.public(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "awareness/changes.html", {"page": page})


def _visible(request: PageRequest, pk: int) -> Notice:
    return get_object_or_404(Notice.objects.visible_to(request.user).select_related("case"), pk=pk)
