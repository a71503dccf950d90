"""Which boxes of other points a page shows, for this person: read from `config/panels.py`."""

from importlib import import_module

from django.urls import reverse

from helpdesk.models import User
from helpdesk.permissions import may


def urls(page: str, *, user: User, **kwargs: object) -> list[str]:
    """The addresses of the fragments to load, in order."""
    panels = import_module("config.panels").PANELS[page]
    return [reverse(panel.url_name, kwargs=kwargs) for panel in panels if may(user, panel.verb)]
