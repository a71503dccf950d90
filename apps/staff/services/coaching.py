"""What leads and their people agree on."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.staff.models import CoachingAnswer, CoachingNote, ReviewHeard
from apps.staff.services.people import require_charge
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Ticket, User
from helpdesk.permissions import require
from helpdesk.sentences import Number

LONGEST = 5_000
MOST_LINKS = 20


@transaction.atomic
def write_coaching_note(
    *, user: User, body: str, next_step: str = "", follow_up_on: date | None = None, is_private: bool = False,
    tickets: Collection[int] = (), reviews: Collection[int] = (), follows: CoachingNote | None = None, by: User,
    at: datetime,
) -> CoachingNote:  # fmt: skip
    """Write down what was talked about with somebody, and what comes next; a correction is a note that follows.

    Raises NotFound for somebody else's people and for notes one may not see, Invalid for oneself, empty words, days
    that are over, unknown tickets and reviews.
    """
    require_charge(by, user)
    if user.pk == by.pk:
        raise Invalid(_("Nobody coaches themselves. Ask your own lead."), pointer="body")
    body, next_step = _words(body, "body"), next_step.strip()
    if len(next_step) > LONGEST:
        raise Invalid(
            _("At most %(longest)s characters.") % {"longest": Number(LONGEST, grouped=True)},
            pointer="next_step",
        )
    if follow_up_on is not None and follow_up_on < today(at):
        raise Invalid(_("This day is over."), pointer="follow_up_on")
    seen = CoachingNote.objects.visible_to(by)
    if follows is not None and not seen.filter(user=user, pk=follows.pk).exists():
        raise NotFound
    known = Ticket.objects.visible_to(by)
    return CoachingNote.write(
        user=user, body=body, next_step=next_step, follow_up_on=follow_up_on, is_private=is_private,
        tickets=_known(tickets, known.filter(pk__in=tickets).values_list("pk", flat=True), "tickets"),
        reviews=_known(
            reviews,
            ReviewHeard.objects.filter(user=user, review__in=reviews).values_list("review", flat=True),
            "reviews",
        ),
        follows=follows, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def answer_coaching_note(*, note: CoachingNote, body: str, by: User, at: datetime) -> CoachingAnswer:
    """The person's own words to a note about them. Raises NotFound for who may not see it, NotAllowed for others,
    Invalid for empty words."""
    require(by, "staff.learn")
    if not CoachingNote.objects.visible_to(by).filter(pk=note.pk).exists():
        raise NotFound
    if note.user_id != by.pk:
        raise NotAllowed(_("The person it is about answers. Write another note."))
    return CoachingAnswer.write(note=note, body=_words(body, "body"), by=by, at=at)


def _words(text: str, pointer: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= LONGEST:
        raise Invalid(
            _("Between 1 and %(longest)s characters.") % {"longest": Number(LONGEST, grouped=True)},
            pointer=pointer,
        )
    return text


def _known(asked: Collection[int], found: Collection[int], pointer: str) -> list[int]:
    """As they were named, once each."""
    if len(asked) > MOST_LINKS:
        raise Invalid(_("At most %(most_links)s.") % {"most_links": MOST_LINKS}, pointer=pointer)
    if strangers := sorted(set(asked) - set(found)):
        raise Invalid(_("Unknown: %(map)s.") % {"map": ", ".join(map(str, strangers))}, pointer=pointer)
    return list(dict.fromkeys(asked))
