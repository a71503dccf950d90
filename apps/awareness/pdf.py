"""The report as PDF, on one page of A4.

Method: typst sets `templates/awareness/report.typ`. The page goes in as JSON by `sys_inputs` and is shown as strings,
so nothing that a customer or colleague wrote can become markup; the chart goes in as the SVG it is on every page.
The template scales what would not fit. The PDF is tagged for screen readers. No network, no file but the
template; 0.04 s, the first time 0.13 s.
Fonts are those of the typst wheel (Libertinus Serif: Latin, Greek, Cyrillic, Hebrew), and the machine's for other
scripts. Limit: where the machine has none for a letter either, a box stands for it; therefore PDF/UA, which forbids
that, is not asked for.
"""

import json
from datetime import datetime
from pathlib import Path

import typst

from apps.awareness.report import Page

WIDE = 840  # units of the chart across the paper, so that its letters are as large as those around it
TEMPLATE = Path(__file__).parent / "templates" / "awareness" / "report.typ"


def draw_pdf(page: Page, *, made_at: datetime) -> bytes:
    """The report in print; the same page and moment give the same bytes."""
    chart = page.drawn(WIDE)
    facts = page.kept | {
        "chart": chart.standalone() if chart else "",
        "subtitle": chart.subtitle if chart else "",
    }
    drawn = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,  # nothing else can be read
        format="pdf",
        sys_inputs={"page": json.dumps(facts)},
        timestamp=made_at.replace(microsecond=0),
    )
    assert isinstance(drawn, bytes)  # noqa: S101 (without a file to write to it gives the bytes)
    return drawn
