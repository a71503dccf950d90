"""Boxes that points further right put on a page: the page loads each by its URL."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Panel:
    """A fragment view, and the verb it needs to be worth asking for."""

    url_name: str
    verb: str


PANELS: dict[str, tuple[Panel, ...]] = {
    "ticket": (
        Panel("clocks_panel", "control.view"),
        Panel("referrals_panel", "control.view"),
    ),
}
