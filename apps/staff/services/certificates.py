"""Who has passed what, until when; and the skills that come with it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from apps.analysis.deadlines import today
from apps.staff.models import Assignment, Certificate, Course, Reason, Skill
from apps.staff.queries.certificates import renewal_of, to_renew
from apps.staff.services.people import require_charge
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.rows import held

LONGEST_REASON = 200
AT_LEAST = timedelta(days=14)  # to pass again what has run out, or nearly


class CertificateWithdrawn(DomainError):
    """This certificate was withdrawn already."""

    code = "certificate-withdrawn"


@transaction.atomic
def grant_certificate(*, user: User, course: Course, passed_on: date, by: User, at: datetime) -> Certificate:
    """Enter what somebody has passed elsewhere, or before. Raises NotFound for somebody else's people, Invalid for a
    day to come and for what is no course."""
    require_charge(by, user)
    if passed_on > today(at):
        raise Invalid(gettext("This day is still to come."), pointer="passed_on")
    if course.is_briefing:
        raise Invalid(gettext("What is read and confirmed has no certificate."), pointer="course")
    return certify(user=user, course=course, assignment=None, passed_on=passed_on, by=by, at=at)


@transaction.atomic
def withdraw_certificate(*, certificate: Certificate, why: str, by: User, at: datetime) -> Certificate:
    """It was given by mistake, or no longer counts; skills are withdrawn apart.

    Raises NotFound for somebody else's people, Invalid without a reason, CertificateWithdrawn.
    """
    require_charge(by, certificate.user)
    certificate = held(certificate)
    if certificate.withdrawn_at is not None:
        raise CertificateWithdrawn
    why = why.strip()
    if not 1 <= len(why) <= LONGEST_REASON:
        raise Invalid(
            gettext("Say why, in at most %(longest_reason)s characters.")
            % {"longest_reason": LONGEST_REASON},
            pointer="why",
        )
    certificate.withdraw(why, by=by, at=at)
    return certificate


def renew_certificates(*, by: User, at: datetime) -> int:
    """Give again, once each, the courses of certificates that run out within a month; returns how many."""
    require(by, "staff.manage")
    return sum(each(to_renew(today(at)), lambda row: _renew(certificate=row, by=by, at=at)))


@transaction.atomic
def _renew(*, certificate: Certificate, by: User, at: datetime) -> int:
    """One more to do, unless they are at it already, or two workers came to it at once."""
    certificate = held(certificate, "user", "course")
    source = renewal_of(certificate)
    theirs = Assignment.objects.filter(user=certificate.user, course=certificate.course)
    if certificate.valid_until is None or theirs.open().exists() or theirs.filter(source=source).exists():
        return 0
    Assignment.give(
        user=certificate.user, course=certificate.course, reason=Reason.EXPIRY, source=source,
        due_on=max(certificate.valid_until, today(at) + AT_LEAST), by=by, at=at,
    )  # fmt: skip
    return 1


def certify(
    *, user: User, course: Course, assignment: Assignment | None, passed_on: date, by: User, at: datetime
) -> Certificate:
    """The certificate, and the skills that its course grants: none is lowered by it."""
    certificate = Certificate.write(
        user=user, course=course, assignment=assignment, passed_on=passed_on, by=by, at=at
    )
    if course.grants is not None and certificate.is_valid(today(at)):
        for topic in course.topics.all():
            about = {"user": user, "issue": topic.issue, "product": topic.product}
            skill, _ = Skill.objects.get_or_create(**about, defaults={"level": course.grants})
            if skill.level < course.grants:
                skill.level = course.grants
                skill.save(update_fields=["level"])
    return certificate
