"""What pages need to say things shortly: initials, durations, money, shares; icons; the face of a clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils.formats import number_format
from django.utils.html import avoid_wrapping
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from lucide.templatetags.lucide import lucide

from helpdesk.marked import inside

register = template.Library()
register.filter("inside", inside)

Number = int | float | Decimal | str | None
NOTHING = "–"
NBSP = "\u00a0"


# --- numbers and words --------------------------------------------------------------------------------


def _rounded(value: Number, digits: int) -> Decimal | None:
    """Half up, as a person rounds; None for what is no number."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
        return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) if number.is_finite() else None
    except InvalidOperation:
        return None


@register.filter
def number(value: Number, digits: int = 0) -> str:
    """12345.6 -> 12,346"""
    rounded = _rounded(value, digits)
    return NOTHING if rounded is None else number_format(rounded, decimal_pos=digits, force_grouping=True)


@register.filter
def money(value: Number, digits: int = 0) -> str:
    """1180.4 -> $ 1,180, in German 1.180 $; the sign stands before both."""
    rounded = _rounded(value, digits)
    if rounded is None:
        return NOTHING
    sign = "−" if rounded < 0 else ""
    words = {"currency": settings.CURRENCY, "number": number(abs(rounded), digits)}
    return sign + _("%(currency)s\u00a0%(number)s") % words


_AGO: dict[str, Any] = {
    "year": ngettext_lazy("%(num)d year ago", "%(num)d years ago", "num"),
    "month": ngettext_lazy("%(num)d month ago", "%(num)d months ago", "num"),
    "week": ngettext_lazy("%(num)d week ago", "%(num)d weeks ago", "num"),
    "day": ngettext_lazy("%(num)d day ago", "%(num)d days ago", "num"),
    "hour": ngettext_lazy("%(num)d hour ago", "%(num)d hours ago", "num"),
    "minute": ngettext_lazy("%(num)d minute ago", "%(num)d minutes ago", "num"),
}


@register.filter
def ago(at: datetime) -> str:
    """In the largest unit that fits: "3 days ago", "vor 3 Tagen"; within the first minute "just now"."""
    said = timesince(at, time_strings=_AGO, depth=1)
    return _("just now") if said == avoid_wrapping(_AGO["minute"] % {"num": 0}) else said


@register.filter
def percentage(value: Number, digits: int = 0) -> str:
    """A share, .574 -> 57 %"""
    rounded = _rounded(value, digits + 2)
    return NOTHING if rounded is None else f"{number(rounded * 100, digits)}{NBSP}%"


