"""What people enter into the calendar: one thing that happened, or a table of them."""

import csv
from io import StringIO
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis.forms import day as a_day
from apps.analysis.models import EntryKind
from apps.analysis.services import EntryRow
from helpdesk.models import Product

NEEDED = ("kind", "day", "words")
COLUMNS = ("kind", "day", "until", "product", "region", "words")
LARGEST = 1_000_000  # bytes: ten thousand rows


class CalendarEntryForm(forms.Form):
    kind = forms.ChoiceField(choices=EntryKind.choices, label=_("What kind"))
    day = a_day(_("On"))
    until = a_day(_("Until"), required=False)
    words = forms.CharField(max_length=200, label=_("What happened"))
    product = forms.ModelChoiceField(
        Product.objects.all(), required=False, label=_("Only this product"), empty_label=_("Every product")
    )
    region = forms.CharField(max_length=60, required=False, label=_("Only this region"))


class CalendarFileForm(forms.Form):
    file = forms.FileField(
        label=_("Table"),
        help_text=_(
            "CSV with the columns kind, day (2026-05-31) and words; if known until, product (its "
            "code), region."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> list[EntryRow]:
        """The rows as they stand there; what is wrong with each is the service's to say."""
        sent: Any = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise forms.ValidationError(gettext("At most a megabyte at a time."))
        try:
            table = csv.DictReader(StringIO(sent.read().decode("utf-8-sig"), newline=""))
            missing = set(NEEDED) - set(table.fieldnames or ())
            if missing:
                raise forms.ValidationError(
                    gettext("The first line lacks the columns %(missing)s.")
                    % {"missing": ", ".join(sorted(missing))}
                )
            return [
                EntryRow(table.line_num, *((row.get(name) or "").strip() for name in COLUMNS))
                for row in table
            ]
        except (UnicodeDecodeError, csv.Error) as error:
            raise forms.ValidationError(
                gettext("The file can't be read: %(error)s") % {"error": error}
            ) from error
