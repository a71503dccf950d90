"""What a page does with a form or a pressed button and the service behind it: done, or why not."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import BaseForm

from helpdesk.errors import DomainError
from helpdesk.http import PageRequest

STRANGER = (403, 404)  # answered as a page of their own, never beside a field


def done(form: BaseForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was right and the service did it; what it refuses stands at the field it is about."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except DomainError as error:
        refuse(form, error)
        return False
    return True


def refuse(form: BaseForm, error: DomainError, fields: Mapping[str, str] | None = None) -> None:
    """Say it at the field it is about (`fields`: where the form names one otherwise than the service), or above all."""
    if error.status in STRANGER:
        raise error
    field = (fields or {}).get(error.pointer, error.pointer)
    form.add_error(field if field in form.fields else None, error.detail)


def tried(request: PageRequest, act: Callable[[], object], said: str = "") -> None:
    """A button without a form: that it is done, or what is refused, is told on the next page."""
    try:
        act()
    except DomainError as error:
        if error.status in STRANGER:
            raise
        messages.error(request, error.detail)
    else:
        if said:
            messages.success(request, said)
