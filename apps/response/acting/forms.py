"""Acts as a form: each field left alone does nothing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.intake.custom_fields.checking import definitions
from apps.intake.custom_fields.forms import PREFIX, add_fields, values_in
from apps.response.acting.act import Act
from apps.response.acting.kinds import Kind, kinds, names_for, read_acts
from apps.response.acting.nouns import FIELD, ME
from helpdesk.custom_fields import texts
from helpdesk.errors import Invalid
from helpdesk.models import User
from helpdesk.permissions import may

FIELDS = {"state": _("State")}  # several acts of which one is chosen


class ActsForm(forms.Form):
    """What is to be done to tickets; `acts` gives it as data. Offers what this person's role may do."""

    def __init__(
        self,
        *args: Any,
        user: User,
        acts: Iterable[Act] = (),
        alone: bool = False,
        ruled: bool = False,
        needed: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.alone, self.ruled, self.needed = alone, ruled, needed
        names = names_for(alone=alone, ruled=ruled)
        self.kinds = {name: kinds()[name] for name in names if may(user, kinds()[name].verb)}
        for name, kind in self.kinds.items():
            self._ask(name, kind)
        self._fill(acts)

    def _ask(self, name: str, kind: Kind) -> None:
        if kind.noun is FIELD:
            add_fields(self, (one for one in definitions() if not one.is_retired), {})
            return
        if kind.options is None:
            self.fields[name] = _typed(kind)
            return
        field = self.fields.setdefault(
            kind.field or name,
            forms.ChoiceField(choices=[("", "—")], required=False, label=FIELDS.get(kind.field, kind.label)),
        )
        # A rule is nobody: it has no "me".
        own = [
            (f"{name}:{value}", label) for value, label in kind.options() if not (self.ruled and value == ME)
        ]
        field.choices = [*field.choices, *own]  # type: ignore[attr-defined]

    def _fill(self, acts: Iterable[Act]) -> None:
        for act in acts:
            kind, value = kinds()[act.name], "" if act.value is None else str(act.value)
            if isinstance(act.value, tuple):
                self.initial.update({PREFIX + key: _shown(one) for key, one in act.value})
            elif kind.options is None:
                kept = self.initial.get(act.name)
                self.initial[act.name] = f"{kept}, {value}" if kept and kind.several else value
            else:
                self.initial[kind.field or act.name] = f"{act.name}:{value}"

    def clean(self) -> dict[str, Any]:
        given: list[dict[str, Any]] = []
        if filled := {key: value for key, value in values_in(self).items() if value not in (None, "", [])}:
            given.append({"act": "fill", "value": filled})
        for name, value in self.cleaned_data.items():
            given += self._given(name, value) if value and not name.startswith(PREFIX) else []
        self.acts: tuple[Act, ...] = ()
        if not given and not self.errors and self.needed:
            raise forms.ValidationError(_("Choose what to do."))
        if given and not self.errors:
            try:
                self.acts = read_acts(given, alone=self.alone, ruled=self.ruled)
            except Invalid as error:
                place = error.pointer.split("/")
                name = str(given[int(place[1])]["act"]) if len(place) > 1 else ""
                field = kinds()[name].field or name if name in kinds() else ""
                self.add_error(field if field in self.fields else None, error.detail)
        return self.cleaned_data

    def _given(self, name: str, value: str) -> list[dict[str, Any]]:
        kind = kinds().get(name)
        if kind is not None and kind.options is None:
            parts = [part.strip() for part in value.split(",") if part.strip()] if kind.several else [value]
            return [{"act": name, "value": part} for part in parts]
        act, _colon, chosen = value.partition(":")
        plain = int(chosen) if chosen.isdecimal() else chosen or None
        return [{"act": act, "value": plain}]


def _shown(value: Any) -> Any:
    """A value as its control has it."""
    return list(value) if isinstance(value, tuple) else next(iter(texts(value)), "")


def _typed(kind: Kind) -> forms.Field:
    long = kind in (kinds()["note"], kinds()["notify"])
    widget = forms.Textarea(attrs={"rows": 2}) if long else forms.TextInput()
    return forms.CharField(required=False, label=kind.label, max_length=2_000, widget=widget)
