"""What leads fill in about hours, days off and promises of time."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apps.control import calendars
from apps.control.models import Calendar, Clock, Rung, ServicePolicy
from apps.control.services.policies import LONGEST, MOST_TIMES, PAUSES, PROMISES, TOLD_ROLES, Terms
from helpdesk.models import Channel, Customer, Department, Issue, Role, Severity, Status, Ticket, User
from helpdesk.numbers import WholeNumber
from helpdesk.permissions import may

MOMENT = "%Y-%m-%dT%H:%M"
MOST_BYTES = 1_000_000
ONE_PROMISE = 480
# The rest of the database are other names of the same zones.
CONTINENTS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip
HOURS = _("Like 09:00-12:30 13:30-18:00; 22:00-06:00 goes on into the next day. Empty: nobody is there.")


def zones() -> list[tuple[str, str]]:
    places = sorted(
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
    )
    return [(zone, zone) for zone in ("UTC", *places)]


class CalendarForm(forms.Form):
    name = forms.CharField(max_length=80, label=_("Name"))
    time_zone = forms.ChoiceField(choices=zones, label=_("Time zone"), initial="UTC")
    monday = forms.CharField(
        max_length=80, required=False, label=_("Monday"), initial="09:00-17:00", help_text=HOURS
    )
    tuesday = forms.CharField(max_length=80, required=False, label=_("Tuesday"), initial="09:00-17:00")
    wednesday = forms.CharField(max_length=80, required=False, label=_("Wednesday"), initial="09:00-17:00")
    thursday = forms.CharField(max_length=80, required=False, label=_("Thursday"), initial="09:00-17:00")
    friday = forms.CharField(max_length=80, required=False, label=_("Friday"), initial="09:00-17:00")
    saturday = forms.CharField(max_length=80, required=False, label=_("Saturday"))
    sunday = forms.CharField(max_length=80, required=False, label=_("Sunday"))
    country = forms.ChoiceField(
        choices=lambda: [("", _("No public holidays")), *calendars.countries()],
        required=False,
        label=_("Public holidays of"),
    )
    subdivision = forms.CharField(
        max_length=10,
        required=False,
        label=_("Part of the country"),
        help_text=_("Its code, like BY for Bavaria."),
    )

    def values(self) -> dict[str, Any]:
        """As the service wants them."""
        given = dict(self.cleaned_data)
        week = [given.pop(day.lower(), "") for day in calendars.WEEKDAYS]
        return {"name": "", "time_zone": "UTC", "country": "", "subdivision": ""} | given | {"week": week}

    @staticmethod
    def of(calendar: Calendar) -> dict[str, Any]:
        """What the form shows of a calendar."""
        days = {day.lower(): calendar.week[n] for n, day in enumerate(calendars.WEEKDAYS)}
        return {
            "name": calendar.name, "time_zone": calendar.time_zone, "country": calendar.country,
            "subdivision": calendar.subdivision, **days,
        }  # fmt: skip


class TryForm(forms.Form):
    """A moment at which a ticket comes in; in the time zone of the calendar that is tried."""

    start = forms.DateTimeField(
        required=False,
        label=_("A ticket that comes in"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        input_formats=[MOMENT],
        help_text=_("Empty: next Friday afternoon, tonight, and the day before a holiday."),
    )
    minutes = WholeNumber(
        min_value=0,
        max_value=100_000,
        required=False,
        initial=ONE_PROMISE,
        label=_("Promised working minutes"),
    )

    def moment(self, zone: str) -> datetime | None:
        """The wall time that was typed is that of the calendar, not that of the server."""
        start = self.cleaned_data.get("start") if self.is_valid() else None
        return start.replace(tzinfo=ZoneInfo(zone)) if start else None


class DaysOffForm(forms.Form):
    file = forms.FileField(required=False, label=_("Calendar file (.ics)"))
    text = forms.CharField(
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        label=_("Or paste it"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        upload = given.get("file")
        if isinstance(upload, UploadedFile):
            if (upload.size or 0) > MOST_BYTES:
                raise forms.ValidationError(_("The file is larger than 1 MB."))
            given["text"] = upload.read().decode("utf-8", errors="replace").replace("\0", "")
        if not self.errors and not given.get("text", "").strip():
            raise forms.ValidationError(_("Choose a file, or paste what is in it."))
        return given


class OneDayOffForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(max_length=120, required=False, label=_("What for"))


def _minutes(label: Any) -> WholeNumber:
    return WholeNumber(min_value=0, max_value=LONGEST, required=False, label=label)


class PolicyForm(forms.Form):
    name = forms.CharField(max_length=80, label=_("Name"))
    calendar = forms.ModelChoiceField(Calendar.objects.all(), empty_label=None, label=_("Calendar"))
    department = forms.ModelChoiceField(
        Department.objects.all(), required=False, empty_label=_("Every department"), label=_("Department")
    )
    issue = forms.ModelChoiceField(
        Issue.objects.filter(valid_to=None),
        required=False,
        empty_label=_("Every issue"),
        label=_("Issue and all below"),
    )
    severity = forms.TypedChoiceField(
        choices=[("", _("Every severity")), *Severity.choices], coerce=int, empty_value=None, required=False,
        label=_("Severity"),
    )  # fmt: skip
    channel = forms.ChoiceField(
        choices=[("", _("Every channel")), *Channel.choices], required=False, label=_("Channel")
    )
    segment = forms.CharField(max_length=60, required=False, label=_("Segment of customers"))
    organisation = forms.CharField(max_length=200, required=False, label=_("Organisation"))
    customer = forms.EmailField(required=False, label=_("One customer, by e-mail address"))
    acknowledge_minutes = _minutes(_("Acknowledge"))
    first_reply_minutes = _minutes(_("First reply"))
    next_reply_minutes = _minutes(_("Next reply, when the customer wrote again"))
    next_update_minutes = _minutes(_("News, while it waits for an owner, again and again"))
    resolve_minutes = _minutes(_("Resolve"))
    referral_minutes = _minutes(_("A department's answer to a referral"))
    pauses_on = forms.MultipleChoiceField(
        choices=[(status.value, status.label) for status in PAUSES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=[Status.WAITING_CUSTOMER.value],
        label=_("Clocks rest while a ticket is"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["department"]
        if isinstance(own, forms.ModelChoiceField) and not may(user, "helpdesk.configure"):
            own.queryset, own.required, own.empty_label = Department.objects.filter(members=user), True, None

    def clean_customer(self) -> Customer | None:
        return customer_by(self.cleaned_data["customer"])

    def terms(self) -> Terms:
        """As the service wants them."""
        return Terms(**self.cleaned_data)

    @staticmethod
    def of(policy: ServicePolicy) -> dict[str, Any]:
        """What the form shows of a policy."""
        names = ("name", "calendar", "department", "issue", "severity", "channel", "segment", "organisation",
                 "pauses_on", *PROMISES)  # fmt: skip
        shown = {name: getattr(policy, name) for name in names}
        return shown | {"customer": policy.customer.email if policy.customer else ""}


def customer_by(address: str) -> Customer | None:
    """The customer of an address that was typed; none for an empty one. Raises ValidationError."""
    if not address.strip():
        return None
    found = Customer.objects.filter(email=address.strip().lower()).first()
    if found is None:
        raise forms.ValidationError(_("Nobody is known by this address."))
    return found


class RungForm(forms.Form):
    after_minutes = WholeNumber(
        min_value=0, max_value=LONGEST, initial=0, label=_("Working minutes after the breach")
    )
    tell = forms.ChoiceField(choices=Rung.Tell.choices, label=_("Tell"))
    person = forms.ModelChoiceField(
        User.objects.filter(is_active=True, role__in=TOLD_ROLES).order_by("name"),
        required=False,
        label=_("Which person"),
    )
    role = forms.ChoiceField(
        choices=[("", ""), *((role.value, role.label) for role in map(Role, TOLD_ROLES))], required=False,
        label=_("Which role"),
    )  # fmt: skip
    department = forms.ModelChoiceField(Department.objects.all(), required=False, label=_("Which department"))
    times = WholeNumber(min_value=1, max_value=MOST_TIMES, initial=1, label=_("How many times"))
    repeat_minutes = WholeNumber(
        min_value=1, max_value=LONGEST, required=False, label=_("Working minutes between them")
    )


class CheckForm(forms.Form):
    """Which promise would a ticket get: one there is, or one that is only thought of."""

    number = WholeNumber(min_value=1, max_value=2**62, required=False, label=_("Ticket number"))
    department = forms.ModelChoiceField(Department.objects.all(), required=False, label=_("Department"))
    issue = forms.ModelChoiceField(Issue.objects.filter(valid_to=None), required=False, label=_("Issue"))
    severity = forms.TypedChoiceField(
        choices=Severity.choices, coerce=int, required=False, initial=Severity.NORMAL, empty_value="3",
        label=_("Severity"),
    )  # fmt: skip
    channel = forms.ChoiceField(choices=[("", "–"), *Channel.choices], required=False, label=_("Channel"))
    segment = forms.CharField(max_length=60, required=False, label=_("Segment"))
    organisation = forms.CharField(max_length=200, required=False, label=_("Organisation"))
    customer = forms.EmailField(required=False, label=_("Customer's address"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_number(self) -> Ticket | None:
        number = self.cleaned_data["number"]
        if number is None:
            return None
        seen = Ticket.objects.visible_to(self.user).select_related("customer", "primary_issue")
        found = seen.filter(pk=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no such ticket."))
        return found

    def clean_customer(self) -> Customer | None:
        return customer_by(self.cleaned_data["customer"])


KINDS = tuple((f"{kind}_minutes", kind.label) for kind in (
    Clock.Kind.ACKNOWLEDGE, Clock.Kind.FIRST_REPLY, Clock.Kind.NEXT_REPLY, Clock.Kind.NEXT_UPDATE, Clock.Kind.RESOLVE,
    Clock.Kind.REFERRAL,
))  # fmt: skip