@register.filter
def initials(name: str | None) -> str:
    """Mara Oyelaran -> MO; one name gives its first letter, no name a question mark."""
    words = [word for word in (name or "").replace("@", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


@register.filter
def short_duration(value: timedelta | float | None) -> str:
    """12 min, 3 h, 5 d. Minutes below 100, hours below 100: a working day is no fixed number of hours."""
    if value is None:
        return NOTHING
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    sign, minutes = ("−" if seconds < 0 else ""), int(abs(seconds) / 60 + 0.5)
    if minutes < 1:
        return f"<{NBSP}1{NBSP}{_('min')}"
    if minutes < 100:
        return f"{sign}{minutes}{NBSP}{_('min')}"
    if minutes < 100 * 60:
        return f"{sign}{int(minutes / 60 + 0.5)}{NBSP}{_('h')}"
    return f"{sign}{int(minutes / (24 * 60) + 0.5)}{NBSP}{_('d')}"


# --- states -------------------------------------------------------------------------------------------

TONES = {
    "new": "new",
    "open": "open",
    "waiting_customer": "wait",
    "waiting_owner": "loop",
    "on_hold": "wait",
    "solved": "ok",
    "closed": "",
    "satisfied": "ok",
    "mollified": "wait",
    "dissatisfied": "bad",
    "queued": "new",
    "held": "wait",
    "sent": "open",
    "delivered": "ok",
    "failed": "bad",
    "bounced": "bad",
    "effective": "ok",
    "partially-effective": "wait",
    "back-to-normal-only": "wait",
    "coding-changed": "wait",
    "ineffective": "bad",
    "inconclusive": "wait",
    "displaced": "bad",
    "worse": "bad",
    "regressed": "bad",
    "kept": "ok",
    "broken": "bad",
    # States in the company's own words name their tone themselves.
    "wait": "wait",
    "ok": "ok",
    "bad": "bad",
}


@register.filter
def tone(state: str | None) -> str:
    """The colour and shape of a pill for a state; states of the loop and unknown ones are plain."""
    return TONES.get(state or "", "")


@register.filter
def offered(tags: str) -> dict[str, str]:
    """What a toast offers beside its words: "undo:/there/ more:/there/", or the name of a draft that was sent."""
    named = dict(word.split(":", 1) for word in (tags or "").split() if word.startswith(("undo:", "more:")))
    return named or {"sent": tags or ""}


BANNER_ICONS = {
    "ok": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
    "loop": "refresh-cw",
    "note": "sticky-note",
}


@register.filter
def banner_icon(tone_of_banner: str) -> str:
    return BANNER_ICONS.get(tone_of_banner, "info")


LOOP_STATES = ("assess", "routed", "investigating", "planning", "fixing", "monitoring")
_SEGMENT, _GAP = 10, 2.4


@register.simple_tag
def loop_ring(state: str, *, lost: bool = False) -> SafeString:
    """The ring of a root-cause case: six arcs for six states, closed when the case is; red if it failed."""
    reached = len(LOOP_STATES) if state in ("closed", "proven") else -1
    if state in LOOP_STATES:
        reached = LOOP_STATES.index(state)
    arcs = []
    for index in range(len(LOOP_STATES)):
        css = "on" if index < reached else "now" if index == reached else ""
        if lost and css:
            css = "lost"
        arcs.append(
            f'<circle{f" class={css}" if css else ""} cx="12" cy="12" r="9" pathLength="60" '
            f'stroke-dasharray="{_SEGMENT - _GAP} {60 - _SEGMENT + _GAP}" '
            f'stroke-dashoffset="{-index * _SEGMENT}"/>'
        )
    return mark_safe(f'<svg viewBox="0 0 24 24" aria-hidden="true">{"".join(arcs)}</svg>')  # noqa: S308 - numbers only


# --- clocks -------------------------------------------------------------------------------------------

CLOCK_WORDS = {
    "overdue": gettext_lazy("overdue"), "soon": gettext_lazy("soon"), "paused": gettext_lazy("paused"),
    "met": gettext_lazy("met"),
}  # fmt: skip


@dataclass(frozen=True)
class ClockFace:
    """What a clock badge shows: state, text, and the share of the target that is left on the dial (0-100)."""

    state: str
    text: str
    share: int

    @property
    def runs(self) -> bool:
        return self.state not in ("paused", "met")

    @property
    def words(self) -> str:
        """Its colour and sign, read aloud; nothing where all is well."""
        return str(CLOCK_WORDS.get(self.state, ""))


@register.simple_tag
def clock_face(
    left: float | timedelta | None, target: float | timedelta | None, state: str = ""
) -> ClockFace:
    """`soon` is the last quarter of the target. A given state (paused, met) overrules the count."""
    left_s = left.total_seconds() if isinstance(left, timedelta) else float(left or 0)
    target_s = target.total_seconds() if isinstance(target, timedelta) else float(target or 0)
    if not state:
        state = "overdue" if left_s < 0 else "soon" if left_s <= target_s / 4 else "fine"
    share = round(100 * min(max(left_s / target_s, 0), 1)) if target_s else 0
    return ClockFace(state, short_duration(left_s), share)


@register.filter
def seconds(value: timedelta | float | None) -> int:
    """Whole seconds, for a data attribute."""
    return int(value.total_seconds() if isinstance(value, timedelta) else value or 0)


# --- icons and widgets --------------------------------------------------------------------------------

# These point somewhere, and point the other way where the text runs the other way.
_DIRECTED = (
    "arrow-left",
    "arrow-right",
    "chevron-left",
    "chevron-right",
    "log-out",
    "panel-",
    "reply",
    "send",
    "undo",
)


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, size: int = 16) -> SafeString:
    """A lucide icon; always decoration, the words beside it (or the button's label) say what it means."""
    css = "icon icon-flip" if name.startswith(_DIRECTED) else "icon"
    drawn = lucide(name, size=size, aria_hidden="true", **{"class": css})
    return mark_safe("".join(line.strip() for line in drawn.splitlines()))  # noqa: S308 - from the wheel


_PLAIN_INPUTS = (
    "password",
    "email",
    "number",
    "date",
    "datetime-local",
    "time",
    "file",
    "checkbox",
    "hidden",
)


_DASHES = "-" * 9  # what Django shows where nothing is chosen


@register.simple_tag
def widget(field: BoundField, **attributes: str) -> SafeString:
    """A form field's control; free text is `dir=auto`, for it may be in any script."""
    attrs: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attributes.items()}
    kind = getattr(field.field.widget, "input_type", "textarea")
    if kind not in (*_PLAIN_INPUTS, "radio", "select"):
        attrs.setdefault("dir", "auto")
    if getattr(field.field, "empty_label", None) == _DASHES:
        field.field.empty_label = NOTHING  # type: ignore[attr-defined]
    return field.as_widget(attrs=attrs)


@register.filter
def first_control(field: BoundField) -> str:
    """The id an error links to: the control itself, or the first of a group of choices."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """One box to tick: its label stands after it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset
