"""The prevention ledger, and the same as a file."""

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as column
from django.views.decorators.http import require_GET

from apps.analysis.export import Table, Value
from apps.analysis.proof import Holding, Saved
from apps.analysis.queries.ledger import Fix, visible_ledger
from apps.analysis.views.files import as_download
from helpdesk.http import PageRequest
from helpdesk.permissions import require

COLUMNS = (
    column("case"), column("title"), column("department"), column("verdict"), column("promised"),
    column("proven"), column("proven at least"), column("proven at most"), column("a quarter low"),
    column("a quarter likely"), column("a quarter high"), column("counts from"), column("until"),
    column("saved low"), column("saved likely"), column("saved high"), column("cost of the fix"),
    column("days waited"), column("cost of waiting"),
)  # fmt: skip


@login_required
@require_GET
def ledger(request: PageRequest) -> HttpResponse:
    """What proven fixes save, by quarter and department."""
    require(request.user, "analysis.view")
    found, where = visible_ledger(request.user, at=timezone.now())
    return render(request, "analysis/ledger.html", {"ledger": found, "provenance": where})


@login_required
@require_GET
def ledger_file(request: PageRequest, kind: str) -> HttpResponse:
    """A row a proven fix, for a spreadsheet."""
    require(request.user, "analysis.view")
    found, where = visible_ledger(request.user, at=timezone.now())
    name = f"prevention-ledger-{found.as_of}"
    return as_download(Table(name, COLUMNS, [_row(fix) for fix in found.fixes], where.address), kind)


def _row(fix: Fix) -> list[Value]:
    shares = [fix.promised, fix.proven, 1 - fix.verdict.high, 1 - fix.verdict.low]
    return [
        fix.case.number, fix.case.title, fix.department, fix.verdict.get_verdict_display(), *map(float, shares),
        *_ends(fix.holding), fix.verdict.window_start, fix.until, *_ends(fix.saved), _cents(fix.cost), fix.waited_days,
        _cents(fix.cost_of_waiting),
    ]  # fmt: skip


def _ends(known: Holding | Saved | None) -> list[Value]:
    return [_cents(end) for end in (known.low, known.likely, known.high)] if known else [None] * 3


def _cents(amount: float | Decimal | None) -> Decimal | None:
    return None if amount is None else Decimal(f"{amount:.2f}")
