"""Second readings: a person codes the next drawn ticket blind, and a third one settles where two differ."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.response import queries, services
from apps.response.forms import ReadingForm, SettleForm
from apps.response.models import SecondReading
from helpdesk.errors import DomainError, Invalid, NotFound
from helpdesk.http import PageRequest, number_in
from helpdesk.permissions import may, require

LONGEST = 1800  # seconds; who needed longer was elsewhere meanwhile
SALT = "second reading"


@login_required
def readings(request: PageRequest) -> HttpResponse:
    """The next ticket to read a second time."""
    require(request.user, "response.read_again")
    page = queries.reading_page(user=request.user, at=timezone.now(), passed=_passed(request))
    return _show(request, page, ReadingForm())


@login_required
@require_POST
def read_again(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "response.read_again")
    reading = _found(request, pk)
    form, at = ReadingForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            services.read_again(
                reading=reading,
                issue=form.chosen(),
                seconds=_seconds(request, pk, at),
                by=request.user,
                at=at,
            )
        except NotFound:
            raise
        except Invalid as error:
            form.add_error("issue", error.detail)
        except DomainError as error:
            messages.info(request, error.detail)
    if form.errors:
        page = queries.reading_page(user=request.user, at=at, passed=_passed(request))
        return _show(request, page, form)
    return redirect("readings")


@login_required
def disputes(request: PageRequest) -> HttpResponse:
    """The next ticket two people coded differently."""
    require(request.user, "response.settle")
    page = queries.dispute_page(user=request.user, at=timezone.now(), passed=_passed(request))
    return _show(request, page, SettleForm(), settling=True)


@login_required
@require_POST
def settle_reading(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "response.settle")
    reading = _found(request, pk)
    form, at = SettleForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            services.settle_reading(
                reading=reading,
                issue=form.chosen(),
                keep_both=form.cleaned_data["keep_both"],
                by=request.user,
                at=at,
            )
        except NotFound:
            raise
        except Invalid as error:
            form.add_error("issue", error.detail)
        except DomainError as error:
            messages.info(request, error.detail)
    if form.errors:
        page = queries.dispute_page(user=request.user, at=at, passed=_passed(request))
        return _show(request, page, form, settling=True)
    return redirect("disputes")


@login_required
@require_POST
def draw_readings(request: PageRequest) -> HttpResponse:
    drawn = services.draw_readings(by=request.user, at=timezone.now())
    if drawn:
        messages.success(request, _("%(drawn)s tickets were drawn to be read again.") % {"drawn": len(drawn)})
    else:
        messages.info(request, _("The finished weeks were drawn from already."))
    return redirect("readings")


def _show(
    request: PageRequest, page: queries.ReadingPage, form: ReadingForm, *, settling: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "settling": settling,
        "may_settle": may(request.user, "response.settle"),
        "shown": page.reading and signing.dumps([page.reading.pk, timezone.now().timestamp()], salt=SALT),
    }
    return render(request, "response/reading.html", context, status=422 if form.errors else 200)


def _found(request: PageRequest, pk: int) -> SecondReading:
    """Whether they may see its ticket is asked by the service."""
    return get_object_or_404(SecondReading.objects.select_related("ticket"), pk=pk)


def _passed(request: PageRequest) -> list[int]:
    """Those the reader has put aside for now: they stand in the address."""
    found = [number_in(text) for text in request.GET.getlist("passed")[:100]]
    return [pk for pk in found if pk is not None]


def _seconds(request: PageRequest, pk: int, at: datetime) -> int | None:
    """From the sight of the page to the code; None for a page that is not ours, or was left lying."""
    with suppress(signing.BadSignature, ValueError, TypeError):
        shown, since = signing.loads(request.POST.get("shown", ""), salt=SALT)
        took = at - datetime.fromtimestamp(since, UTC)
        if shown == pk and 0 <= took.total_seconds() <= LONGEST:
            return round(took.total_seconds())
    return None
