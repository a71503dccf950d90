"""Charts as server-rendered SVG: dataclasses in, a `Chart` out.

A chart's title is its finding and its subtitle says measure, n and period. Marks carry classes, the page's
tokens give them colour; `Chart.standalone()` gives the same picture the light colours for a mail or a PDF, and
`as_file` puts its words around it.
Every chart carries its table, and a mark with a URL opens the tickets behind it.
"""

from helpdesk.charts.band import BandPoint, draw_band
from helpdesk.charts.bars import Bar, draw_bars
from helpdesk.charts.chart import Caption, Chart
from helpdesk.charts.control_chart import ControlPoint, Era, Usual, draw_control_chart
from helpdesk.charts.cumulative import SumPoint, draw_cumulative
from helpdesk.charts.file import as_file
from helpdesk.charts.fishbone import Bone, Twig, draw_fishbone
from helpdesk.charts.lines import Line, LinePoint, draw_lines
from helpdesk.charts.marks import Mark
from helpdesk.charts.pareto import Cause, draw_pareto
from helpdesk.charts.png import as_png
from helpdesk.charts.sparkline import draw_sparkline
from helpdesk.charts.waterfall import Step, draw_waterfall

__all__ = [
    "BandPoint",
    "Bar",
    "Bone",
    "Caption",
    "Cause",
    "Chart",
    "ControlPoint",
    "Era",
    "Line",
    "LinePoint",
    "Mark",
    "Step",
    "SumPoint",
    "Twig",
    "Usual",
    "as_file",
    "as_png",
    "draw_band",
    "draw_bars",
    "draw_control_chart",
    "draw_cumulative",
    "draw_fishbone",
    "draw_lines",
    "draw_pareto",
    "draw_sparkline",
    "draw_waterfall",
]
