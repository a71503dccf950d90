import re
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apps.response.links.models import RELATIONS
from apps.response.models import Then
from helpdesk.models import Department, Direction, Message, Ticket

_NUMBER = re.compile(r"\s*#?\s*([1-9]\d{0,17})(?!\d)(?:\s|$)")


class LinkForm(forms.Form):
    """What this ticket is, and to which."""

    as_ = forms.ChoiceField(
        choices=[(one.name, one.label) for one in RELATIONS.values()], label=_("This ticket is")
    )
    other = forms.CharField(max_length=200, label=_("Ticket"))

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix(field_name.rstrip("_"))

    def number(self) -> int | None:
        """The number it begins with, as typed or as completed: "#4182 Charged twice"."""
        found = _NUMBER.match(self.cleaned_data["other"])
        return int(found[1]) if found else None


class MessagesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Message) -> str:
        words = " ".join(obj.body.split())
        return f"{date_format(obj.at, 'j M H:i')}, {obj.sender_name or obj.sender_email}: {words[:160]}"


class ChildForm(forms.Form):
    department = forms.ModelChoiceField(Department.objects.all(), label=_("For which department?"))
    subject = forms.CharField(max_length=500, label=_("Subject"))
    task = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000, label=_("What should they do?"),
        help_text=_("A note: the customer never reads it."),
    )  # fmt: skip
    messages = MessagesField(
        Message.objects.none(), widget=forms.CheckboxSelectMultiple, label=_("What the customer said"),
        help_text=_("It goes along with its files."),
    )  # fmt: skip

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = Message.objects.filter(ticket=ticket, direction=Direction.IN, withdrawn_at=None)
        self.fields["messages"].queryset = said.order_by("at", "pk")  # type: ignore[attr-defined]
        self.fields["department"].queryset = Department.objects.exclude(pk=ticket.department_id)  # type: ignore[attr-defined]


class AnswerChildrenForm(forms.Form):
    """What they read, and what becomes of their tickets."""

    body = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6}), max_length=200_000, label=_("What they read"),
        help_text=_("May hold fields: {{ customer_first }}, {{ number }}, {{ agent }}."),
    )  # fmt: skip
    then = forms.ChoiceField(choices=Then.choices, required=False, label=_("After it"))

    def chosen(self) -> list[int] | None:
        """The children that are ticked; None as long as nobody was asked."""
        numbers = self.data.getlist("children") if hasattr(self.data, "getlist") else []
        return (
            [int(one) for one in numbers if one.isdecimal() and len(one) < 19]
            if "shown" in self.data
            else None
        )
