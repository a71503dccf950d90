"""What the pages of staff management do with a form and the service behind it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages

from helpdesk.errors import DomainError
from helpdesk.http import PageRequest


def done(
    request: PageRequest, form: forms.Form, act: Callable[[dict[str, Any]], Any], said: str = ""
) -> bool:
    """Whether the form was right and the service did it; what it refuses stands at the field it is about."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        return False
    if said:
        messages.success(request, said)
    return True


def tried(request: PageRequest, act: Callable[[], Any], said: str = "") -> None:
    """A button without a form: what is refused is told on the next page."""
    try:
        act()
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, error.detail)
    else:
        if said:
            messages.success(request, said)
