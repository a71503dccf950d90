"""Sample data of the style guide: every component and chart, full, empty and in error. Invented, and fixed."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.safestring import SafeString

from helpdesk import charts

CAUSES = (
    ("Charged twice after plan change", 138, True),
    ("Parcel marked delivered, nothing arrived", 96, False),
    ("Login code never comes", 61, False),
    ("Refund later than promised", 44, False),
    ("Wrong size sent", 22, False),
    ("Cannot cancel online", 19, False),
    ("App closes on start", 11, False),
)
BEFORE = (11, 13, 9, 12, 10, 14, 11, 18, 19, 12, 13, 11)
AFTER = (8, 5, 4, 3, 4, 5, 3, 4, 2, 4, 3, 4)
DAY = 24 * 3600


@dataclass(frozen=True)
class SampleTicket:
    number: int
    subject: str
    customer: str
    issue: str
    status: str
    status_label: str
    left: int
    target: int
    clock: str = ""
    case: str = ""


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class ProgressStep:
    label: str
    when: str = ""
    done: bool = False
    current: bool = False


class SampleForm(forms.Form):
    subject = forms.CharField(
        label="In one line", help_text="What went wrong, in your words.", max_length=120
    )
    email = forms.EmailField(label="E-mail address")
    message = forms.CharField(label="What happened?", widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="How was it?",
        choices=[("good", "Satisfied"), ("so", "Accepted it"), ("bad", "Not satisfied")],
        widget=forms.RadioSelect,
    )
    product = forms.ChoiceField(
        label="Product", choices=[("", "Choose"), ("team", "Team plan")], required=False
    )
    file = forms.FileField(label="A picture of it", required=False)
    follow = forms.BooleanField(label="Tell me when it is fixed", required=False)


TICKETS = (
    SampleTicket(
        4182,
        "Invoice charged twice after plan change",
        "Mara Oyelaran",
        "Billing",
        "open",
        "Open",
        720,
        4 * 3600,
    ),
    SampleTicket(
        4179,
        "Parcel marked delivered, nothing arrived",
        "T. Lindqvist",
        "Delivery",
        "new",
        "New",
        2880,
        4 * 3600,
    ),
    SampleTicket(
        4171,
        "لم يصل رمز الدخول عبر الرسائل القصيرة",
        "عمر الحسن",
        "Access",
        "waiting_owner",
        "Waiting on owner",
        3 * 3600,
        4 * 3600,
        case="RC-31",
    ),
    SampleTicket(
        4166,
        "Refund promised 9 days ago",
        "J. Park",
        "Refunds",
        "waiting_customer",
        "Waiting on customer",
        6000,
        8 * 3600,
        clock="paused",
    ),
    SampleTicket(
        4160,
        "Cannot cancel online, the button does nothing at all on my telephone",
        "Ana Souza",
        "Account",
        "open",
        "Open",
        -7200,
        8 * 3600,
    ),
    SampleTicket(4151, "Thank you, it works", "Li Wei", "Praise", "solved", "Solved", 0, 3600, clock="met"),
)


def sample() -> dict[str, Any]:
    """The context of helpdesk/style_guide.html."""
    broken = SampleForm({"subject": "", "email": "mara@", "message": ""})
    broken.is_valid()
    provenance = {
        "release": 7,
        "as_of": datetime(2026, 5, 4, 10, tzinfo=UTC),
        "address": "analysis?by=money&days=90&as_of=2026-05-04T10%3A00%3A00%2B00%3A00&release=7",
    }
    return {
        "tickets": TICKETS,
        "blank_form": SampleForm(prefix="blank"),
        "broken_form": broken,
        "page": Paginator(range(200), 25).page(3),
        "provenance": provenance,
        "origins": [("RC-31", provenance), ("RC-32", provenance)],
        "tabs": (
            Tab("All", "#all", True, 412),
            Tab("Waiting", "#waiting", count=7),
            Tab("Proven", "#proven", count=0),
        ),
        "steps": (
            ProgressStep("Received", "Mon 3 May, 09:41", done=True),
            ProgressStep("Answered", "Mon 3 May, 10:20", done=True),
            ProgressStep("With the people who can fix the cause", "since Tue 4 May", current=True),
            ProgressStep("Solved"),
        ),
        "customer": (
            ("Plan", "Team, 14 seats"),
            ("Tickets", "6 in 90 days"),
            ("Last ratings", "Good, good, bad"),
            ("Phone", None),
        ),
        "loop_states": ("assess", "routed", "investigating", "planning", "fixing", "monitoring", "closed"),
        "icons": (
            "inbox",
            "search",
            "refresh-cw",
            "chart-column",
            "users",
            "sticky-note",
            "paperclip",
            "send",
            "clock",
            "tag",
        ),
        "spark": spark(),
        "charts": all_charts(),
        "empty_chart": charts.draw_bars(
            charts.Caption("No tickets in this period", "tickets", 0, "last 90 days"), ()
        ),
    }


def all_charts() -> list[charts.Chart]:
    return [pareto(), control_chart(), seasonal(), band(), cumulative(), waterfall(), lines(), bars()]


def spark() -> SafeString:
    return charts.draw_sparkline(
        [*BEFORE, *AFTER], title="Falling from 11 to 4 a week", usual=(2, 8), tone="down"
    )


def pareto() -> charts.Chart:
    causes = [
        charts.Cause(label, value, f"#cause-{i}", in_loop=loop)
        for i, (label, value, loop) in enumerate(CAUSES)
    ]
    causes.append(charts.Cause("Not coded yet", 21, "#uncoded", uncoded=True))
    caption = charts.Caption(
        "Two of seven causes make over half of all tickets", "tickets", 412, "last 90 days"
    )
    return charts.draw_pareto(caption, causes, top=5, others_url="#others")


def control_chart() -> charts.Chart:
    weeks = [f"W{week}" for week in range(9, 33)]
    values = [*BEFORE, *AFTER]
    points = [
        charts.ControlPoint(
            week, value, f"#week-{week}", "rise" if index in (7, 8) else "fall" if index >= 15 else ""
        )
        for index, (week, value) in enumerate(zip(weeks, values, strict=True))
    ]
    return charts.draw_control_chart(
        charts.Caption(
            "Double charge fell after RC-31 and stayed down",
            "tickets per week",
            sum(values),
            "1 March – 15 August",
        ),
        points,
        [charts.Era(0, 12, 11.2, 4.8, 17.6), charts.Era(12, 24, 4.1, 0, 8.4)],
        marks=[
            charts.Mark(7, "Surge found", "detection", "#signal"),
            charts.Mark(12, "RC-31 fix shipped", url="#case"),
        ],
    )


def seasonal() -> charts.Chart:
    """Limits that move with the season, and a week from which it is counted otherwise."""
    points = []
    for week in range(20):
        mean = 3 + math.sin(week / 20 * 2 * math.pi)
        value = 2.2 * mean if week == 13 else mean + (week * 7 % 5 - 2) / 3
        usual = charts.Usual(mean, max(mean - 2, 0), mean + 2)
        points.append(charts.ControlPoint(f"W{week + 9}", value, f"#rate-{week}", "rise" if week == 13 else "",
                                          usual, f"{6 * value:.0f} tickets"))  # fmt: skip
    caption = charts.Caption(
        "Late parcel rose once above its season", "Tickets per 1,000 customers a week", 371
    )
    marks = [charts.Mark(6, "release 3, 4 May", "seam"), charts.Mark(12, "Price rise, 12 Jun", "event")]
    return charts.draw_control_chart(caption, points, [], marks=marks)


def cumulative() -> charts.Chart:
    points = [charts.SumPoint(f"{7 * n} May", 9.0 * n, 6.5 * n - 4, 11 * n, f"#sum-{n}") for n in range(1, 5)]
    caption = charts.Caption("About 36 contacts avoided since the fix: between 22 and 44", "Contacts avoided")
    return charts.draw_cumulative(caption, points)


def band() -> charts.Chart:
    points = []
    for day in range(28):
        expected = 9 + 2.5 * math.sin(day / 7 * 2 * math.pi)
        actual = None if day > 22 else expected * (0.95 if day < 8 else 0.38) + (day * 7 % 5) / 2
        points.append(
            charts.BandPoint(
                f"{day + 1} May", expected, expected * 0.6, expected * 1.4, actual, f"#day-{day}"
            )
        )
    caption = charts.Caption("Half the expected tickets since the fix", "tickets per day", 131, "May")
    return charts.draw_band(caption, points)


def waterfall() -> charts.Chart:
    return charts.draw_waterfall(
        charts.Caption(
            "$ 61 k a quarter at risk, most of it from those who stay silent", "profit at risk, $ k", 412
        ),
        [
            charts.Step("Told us", 14, url="#told"),
            charts.Step("Stay silent", 38, low=22, high=61),
            charts.Step("They tell others", 17, low=4, high=30),
            charts.Step("Kept by refunds", -8, low=-11, high=-5),
            charts.Step("At risk", 61, total=True),
        ],
    )


def lines() -> charts.Chart:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug")
    satisfied = (0.61, 0.6, None, 0.58, 0.64, 0.7, 0.72, 0.74)
    mollified = (0.22, 0.24, None, 0.25, 0.2, 0.18, 0.17, 0.16)
    return charts.draw_lines(
        charts.Caption(
            "More are satisfied since answers explain the cause",
            "share of surveyed",
            1_284,
            "January – August",
        ),
        [
            charts.Line(
                "Satisfied", [charts.LinePoint(m, v) for m, v in zip(months, satisfied, strict=True)]
            ),
            charts.Line(
                "Mollified", [charts.LinePoint(m, v) for m, v in zip(months, mollified, strict=True)]
            ),
        ],
        format_value=lambda value: f"{value:.0%}".replace("%", " %"),
    )


def bars() -> charts.Chart:
    return charts.draw_bars(
        charts.Caption("Billing causes most of the cost", "cost of contacts, $ k", 412, "last 90 days"),
        [
            charts.Bar("Billing platform", 41.2, "#billing", low=33, high=52),
            charts.Bar("Carriers", 28, "#carriers", low=24, high=33),
            charts.Bar("Identity", 9.5, "#identity", low=6, high=14),
        ],
    )
