"""Words for stories about the executive report."""

import re
from datetime import date, datetime

from apps.analysis.models import Signal
from apps.awareness import services
from apps.awareness.models import Report
from apps.awareness.report import Page
from tests.factories import NOW

JUNE_1 = datetime(2026, 6, 1, 7, 10, tzinfo=NOW.tzinfo)
JULY_1 = datetime(2026, 7, 1, 7, 10, tzinfo=NOW.tzinfo)
EVIL = "#strong[x] $x$ \\u{41} <b>bold</b> & *stars* /* gone */ `raw`"


def make(cast, at=NOW) -> Report:
    return services.make_report(by=cast.system, at=at)


def page(report) -> Page:
    return Page.read(report.page)


def rows(report, name):
    (section,) = (one for one in page(report).sections if one.name == name)
    return section.rows


def due(cast, at=JUNE_1):
    return services.send_due_report(by=cast.system, at=at)


def signal(kind, *, seen_on=date(2026, 4, 20), label="Charged twice", **fields) -> Signal:
    numbers = {"observed": 41, "expected": 20, "ratio": 2.05, "excess": 21}
    days = {"started_on": seen_on, "window_start": seen_on, "window_end": seen_on, "first_seen_on": seen_on,
            "last_seen_on": seen_on}  # fmt: skip
    return Signal.objects.create(
        kind=kind, label=label, sentence="", detector="test", **numbers | days | fields
    )


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
