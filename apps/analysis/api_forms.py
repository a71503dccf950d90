"""A form of the pages, filled in by a program: the same fields, and the same refusals."""

from typing import Any

from django.forms import Form
from rest_framework import serializers

from helpdesk.http import ApiRequest


def sent_fields(request: ApiRequest, form: type[Form]) -> dict[str, Any]:
    """What was sent, taken at its word: an object of known fields only. Raises ValidationError."""
    given = request.data
    if not isinstance(given, dict):
        raise serializers.ValidationError({"": ["Send a JSON object."]})
    if unknown := sorted(set(map(str, given)) - set(form.base_fields)):
        known = ", ".join(form.base_fields) or "none"
        raise serializers.ValidationError({name: [f"Unknown field. Known: {known}."] for name in unknown})
    if wrong := [name for name, value in given.items() if isinstance(value, list | dict)]:
        raise serializers.ValidationError({name: ["One plain value is expected."] for name in wrong})
    return dict(given)


def filled_in(form: Form) -> dict[str, Any]:
    """What a right form says. Raises ValidationError with the reason beside each field."""
    if not form.is_valid():
        raise serializers.ValidationError({name: list(map(str, said)) for name, said in form.errors.items()})
    return form.cleaned_data
