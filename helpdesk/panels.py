"""Which boxes of other points a page shows, for this person: read from `config/panels.py`."""

from dataclasses import dataclass
from importlib import import_module

from django.urls import reverse

from helpdesk.models import User
from helpdesk.permissions import may


@dataclass(frozen=True)
class Box:
    """A fragment to load, and the event in the page after which it is loaded again, if any."""

    url: str
    again: str


def boxes(page: str, *, user: User, **kwargs: object) -> list[Box]:
    """The fragments to load, in order."""
    panels = import_module("config.panels").PANELS[page]
    return [
        Box(reverse(panel.url_name, kwargs=kwargs), panel.again) for panel in panels if may(user, panel.verb)
    ]


def urls(page: str, *, user: User, **kwargs: object) -> list[str]:
    """The addresses of the fragments to load, in order."""
    return [box.url for box in boxes(page, user=user, **kwargs)]
