"""The light colours of the marks, for pictures that leave the page (mail, PDF, file).

A mail knows no stylesheet, so the classes are replaced by presentation attributes. The hexadecimal values are
the light halves of static/css/tokens.css; a test converts the tokens and compares.
"""

import re

TOKENS = {
    "surface": "#ffffff",
    "sunken": "#f1f2f6",
    "border": "#dbdee3",
    "control": "#7e838d",
    "text": "#151a22",
    "text-2": "#464c56",
    "text-3": "#5e636e",
    "accent-soft": "#ebf0fd",
    "loop": "#006f6f",
    "danger": "#b92323",
    "series-1": "#5078e5",
    "series-2": "#ac6820",
    "series-3": "#9558a3",
    "series-quiet": "#848993",
}
FONT = "Inter, system-ui, Helvetica, Arial, sans-serif"

_T = TOKENS
_LINE = {"fill": "none", "stroke-linejoin": "round"}
ATTRIBUTES: dict[str, dict[str, str]] = {
    "ch-text": {"fill": _T["text-2"], "font-size": "12"},
    "ch-tick": {"fill": _T["text-3"], "font-size": "11"},
    "ch-strong": {"fill": _T["text"], "font-size": "12", "font-weight": "600"},
    "ch-grid": {"stroke": _T["border"]},
    "ch-base": {"stroke": _T["control"]},
    "ch-bar": {"fill": _T["series-1"]},
    "ch-bar-quiet": {"fill": _T["series-quiet"]},
    "ch-bar-loop": {"fill": _T["loop"]},
    "ch-bar-bad": {"fill": _T["danger"]},
    "ch-bar-uncoded": {"fill": _T["sunken"], "stroke": _T["control"], "stroke-dasharray": "3 3"},
    "ch-line": {**_LINE, "stroke": _T["series-1"], "stroke-width": "2"},
    "ch-line-2": {**_LINE, "stroke": _T["series-2"], "stroke-width": "2", "stroke-dasharray": "6 3"},
    "ch-line-3": {**_LINE, "stroke": _T["series-3"], "stroke-width": "2", "stroke-dasharray": "2 3"},
    "ch-line-quiet": {**_LINE, "stroke": _T["series-quiet"], "stroke-width": "1.5"},
    "ch-point": {"fill": _T["series-1"]},
    "ch-point-2": {"fill": _T["series-2"]},
    "ch-point-3": {"fill": _T["series-3"]},
    "ch-point-up": {"fill": _T["danger"], "stroke": _T["surface"]},
    "ch-point-down": {"fill": _T["loop"], "stroke": _T["surface"]},
    "ch-zone": {"fill": _T["accent-soft"]},
    "ch-limit": {"stroke": _T["text-3"], "stroke-dasharray": "4 4"},
    "ch-mean": {"stroke": _T["text-2"], "stroke-width": "1.5"},
    "ch-open": {"fill": "none"},
    "ch-action": {"stroke": _T["loop"], "stroke-width": "1.5"},
    "ch-action-text": {"fill": _T["loop"], "font-size": "12", "font-weight": "600"},
    "ch-event": {"stroke": _T["text-3"], "stroke-dasharray": "2 3"},
    "ch-event-text": {"fill": _T["text-3"], "font-size": "11"},
    "ch-detect": {"fill": _T["danger"]},
    "ch-detect-text": {"fill": _T["danger"], "font-size": "11", "font-weight": "600"},
    "ch-range": {"stroke": _T["text"], "stroke-width": "1.5"},
    "ch-break": {"stroke": _T["surface"], "stroke-width": "4"},
    "ch-hit": {"fill": "none"},
}
_CLASS = re.compile(r' class="([a-z0-9 -]+)"')


def with_light_colours(svg: str) -> str:
    """The same drawing with attributes in place of classes. Only our own SVG is fed to it."""

    def attributes(match: re.Match[str]) -> str:
        found = {name: value for css in match[1].split() for name, value in ATTRIBUTES.get(css, {}).items()}
        return "".join(f' {name}="{value}"' for name, value in found.items())

    return _CLASS.sub(attributes, svg)
