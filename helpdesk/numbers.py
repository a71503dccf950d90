"""Fields for numbers that say in plain words how one is written, and within which bounds."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

_BOUNDS = {"min_value": _("Give %(limit_value)s or more."), "max_value": _("Give %(limit_value)s or less.")}


class WholeNumber(forms.IntegerField):
    default_error_messages: ClassVar[dict[str, Any]] = _BOUNDS | {
        "invalid": _("Write a whole number in digits, like 12.")
    }


class Number(forms.FloatField):
    default_error_messages: ClassVar[dict[str, Any]] = _BOUNDS | {
        "invalid": _("Write a number in digits, like 12 or 2.5.")
    }


class Amount(forms.DecimalField):
    default_error_messages: ClassVar[dict[str, Any]] = _BOUNDS | {
        "invalid": _("Write an amount in digits, like 12 or 24.90."),
        "max_digits": _("That is too long: write %(max)s digits or fewer."),
        "max_decimal_places": _("Write %(max)s digits or fewer after the point."),
        "max_whole_digits": _("That is too much: write %(max)s digits or fewer before the point."),
    }
