"""The executive report: made once a month, kept as it was said, and mailed to addresses that need no account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext

from apps.analysis.deadlines import today
from apps.awareness import queries
from apps.awareness.models import Report, ReportLetter, ReportRecipient
from apps.awareness.pdf import draw_pdf
from apps.awareness.report import Page
from apps.intake.files import File
from apps.output.services import send_notice
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.links import absolute
from helpdesk.models import User
from helpdesk.permissions import require

NOTHING_CHANGED = "nothing changed since the last one"
NOTHING_YET = "there is nothing to report yet"
MOST_RECIPIENTS = 50


class NobodyToSendTo(DomainError):
    """No address is set. An administrator names those who get the report."""

    code = "no-recipients"


def send_due_report(*, by: User, at: datetime) -> Report | None:
    """Make last month's report on the first working day or later, and mail it if it says something new.

    May run any number of times: the report is made once, each address gets it once. None before that day.
    """
    require(by, "awareness.report")
    if today(at) < queries.first_working_day(at):
        return None
    report = make_report(by=by, at=at)
    if not report.skipped and ReportRecipient.objects.exists():
        send_report(report=report, by=by, at=at)
    return report


@transaction.atomic
def make_report(*, by: User, at: datetime) -> Report:
    """The report of the last whole month, once; asked again it is the one that was made."""
    require(by, "awareness.report")
    month = queries.last_month(at)
    known = Report.objects.filter(year=month.year, month=month.month).first()
    return known or _make(month, by=by, at=at)


def _make(month: date, *, by: User, at: datetime) -> Report:
    page = queries.page_of(month, at=at)
    before = Report.objects.filter(made_at__lte=at).first()
    unchanged = before is not None and before.fingerprint == page.fingerprint
    skipped = NOTHING_YET if page.is_empty else NOTHING_CHANGED if unchanged else ""
    # Of two who make it at once the second waits here for the first, and takes theirs.
    report, made = Report.objects.get_or_create(
        year=month.year,
        month=month.month,
        defaults={
            "made_at": at, "made_by": by, "page": page.kept, "fingerprint": page.fingerprint, "skipped": skipped,
        },
    )  # fmt: skip
    if made:
        data = {"month": report.name, "skipped": skipped}
        events.record("report.made", about=f"report:{report.pk}", by=by, at=at, data=data)
    return report


def send_report(*, report: Report, by: User, at: datetime) -> int:
    """Mail it to every address that has not had it; returns to how many. Raises NobodyToSendTo.

    Each letter in a transaction of its own; the faults are raised once every address had its turn.
    """
    require(by, "awareness.report")
    emails = list(ReportRecipient.objects.values_list("email", flat=True))
    if not emails:
        raise NobodyToSendTo
    letter = _letter(report)
    had = set(report.letters.values_list("email", flat=True))
    missing = [email for email in emails if email not in had]
    return sum(each(missing, lambda email: _send(report, email, letter, by=by, at=at)))


@dataclass(frozen=True)
class Letter:
    """What everybody gets: text and HTML say the same, and the same page is attached in print."""

    subject: str
    text: str
    html: str
    printed: File


def _letter(report: Report) -> Letter:
    page = Page.read(report.page)
    facts = {"page": page, "url": absolute("report", pk=report.pk)}
    return Letter(
        subject=f"{page.title}: {page.finding}",
        text=render_to_string("awareness/mail/report.txt", facts).strip() + "\n",
        html=render_to_string("awareness/mail/report.html", facts),
        printed=File(report.file_name, "application/pdf", draw_pdf(page, made_at=report.made_at)),
    )


@transaction.atomic
def _send(report: Report, email: str, letter: Letter, *, by: User, at: datetime) -> bool:
    """One letter; False when another worker was faster."""
    about = f"report:{report.pk}"
    delivery = send_notice(
        to=email, subject=letter.subject, text=letter.text, html=letter.html, files=[letter.printed], about=about,
        key=f"{about}:{email}", by=by, at=at,
    )  # fmt: skip
    _, made = ReportLetter.objects.get_or_create(report=report, email=email, defaults={"delivery": delivery})
    if made:
        events.record("report.sent", about=about, by=by, at=at, data={"delivery": delivery.pk})
    return made


@transaction.atomic
def set_recipients(*, emails: Sequence[str], by: User, at: datetime) -> None:
    """Name everybody who gets the report; whoever is not named gets it no more. Raises Invalid for what is no
    address, and for too many."""
    require(by, "helpdesk.configure")
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails if email.strip()))
    if len(wanted) > MOST_RECIPIENTS:
        raise Invalid(
            gettext("At most %(most_recipients)s addresses.") % {"most_recipients": MOST_RECIPIENTS},
            pointer="emails",
        )
    for email in wanted:
        try:
            validate_email(email)
        except ValidationError as error:
            raise Invalid(
                gettext("%(email)s is no mail address.") % {"email": email}, pointer="emails"
            ) from error
    rows = ReportRecipient.objects.select_for_update(of=("self",), no_key=True)
    before = list(rows.values_list("email", flat=True))
    ReportRecipient.objects.exclude(email__in=wanted).delete()
    new = [ReportRecipient(email=email, added_by=by, added_at=at) for email in wanted]
    ReportRecipient.objects.bulk_create(new, ignore_conflicts=True)
    if before != sorted(wanted):
        data = {"before": before, "after": sorted(wanted)}
        events.record("recipients.changed", about="report-recipients", by=by, at=at, data=data)
