"""The figures of evaluation's pages in plain words and numbers, where they come from, and the same again as of any
moment: what `manage.py recompute` asks for (`config/figures.py`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apps.analysis.agreement import Agreement
from apps.analysis.provenance import Address, Answer, Provenance
from apps.analysis.queries.changes import CASES, CLOCKS, READINGS, TICKETS, changes_since, present_release
from apps.evaluation.models import Goal
from apps.evaluation.queries.accountability import Account, Accounts, accounts
from apps.evaluation.queries.coding_quality import CodingQuality, Share
from apps.evaluation.queries.coding_quality import coding_quality as read_quality
from apps.evaluation.queries.prevention import judged_cases
from apps.evaluation.queries.standards import Report, reports
from apps.evaluation.queries.window import MONTHS, Window, window
from helpdesk.models import Department

USUAL_MONTHS = 6


# --- standards


def standards(address: Address, at: datetime) -> Answer:
    """Every measure and account of the company and these departments; without any named, of all."""
    address.asks_for("months", "departments")
    months, wanted = _months(address), address.asked.get("departments")
    departments = list(Department.objects.all())
    if wanted is not None:
        named = set(wanted.split(","))
        departments = [one for one in departments if one.slug in named]
        if unknown := named - {one.slug for one in departments} - {""}:
            raise ValueError(f"there is no department {', '.join(sorted(unknown))}")
    span = window(months=months, at=at)
    judged = judged_cases(span)
    told = reports(span, departments=departments, goals=Goal.objects.none(), judged=judged)
    charged = accounts(span, departments=departments, judged=judged)
    where = standards_from(told, charged, span, months=months, all_departments=wanted is None)
    changed = changes_since(at, TICKETS | CLOCKS | CASES)
    return Answer(standards_figures(told, charged), where, changed=changed)


def standards_from(
    told: Sequence[Report], charged: Accounts, span: Window, *, months: int, all_departments: bool
) -> Provenance:
    """Where they come from; the address names the departments unless it is all of them. One query."""
    words = {"months": str(months)}
    if not all_departments:
        words["departments"] = ",".join(sorted(one.department.slug for one in told if one.department))
    figures = standards_figures(told, charged)
    return Provenance.of("standards", words, release=present_release(), as_of=span.until, figures=figures)


def standards_figures(told: Sequence[Report], charged: Accounts) -> dict[str, Any]:
    """What was measured and charged; goals are set by people and are no figures."""
    return {
        "measured": {
            report.department.slug if report.department else "": {
                standard.measure.value: standard.months for standard in report.standards
            }
            for report in told
        },
        "charged": [_charged(account) for account in charged.rows],
    }


def _charged(account: Account) -> dict[str, Any]:
    department = account.department.slug if account.department else ""
    return vars(account) | {"department": department}


# --- quality of coding


def coding_quality(address: Address, at: datetime) -> Answer:
    """How far codes can be trusted."""
    address.asks_for("months")
    months = _months(address)
    found = read_quality(window(months=months, at=at))
    changed = changes_since(at, TICKETS | READINGS)
    return Answer(quality_figures(found), quality_from(found, months=months), changed=changed)


def quality_from(found: CodingQuality, *, months: int) -> Provenance:
    """No query: the release was read with the figures."""
    release = found.release.number if found.release else None
    return Provenance.of(
        "coding-quality", {"months": str(months)}, release=release, as_of=found.window.until,
        figures=quality_figures(found),
    )  # fmt: skip


def quality_figures(found: CodingQuality) -> dict[str, Any]:
    """All that is computed of the quality of coding, as the API says it."""
    kinds = [
        {
            "kind": kind.kind.value, **_share(kind.share),
            "read_twice": kind.misused.all, "had_a_reason": kind.misused.good,
        }
        for kind in found.kinds
    ]  # fmt: skip
    issues = [
        {
            "issue": row.issue.path, "tickets": row.tickets, **_agreement(row.agreement),
            "sensitivity": row.sensitivity, "false_positive": row.false_positive,
        }
        for row in found.rows
    ]  # fmt: skip
    confused = [
        {
            "one": pair.one.path,
            "other": pair.other.path,
            "there": pair.there,
            "back": pair.back,
            "read": pair.read,
        }
        for pair in found.confused
    ]
    alike = [
        {"one": pair.one.path, "other": pair.other.path, "mixed_up": pair.mixed_up, "words": pair.words}
        for pair in found.alike
    ]
    large = [
        {"issue": row.issue.path, "share": row.share, "closeness": row.closeness, "is_loose": row.is_loose}
        for row in found.large
    ]
    return {
        "coded": _share(found.coded), "agreement": _agreement(found.readers.overall),
        "alpha": _agreement(found.readers.alpha), "other": kinds, "issues": issues, "confused": confused,
        "alike": alike, "large": large, "unused": [issue.path for issue in found.unused],
        "model_blind": _agreement(found.people.blind), "model_hidden": _agreement(found.people.unseen),
        "model_shown": _agreement(found.people.seen),
        "seconds": found.seconds,
    }  # fmt: skip


def _agreement(found: Agreement) -> dict[str, Any]:
    return {
        "kappa": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "agreed": found.observed,
    }


def _share(found: Share) -> dict[str, Any]:
    return {
        "tickets": found.tally.good, "of": found.tally.all, "share": found.tally.share, "low": found.low,
        "high": found.high,
    }  # fmt: skip


def _months(address: Address) -> int:
    asked = address.asked.get("months", str(USUAL_MONTHS))
    if asked not in map(str, MONTHS):
        raise ValueError(f"months is one of {', '.join(map(str, MONTHS))}")
    return int(asked)
