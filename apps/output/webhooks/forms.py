from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.output.webhooks.documents import offered_groups, offered_kinds
from apps.output.webhooks.models import EVERYTHING, Webhook
from helpdesk.models import Role, User


def _groups() -> list[tuple[str, str]]:
    said = {
        group: ", ".join(kind.partition(".")[2] for kind in kinds)
        for group, kinds in offered_groups().items()
    }
    return [
        (EVERYTHING, gettext("Everything")),
        *[(group, f"{group}: {kinds}") for group, kinds in said.items()],
    ]


class WebhookForm(forms.Form):
    """Where to tell what. Groups are ticked; single kinds are typed."""

    url = forms.CharField(
        max_length=500, label=_("Address"), widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Each message is a signed POST to it. Answer with 2xx within 10 seconds."),
    )  # fmt: skip
    description = forms.CharField(max_length=200, required=False, label=_("What is it for?"))
    groups = forms.MultipleChoiceField(
        choices=_groups, required=False, widget=forms.CheckboxSelectMultiple, label=_("It is told of")
    )
    single = forms.CharField(
        max_length=2_000, required=False, label=_("Or of single kinds"),
        help_text=_("case.judged action.moved, with blanks between them"),
    )  # fmt: skip
    sees_as = forms.ModelChoiceField(
        User.objects.none(), required=False, label=_("It may know what this one may know"), empty_label=_("Me"),
        help_text=_("An API client of a department hears of that department alone."),
    )  # fmt: skip

    def __init__(self, *args: Any, webhook: Webhook | None = None, **kwargs: Any) -> None:
        if webhook is not None:
            known = set(offered_groups()) | {EVERYTHING}
            kwargs["initial"] = {
                "url": webhook.url,
                "description": webhook.description,
                "groups": [kind for kind in webhook.kinds if kind in known],
                "single": " ".join(kind for kind in webhook.kinds if kind not in known),
            }
        super().__init__(*args, **kwargs)
        if webhook is not None:
            del self.fields["sees_as"]  # another user's eyes are another webhook
            return
        clients = User.objects.filter(role=Role.API_CLIENT, is_active=True).order_by("name", "pk")
        field = self.fields["sees_as"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (named so above)
        field.queryset = clients

    def clean_single(self) -> list[str]:
        kinds = str(self.cleaned_data["single"]).replace(",", " ").split()
        if unknown := sorted(set(kinds) - set(offered_kinds())):
            raise forms.ValidationError(
                gettext("There is no news of the kind %(unknown)s.") % {"unknown": ", ".join(unknown)}
            )
        return kinds

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = [*given.pop("groups", []), *given.pop("single", [])]
        if not chosen and not self.errors:
            self.add_error("groups", gettext("Choose what it is told of."))
        given["kinds"] = chosen
        return given
