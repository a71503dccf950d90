"""The one place from which this point writes letters: to owners, by way of output's outbox."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.analysis.models import Case, CaseState, OwnerLink
from apps.output.services import NewsItem, OwnLetter, inform
from helpdesk.errors import DomainError
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.marked import Marked
from helpdesk.models import User
from helpdesk.permissions import may, require
from helpdesk.sentences import counted

# What the approver of an accepted risk may say.
RISK_ANSWERS = {
    "confirm-risk": gettext_lazy("I accept the risk"),
    "refuse-risk": gettext_lazy("I do not accept it"),
}
SALT = "apps.analysis.owner-link"
VALID_FOR = timedelta(days=60)


# What an owner may say, each behind a page with this one button.
ANSWERS = {
    "accept": gettext_lazy("Accept it, with a date"),
    "reject": gettext_lazy("It is not ours"),
    "ask": gettext_lazy("I need information"),
    "fixed": gettext_lazy("It is fixed already"),
    "risk": gettext_lazy("Accept the risk"),
}


class LinkExpired(DomainError):
    """This link has expired or was replaced by a newer one. Look for the latest mail about the case, or sign in."""

    code = "link-expired"
    status = 403


class NotYourLink(DomainError):
    """This link was sent to somebody else. Open the case from your own list."""

    code = "not-your-link"
    status = 403


def make_link(*, case: Case, user: User, at: datetime) -> str:
    """A key into this case for this person; only its row is stored, the signature is made again each time."""
    row = OwnerLink.objects.create(case=case, user=user, made_at=at, expires_at=at + VALID_FOR)
    return signing.dumps({"link": row.pk}, salt=SALT)


def link_by_key(*, key: str, reader: User | None = None, at: datetime) -> OwnerLink:
    """The link behind a key. Raises LinkExpired for whatever does not open: forged, expired, revoked, or no longer of
    somebody who answers for the case; NotYourLink for a `reader` who is signed in as somebody else: what they did
    would be written down as done by the person of the link."""
    try:
        number = int(signing.loads(key, salt=SALT)["link"])
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise LinkExpired from error
    rows = OwnerLink.objects.filter(pk=number, revoked_at=None, expires_at__gt=at).select_related(
        "user",
        "case__owner_department",
        "case__owner",
        "case__deputy",
        "case__stand_in",
        "case__issue",
        "case__notice",
    )
    link = rows.first()
    if link is None or not _answers_for(link.user, link.case):
        raise LinkExpired
    if reader is not None and reader.pk != link.user_id:
        raise NotYourLink(
            _(
                "This link was sent to %(name)s, and you are signed in as %(name_2)s. Open the case from "
                "your own list."
            )
            % {"name": link.user.name, "name_2": reader.name}
        )
    return link


@transaction.atomic
def withdraw_links(*, case: Case, by: User, at: datetime) -> int:
    """Make every link in letters about this case worthless, at once; who answers for it can still sign in."""
    require(by, "analysis.route", case)
    number = revoke_links(case=case, at=at)
    case.change(
        by=by,
        at=at,
        note=counted(
            "made the link of a letter worthless", "made the links of %(n)s letters worthless", n=number
        ),
    )
    return number


def revoke_links(*, case: Case, of: User | None = None, at: datetime) -> int:
    """Nobody enters by the old letters, or one person does not: the case was handed to somebody else."""
    rows = OwnerLink.objects.filter(case=case, revoked_at=None, expires_at__gt=at)
    return int((rows if of is None else rows.filter(user=of)).update(revoked_at=at))


# Subject and lines of a letter, made anew for each reader, in their language.
Words = Callable[[], tuple[str, Sequence[str]]]


def tell_owner(case: Case, words: Words, *, by: User, at: datetime) -> None:
    """A letter to the owner, the deputy and who stands in, each with a way in that needs no account."""
    tell(case, case.answerers, words, by=by, at=at)


def tell(case: Case, people: Iterable[User], words: Words, *, by: User, at: datetime) -> None:
    """A letter about a case to each of these, who answer for it."""
    for person in people:
        if person.is_active:
            with as_read_by(person):
                subject, lines = words()
                text = "\n\n".join(
                    [_("Dear %(name)s,") % {"name": person.name}, *lines, *_ways_in(case, person, at=at)]
                )
            subject_line = f"{case.number}: {subject}"
            url = reverse("case", kwargs={"number": case.pk})
            item = NewsItem(
                kind="case", key=f"{case.ref}:{at.isoformat()}:{person.pk}:{subject}"[:200], title=subject_line,
                about=case.ref, url=url, letter=OwnLetter(subject=subject_line, text=text),
            )  # fmt: skip
            inform(item=item, to=person, by=by, at=at)


def _ways_in(case: Case, person: User, *, at: datetime) -> list[str]:
    """By a link of their own for who answers for it; others sign in."""
    if not _answers_for(person, case):
        return [_("Everything about it:\n%(absolute)s") % {"absolute": absolute("case", number=case.pk)}]
    key = make_link(case=case, user=person, at=at)
    page = _("Everything about it, and your answer:\n%(absolute)s") % {
        "absolute": absolute("owner_page", key=key)
    }
    if not (choices := answers_of(person, case)):
        return [page]
    answers = [f"{words}:\n{absolute('act_by_link', key=key, name=name)}" for name, words in choices.items()]
    return [page, _("Or answer at once:"), *answers]


def answers_of(person: User, case: Case) -> Mapping[str, Marked]:
    """What the case waits to hear from this person: acts, each with its words."""
    if case.waits_for_approver and person.pk == case.risk_approved_by_id:
        return RISK_ANSWERS
    return ANSWERS if case.state == CaseState.ROUTED and case.is_owned_by(person) else {}


def _answers_for(person: User, case: Case) -> bool:
    """Its owner and whoever stands beside them; and who is to say whether they accept its risk."""
    if case.waits_for_approver and person.pk == case.risk_approved_by_id:
        return may(person, "analysis.view")
    return may(person, "analysis.own") and case.is_owned_by(person)
