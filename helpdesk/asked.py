"""Asking points further right about tickets without knowing them: see `config/asked.py`."""

from datetime import datetime
from importlib import import_module

from django.db.models import Q
from django.utils.module_loading import import_string

from helpdesk.models import Ticket


def tickets_with(word: str, value: str, *, at: datetime) -> Q:
    """The tickets that a word of the search box means."""
    found: Q = import_string(import_module("config.asked").CONDITIONS[word])(value, at=at)
    return found


def request_facts(ticket: Ticket) -> list[tuple[str, str]]:
    """What else the customer reads on the page of their request: labels, and what stands beside each."""
    functions = import_module("config.asked").REQUEST_FACTS
    return [fact for name in functions for fact in import_string(name)(ticket)]
