"""Boxes that points further right put on a page: the page loads each by its URL."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Panel:
    """A fragment view, and the verb it needs to be worth asking for."""

    url_name: str
    verb: str


PANELS: dict[str, tuple[Panel, ...]] = {
    "ticket": (
        Panel("rca_panel", "response.view"),  # first: a known cause comes with what may be told and done
        Panel("clocks_panel", "control.view"),
        Panel("referrals_panel", "control.view"),
    ),
    # Beside the messages of a ticket: how the delivery of each goes, and undo.
    "conversation": (Panel("delivery_states", "response.view"),),
    # Below what a search found in tickets: what it finds elsewhere. Each is asked with the same `?q=`.
    "search": (Panel("case_search", "analysis.view"),),
}
