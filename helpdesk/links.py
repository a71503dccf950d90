"""Addresses for mail, where there is no request to ask."""

from django.conf import settings
from django.urls import reverse


def absolute(url_name: str, **kwargs: object) -> str:
    """The full address of a page: absolute("ticket", number=12)."""
    site: str = settings.SITE_URL
    return site.rstrip("/") + reverse(url_name, kwargs=kwargs)


def on_site(path: str) -> str:
    """The full address of a path on this desk: on_site("/t/12/")."""
    site: str = settings.SITE_URL
    return site.rstrip("/") + path
