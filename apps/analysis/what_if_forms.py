"""Trying numbers out on the analysis page, and keeping them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis import what_if
from apps.analysis.forms import day
from apps.analysis.models import Assumption, Parameter
from apps.analysis.what_if import TRIED, Supposed
from helpdesk.numbers import Amount

ENDS = {"low": "lowest", "likely": "likely", "high": "highest"}


@dataclass(frozen=True)
class Lever:
    """A row of the form: the number, what is kept, and its three fields."""

    name: str
    kept: Assumption | None
    fields: tuple[forms.BoundField, ...]
    is_tried: bool


class WhatIfForm(forms.Form):
    """Low, likely and high of each number that can be tried out; what is left empty is as kept."""

    def __init__(
        self, *args: Any, kept: Mapping[str, Assumption], supposed: tuple[Supposed, ...] = (), **kwargs: Any
    ) -> None:
        self.kept, self.supposed = kept, {one.parameter: one for one in supposed}
        super().__init__(*args, **{"auto_id": "try-%s"} | kwargs)
        for name in TRIED:
            for end, words in ENDS.items():
                shown = self.supposed.get(name) or kept.get(name)
                label = f"{Parameter(name).label}, {words}"
                self.fields[f"{name}_{end}"] = Amount(
                    required=False, min_value=0, max_digits=14, decimal_places=4, label=label,
                    initial=what_if.plain(getattr(shown, end)) if shown else None,
                    widget=forms.NumberInput(attrs={"aria-label": label, "step": "any", "class": "input-narrow"}),
                )  # fmt: skip

    @staticmethod
    def is_sent(words: Mapping[str, str]) -> bool:
        return any(f"{name}_likely" in words for name in TRIED)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.found = [one for name in TRIED if (one := self._one(name, given)) is not None]
        return given

    def _one(self, name: str, given: Mapping[str, Decimal | None]) -> Supposed | None:
        ends = [given.get(f"{name}_{end}") for end in ENDS]
        if any(f"{name}_{end}" in self.errors for end in ENDS) or not any(end is not None for end in ends):
            return None
        low, likely, high = ends
        if low is None or likely is None or high is None:
            self.add_error(
                f"{name}_likely",
                gettext("%(label)s: give all three, or none.") % {"label": Parameter(name).label},
            )
            return None
        try:
            return Supposed(name, low, likely, high)
        except ValueError as error:
            self.add_error(f"{name}_likely", f"{Parameter(name).label}: {error}")
            return None

    @property
    def written(self) -> str:
        """What differs from the kept numbers, as an address has it; of a form that is right."""
        kept = {name: (row.low, row.likely, row.high) for name, row in self.kept.items()}
        return what_if.written(what_if.changed(self.found, kept))

    @property
    def levers(self) -> Iterator[Lever]:
        for name in TRIED:
            fields = tuple(self[f"{name}_{end}"] for end in ENDS)
            yield Lever(str(Parameter(name).label), self.kept.get(name), fields, name in self.supposed)


class KeepForm(forms.Form):
    """Where numbers that were tried out come from."""

    source = forms.CharField(max_length=250, label=_("Source"))
    dated_on = day(_("Measured on"))
