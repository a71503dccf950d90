"""What every chart is: a caption, a picture, and the table that says the same in words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helpdesk.charts import palette

Format = Callable[[float], str]
Value = str | float | None  # in a file numbers stay numbers
WIDTH = 480


def plain(value: float) -> str:
    """A number with the separators of the reader's language, decimals only where there are any."""
    return number_format(
        round(value, 1), decimal_pos=0 if round(value, 1) % 1 == 0 else 1, force_grouping=True
    )


@dataclass(frozen=True)
class Caption:
    """What stands above a chart: the finding as title; measure, n and period as subtitle."""

    title: str
    measure: str
    n: int | None = None
    period: str = ""

    @property
    def subtitle(self) -> str:
        counted = _("n = %(n)s") % {"n": plain(self.n)} if self.n is not None else ""
        return " · ".join(part for part in (self.measure, counted, self.period) if part)


@dataclass(frozen=True)
class Chart:
    """A drawn chart: the SVG for the page, and columns and rows for its table and CSV."""

    caption: Caption
    svg: SafeString
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    key: tuple[str, ...] = ()
    # The same table for a file, where it has more digits or columns; empty: as on the page.
    columns_of_file: tuple[str, ...] = ()
    rows_of_file: tuple[tuple[Value, ...], ...] = ()

    @property
    def for_file(self) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]:
        """Columns and rows for a spreadsheet."""
        return self.columns_of_file or self.columns, self.rows_of_file or self.rows

    @property
    def title(self) -> str:
        return self.caption.title

    @property
    def subtitle(self) -> str:
        return self.caption.subtitle

    def standalone(self) -> SafeString:
        """The same picture with the light colours inside, for a mail, a PDF or a file."""
        return mark_safe(palette.with_light_colours(self.svg))  # noqa: S308 - our own drawing


@dataclass(frozen=True)
class Frame:
    """The plotting area inside the picture, in SVG units from the top left corner."""

    width: float
    height: float
    left: float = 40
    right: float = 12
    top: float = 22
    bottom: float = 24

    @property
    def x_end(self) -> float:
        return self.width - self.right

    @property
    def y_end(self) -> float:
        return self.height - self.bottom


def picture(*, title: str, body: str, width: float, height: float, linked: bool) -> SafeString:
    """The svg element. With links inside it is a group: an image would hide its links from a screen reader.

    Direction is fixed: time runs left to right in every language, and `text-anchor` would flip otherwise.
    """
    small = ' class="ch-small"' if width < 460 else ' class="ch-wide"' if width > 600 else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="{"group" if linked else "img"}" aria-label="{escape(title)}" '
        f'direction="ltr" font-family="{palette.FONT}"{small}>'
    )
    return mark_safe(f"{head}<title>{escape(title)}</title>{body}</svg>")  # noqa: S308 - escaped here and in svg.py
