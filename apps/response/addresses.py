"""Addresses as people type them. Pure."""

from collections.abc import Iterable
from email.utils import getaddresses


def addresses_in(typed: Iterable[str]) -> list[str]:
    """What people type, or paste from a mail program, one address each, in small letters and once. Not yet checked."""
    lines = [one.replace(";", ",").replace("\n", ",").replace("\0", "") for one in typed]
    found = (email.strip().lower() for _name, email in getaddresses(lines))
    return list(dict.fromkeys(email for email in found if email))
