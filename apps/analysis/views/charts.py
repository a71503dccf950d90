"""Charts as files: the picture as SVG and PNG, its numbers as CSV and XLSX, each at an address of its own."""

from django.http import Http404, HttpRequest, HttpResponse

from apps.analysis.export import Table
from apps.analysis.views.files import KINDS, as_download, download
from helpdesk.charts import Chart, as_file, as_png

PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


def as_chart_file(
    request: HttpRequest, chart: Chart | None, *, name: str, kind: str, source: str
) -> HttpResponse:
    """`source`: where its figures come from, written below the picture and behind each row. 404 for no chart, and for a
    kind there is none of."""
    if chart is None or kind not in (*KINDS, *PICTURES):
        raise Http404("There is no such picture, or nothing is counted in these days.")
    if kind in KINDS:
        columns, rows = chart.for_file
        return as_download(Table(name, columns, rows, source), kind)
    drawn = as_file(chart, foot=source, site=request.build_absolute_uri("/").rstrip("/"))
    content = drawn.encode() if kind == "svg" else as_png(drawn)
    return download(content, f"{name}.{kind}", PICTURES[kind])
