"""Fishbone (cause and effect, after Ishikawa 1968): causes on bones by category, all leading to one effect.

The same rows as a tree of whys, seen by kind instead of by depth: an empty bone is a question nobody has asked yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.charts import svg
from helpdesk.charts.chart import Caption, Chart, picture
from helpdesk.charts.scale import text_width

_COLUMN, _SLANT, _HEAD = 236.0, 46.0, 150.0
_LINE, _LABEL = 20.0, 24.0
_CSS = {"verified": "ch-strong", "refuted": "ch-tick"}
_SIGN = {"verified": "✓ ", "refuted": "✗ ", "testing": "? "}


@dataclass(frozen=True)
class Twig:
    """One cause: `depth` is how many whys down it stands, `state` one of hypothesis, testing, verified, refuted."""

    text: str
    state: str
    state_label: str
    depth: int = 0
    url: str = ""


@dataclass(frozen=True)
class Bone:
    """One category, with its causes."""

    label: str
    twigs: tuple[Twig, ...]


def draw_fishbone(caption: Caption, effect: str, bones: Sequence[Bone]) -> Chart:
    """Half of the bones above the spine, half below, the effect at its head; the table says the same in words."""
    columns = -(-len(bones) // 2)
    upper, lower = bones[:columns], bones[columns:]
    above, below = (_LABEL + _LINE * max(1, *(len(bone.twigs) for bone in half)) for half in (upper, lower))
    spine, width = 8 + above, _COLUMN * columns + _HEAD
    height = spine + below + 8
    body = svg.line(8, spine, width - _HEAD, spine, "ch-base")
    for n, bone in enumerate(upper):
        body += _bone(bone, _COLUMN * n, spine - above, spine)
    for n, bone in enumerate(lower):
        body += _bone(bone, _COLUMN * n, spine + below, spine)
    body += _head(effect, width - _HEAD, spine)
    twigs = [twig for bone in bones for twig in bone.twigs]
    title = f"{caption.title}. {caption.subtitle}"
    return Chart(
        caption,
        picture(title=title, body=body, width=width, height=height, linked=any(twig.url for twig in twigs)),
        (_("Kind"), _("Cause"), _("State")),
        tuple(row for bone in bones for row in _rows(bone)),
        key=(_("✓ verified"), _("✗ refuted"), _("? being tested"), _("› answers the why of another")),
    )


def _bone(bone: Bone, left: float, outer: float, spine: float) -> str:
    """From its label at the outer edge, slanting to the spine; its causes stand before it, one below the other."""
    tip, foot = left + _COLUMN - _SLANT - 6, left + _COLUMN - 6
    is_upper = outer < spine
    drawn = svg.line(tip, outer + (_LABEL - 6 if is_upper else 6 - _LABEL), foot, spine, "ch-base")
    drawn += svg.text(bone.label, tip, outer + (10 if is_upper else -2), "ch-strong", anchor="end")
    for n, twig in enumerate(bone.twigs):
        step = _LABEL + _LINE * n + _LINE / 2
        y = outer + step if is_upper else outer - step
        x = tip + (foot - tip) * min(step / abs(spine - outer), 1.0)
        drawn += _twig(twig, left + 10, x, y)
    return drawn


def _twig(twig: Twig, left: float, right: float, y: float) -> str:
    words = f"{'› ' * min(twig.depth, 3)}{_SIGN.get(twig.state, '')}{twig.text}"
    drawn = svg.line(left, y + 4, right, y + 4, "ch-grid")
    drawn += svg.text(_cut(words, right - left - 6), left, y, _CSS.get(twig.state, "ch-text"))
    return svg.mark(f"{twig.text} ({twig.state_label})", drawn, twig.url)


def _head(effect: str, left: float, spine: float) -> str:
    drawn = svg.element("path", "ch-zone", d=f"M{svg.place(left)} {svg.place(spine - 22)}h{svg.place(_HEAD - 22)}"
                        f"l18 22l-18 22h-{svg.place(_HEAD - 22)}z")  # fmt: skip
    return svg.mark(effect, drawn + svg.text(_cut(effect, _HEAD - 26), left + 6, spine + 4, "ch-strong"))


def _rows(bone: Bone) -> list[tuple[str, ...]]:
    if not bone.twigs:
        return [(bone.label, _("nothing named"), "–")]
    return [(bone.label, f"{'› ' * twig.depth}{twig.text}", twig.state_label) for twig in bone.twigs]


def _cut(words: str, room: float) -> str:
    if text_width(words) <= room:
        return words
    while words and text_width(words + "…") > room:
        words = words[:-1]
    return words.rstrip() + "…"
