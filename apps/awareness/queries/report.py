"""What executives have to know of a month. Every number is an existing figure of the analysis, put into words."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.analysis.deadlines import midnight, today, working_days_after
from apps.analysis.figures import Asked
from apps.analysis.models import Case, CaseState, Signal, SignalKind, SignalState
from apps.analysis.queries.cases import decisions_wanted
from apps.analysis.queries.ledger import Fix, Ledger, visible_ledger
from apps.analysis.queries.overview import IssueRow, Overview, overview, worth_of_all
from apps.awareness.report import TOP, Page, Row, Section, short
from helpdesk.sentences import Number, Share
from helpdesk.templatetags.helpdesk import money, number, percentage

MEASURED_DAYS = 90


def last_month(at: datetime) -> date:
    """The first day of the month that is over."""
    return (today(at).replace(day=1) - timedelta(days=1)).replace(day=1)


def first_working_day(at: datetime) -> date:
    """Of the month that runs, by the company's calendar."""
    return working_days_after(midnight(today(at).replace(day=1)) - timedelta(hours=1), 1)


def page_of(month: date, *, at: datetime) -> Page:
    """The report of the month that begins on this day: what happened in it, and how things stand now."""
    after = (month + timedelta(days=31)).replace(day=1)
    found = overview(asked=Asked(days=MEASURED_DAYS, by="money"), at=at, user_cases=Case.objects.all())
    saved, proof = visible_ledger(None, at=at)
    where, chart = found.found.provenance, found.chart
    figures = found.figures
    return Page(
        title=_("Executive report, %(month)s") % {"month": date_format(month, 'F Y')},
        finding=chart.title if chart else _("Nothing was told us"),
        measure=chart.caption.measure if chart else "",
        period=f"{date_format(figures.first, 'j M')} – {date_format(figures.last, 'j M Y')}",
        tickets=figures.tickets,
        headline=_headline(found),
        top=_top(found),
        sections=(
            _new(month, after), _growing(month, after), _proven(saved, month, after), _came_back(month, after),
            _decisions(at), _unaccepted(at), _ledger(saved),
        ),
        stamp=_stamp(where.release, at),
        addresses=(where.address, proof.address),
    )  # fmt: skip


# --- what hurts


def _headline(found: Overview) -> tuple[str, ...]:
    figures = found.figures
    now, before = number(figures.tickets), number(figures.before)
    came = _(
        "%(now)s tickets in %(measured_days)s days, %(before)s in the %(measured_days)s days before."
    ) % {"now": now, "measured_days": MEASURED_DAYS, "before": before}
    missing = ""
    if found.rows and not found.found.in_money:
        missing = _("Ordered by tickets, for the money is not known: %(missing)s.") % {
            "missing": ", ".join(found.found.missing)
        }
    return tuple(filter(None, (came, figures.sentence, found.damage, missing)))


def _top(found: Overview) -> Section:
    ranked = [row for row in found.rows if row.figure.issue is not None]
    uncoded = [row for row in found.rows if row.figure.issue is None]
    in_money = found.found.in_money
    worth = worth_of_all(found.found)
    shown = [_issue(row, in_money=in_money) for row in ranked[:TOP]]
    shown += [_uncoded(row, worth) for row in uncoded]
    name = _("Top ten by market damage") if in_money else _("Top ten by tickets")
    return Section(name, tuple(shown), max(len(ranked) - TOP, 0), _("No ticket came in."))


def _issue(row: IssueRow, *, in_money: bool) -> Row:
    figure, risk = row.figure, row.figure.money
    tickets = _("%(tickets)s tickets") % {"tickets": number(figure.tickets)}
    change = f" ({than_before(figure.change)})" if figure.change is not None else ""
    says = _("%(percentage)s of all, place %(rank_words)s, %(tickets)s%(change)s") % {
        "percentage": percentage(figure.share),
        "rank_words": figure.rank_words,
        "tickets": tickets,
        "change": change,
    }
    loop = _("; a case is open") if row.in_loop else _("; no case")
    tone = "loop" if row.in_loop else ""
    if in_money and risk:
        span = f"{money(risk.low)}–{money(risk.high)}; {says}{loop}"
        return Row(
            short(figure.label), money(risk.likely), span, amount=float(risk.likely), low=float(risk.low),
            high=float(risk.high), tone=tone, url=row.url,
        )  # fmt: skip
    return Row(
        short(figure.label), tickets, says + loop, amount=float(figure.tickets), tone=tone, url=row.url
    )


def than_before(change: float) -> str:
    share = f"{abs(change):.0%}"
    more = (
        _("as many as")
        if share == "0%"
        else _("%(share)s more than") % {"share": share}
        if change > 0
        else _("%(share)s fewer than") % {"share": share}
    )
    return _("%(more)s before") % {"more": more}


def _uncoded(row: IssueRow, worth: float | None) -> Row:
    """Always in sight; by money it is as long as its share, for what it is worth nobody knows."""
    figure = row.figure
    tickets = _("%(tickets)s tickets") % {"tickets": number(figure.tickets)}
    amount = float(figure.tickets) if worth is None else worth * figure.share
    value = tickets if worth is None else _("about %(amount)s") % {"amount": money(amount)}
    says = _("%(percentage)s of all, %(tickets)s without an issue") % {
        "percentage": percentage(figure.share),
        "tickets": tickets,
    }
    return Row(_("Uncoded"), value, says, amount=amount, tone="uncoded", url=row.url)


# --- what is new


def _new(month: date, after: date) -> Section:
    rows = _come_to_light(SignalKind.EMERGING, month=month, after=after)
    said = [
        Row(
            short(str(signal.label)),
            _("%(observed)s tickets") % {"observed": number(signal.observed)},
            _("first seen on %(first_seen_on)s%(state)s")
            % {"first_seen_on": _day(signal.first_seen_on), "state": _state(signal)},
            url=_case_page(signal.case),
        )
        for signal in rows
    ]
    return Section.of(_("New"), said, none=_("Nothing new stood out."))


def _growing(month: date, after: date) -> Section:
    """The clearest rise of each issue: its parts and places tell of the same."""
    seen = _signals(SignalKind.SURGE, SignalKind.SLOW_BURN)
    rows = seen.filter(last_seen_on__gte=month, started_on__lt=after)
    clearest: dict[int | None, Signal] = {}
    for signal in rows:
        clearest.setdefault(signal.issue_id, signal)
    said = [
        Row(
            short(str(signal.label)),
            _("%(ratio)s times as many") % {"ratio": Number(signal.ratio, digits=1)},
            _("%(observed)s tickets where %(expected)s were usual, since %(started_on)s%(state)s")
            % {
                "observed": number(signal.observed),
                "expected": number(signal.expected),
                "started_on": _day(signal.started_on),
                "state": _state(signal),
            },
            url=_case_page(signal.case),
        )
        for signal in clearest.values()
    ]
    return Section.of(_("Growing"), said, none=_("Nothing grew beyond chance."))


def _come_to_light(kind: SignalKind, *, month: date, after: date) -> QuerySet[Signal]:
    """Begun by the end of the month, and not seen before it: what was seen a few days late is in this report or in the
    next, never in none."""
    return _signals(kind).filter(first_seen_on__gte=month, started_on__lt=after)


def _signals(*kinds: SignalKind) -> QuerySet[Signal]:
    return (
        Signal.objects.filter(kind__in=kinds)
        .exclude(state=SignalState.DISMISSED)
        .select_related("case")
        .order_by("-is_alarm", "-excess", "id")
    )


def _state(signal: Signal) -> str:
    return (
        f"; {signal.case.number}" if signal.case else _("; not judged yet") if signal.state == "new" else ""
    )


# --- what was done


def _proven(saved: Ledger, month: date, after: date) -> Section:
    fixes = [fix for fix in saved.fixes if month <= today(fix.verdict.decided_at) < after]
    return Section.of(_("Proven"), [_fix(fix) for fix in fixes], none=_("No fix was proven this month."))


def _fix(fix: Fix) -> Row:
    verdict = fix.verdict
    saves = (
        _("saves %(likely)s a quarter") % {"likely": money(fix.holding.likely)}
        if fix.holding
        else _("money not known")
    )
    says = _("%(proven)s fewer (%(value)s to %(value_2)s), promised %(promised)s") % {
        "proven": Share(fix.proven),
        "value": Share(1 - verdict.high),
        "value_2": Share(1 - verdict.low),
        "promised": Share(fix.promised),
    }
    says += f"; {fix.department}" if fix.department else ""
    return Row(short(str(fix.case)), saves, says, url=_case_page(fix.case))


def _came_back(month: date, after: date) -> Section:
    rows = _come_to_light(SignalKind.REGRESSION, month=month, after=after)
    said = [
        Row(
            short(str(signal.case)),
            _at_risk(signal.case),
            _("came back on %(started_on)s; %(observed)s tickets where %(expected)s were proven")
            % {
                "started_on": _day(signal.started_on),
                "observed": number(signal.observed),
                "expected": number(signal.expected),
            },
            url=_case_page(signal.case),
        )
        for signal in rows
        if signal.case
    ]
    return Section.of(_("Came back"), said, none=_("No proven fix came undone."))


# --- what waits


def _decisions(at: datetime) -> Section:
    said = [
        Row(
            short(f"{need.verb} {need.number} {need.object}"),
            _("%(money)s at risk a quarter") % {"money": money(need.money)}
            if need.money is not None
            else _("money not known"),
            _("due on %(due)s") % {"due": _day(need.due)} if need.due else "",
            url=need.url,
        )
        for need in decisions_wanted(at=at)
    ]
    return Section.of(_("Decisions wanted"), said, none=_("Nothing waits for a decision."), most=5)


def _unaccepted(at: datetime) -> Section:
    """Money of several cases is not added up: one customer may have several issues."""
    waiting = Case.objects.filter(state=CaseState.ROUTED).select_related("owner_department")
    departments: dict[str, list[Case]] = defaultdict(list)
    for case in waiting.by_money():
        departments[case.owner_department.name if case.owner_department else _("Nobody")].append(case)
    found = sorted(departments.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    said = [
        Row(short(name), _cases(len(cases)), _wait(cases, today(at)), url=_board_of(cases[0]))
        for name, cases in found
    ]
    return Section.of(_("Not accepted, by department"), said, none=_("Every case is accepted."), most=6)


def _wait(cases: list[Case], day: date) -> str:
    since = min(case.routed_at or case.state_since for case in cases)
    late = sum(case.is_overdue(day) for case in cases)
    largest = (
        _("; the largest %(at_risk)s") % {"at_risk": _at_risk(cases[0])}
        if cases[0].money_likely is not None
        else ""
    )
    return _("the oldest since %(today)s, %(late)s overdue%(largest)s") % {
        "today": _day(today(since)),
        "late": late or "none",
        "largest": largest,
    }


def _ledger(saved: Ledger) -> Section:
    if not saved.fixes:
        return Section(_("Prevention ledger"), (), none=_("Nothing is proven yet."))
    so_far, running = saved.saved, saved.running
    holding = sum(fix.holds for fix in saved.fixes)
    rows = [
        Row(
            _("Saved so far"),
            money(so_far.likely),
            f"{money(so_far.low)}–{money(so_far.high)}",
            runs_on=True,
            url=reverse("ledger"),
        ),
        Row(
            _("Saving now, a quarter"),
            money(running.likely),
            _("%(low)s–%(high)s; %(holding)s of %(fixes)s proven fixes hold")
            % {
                "low": money(running.low),
                "high": money(running.high),
                "holding": holding,
                "fixes": len(saved.fixes),
            },
            url=reverse("ledger"),
        ),
    ]
    newest = saved.quarters[0].first if saved.quarters else None
    parts = [row for row in saved.quarters if row.first == newest and row.department]
    rows += [
        Row(
            short(f"{row.department}, {row.name}"),
            money(row.saved.likely),
            f"{_fixes(row.fixes)}",
            runs_on=True,
            url=reverse("ledger"),
        )
        for row in parts
    ]
    return Section.of(_("Prevention ledger"), rows, none="", most=5)


# --- where the numbers lead


def _case_page(case: Case | None) -> str:
    return reverse("case", kwargs={"number": case.pk}) if case else ""


def _board_of(case: Case) -> str:
    department = f"?department={case.owner_department.slug}" if case.owner_department else ""
    return reverse("board") + department


# --- words


def _stamp(release: int | None, at: datetime) -> str:
    moment = date_format(at.astimezone(ZoneInfo(settings.TIME_ZONE)), "j F Y, H:i e")
    return _("As of %(moment)s") % {"moment": moment} + (
        _(", issues by release %(release)s of the taxonomy.") % {"release": release} if release else "."
    )


def _day(day: date) -> str:
    return str(date_format(day, "j F"))


def _at_risk(case: Case) -> str:
    return (
        _("money not known")
        if case.money_likely is None
        else _("%(money_likely)s at risk a quarter") % {"money_likely": money(case.money_likely)}
    )


def _cases(count: int) -> str:
    return "1 case" if count == 1 else _("%(count)s cases") % {"count": count}


def _fixes(count: int) -> str:
    return "1 fix" if count == 1 else _("%(count)s fixes") % {"count": count}
