from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.response.macros.services import SHARE
from apps.response.models import Macro
from helpdesk.models import User
from helpdesk.permissions import may

SHARED, OWN = "shared", "own"


class MacroForm(forms.ModelForm):
    """The words of a macro; what it does is asked by `ActsForm`."""

    sharing = forms.ChoiceField(
        choices=[(SHARED, _("The company, or one department")), (OWN, _("Me alone"))], label=_("Who uses it")
    )

    class Meta:
        model = Macro
        fields = ("name", "body", "then", "department", "is_active")
        labels = {
            "name": _("Name"), "body": _("Answer"), "then": _("After it"), "department": _("Department"),
            "is_active": _("In use"),
        }  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].empty_label = _("All departments")  # type: ignore[attr-defined]
        own = self.instance.owner_id is not None
        self.fields["sharing"].initial = OWN if own or not may(user, SHARE) else SHARED
        if not may(user, SHARE):
            self.fields["sharing"].choices = [(OWN, _("Me alone"))]  # type: ignore[attr-defined]
            del self.fields["department"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["is_own"] = given.pop("sharing", SHARED) == OWN
        return given

    def validate_unique(self) -> None:
        """The service says it, to programs too."""
