"""The prevention ledger, and the same as a file."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.analysis.queries.ledger import visible_ledger
from helpdesk.http import PageRequest
from helpdesk.permissions import require

COLUMNS = (
    "case", "title", "department", "verdict", "promised", "proven", "proven at least", "proven at most",
    "a quarter low", "a quarter likely", "a quarter high", "counts from", "until", "saved low", "saved likely",
    "saved high", "cost of the fix", "days waited", "cost of waiting", "computed by",
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
def ledger_csv(request: PageRequest) -> HttpResponse:
    """A row a proven fix, for a spreadsheet."""
    require(request.user, "analysis.view")
    found, where = visible_ledger(request.user, at=timezone.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="prevention-ledger-{found.as_of}.csv"'
    table = csv.writer(response)
    table.writerow(COLUMNS)
    for fix in found.fixes:
        holding, saved = fix.holding, fix.saved
        money = [holding.low, holding.likely, holding.high] if holding else [None] * 3
        so_far = [saved.low, saved.likely, saved.high] if saved else [None] * 3
        words = [fix.case.number, _plain(fix.case.title), _plain(fix.department), fix.verdict.verdict]
        shares = [fix.promised, fix.proven, 1 - fix.verdict.high, 1 - fix.verdict.low]
        table.writerow([
            *words, *(f"{share:.4f}" for share in shares), *map(_money, money), fix.verdict.window_start,
            fix.until or "", *map(_money, so_far), _money(fix.cost), fix.waited_days, _money(fix.cost_of_waiting),
            where.address,
        ])  # fmt: skip
    return response


def _money(amount: object) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _plain(word: str) -> str:
    """A spreadsheet must not take a title for a formula."""
    return f"'{word}" if word[:1] in "=+-@\t\r" else word
