"""The customers' own "is it gone for you?": who was asked, what they say, and what that does to a proof."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.models import Case, CustomerVoice
from apps.analysis.proof import Voices
from apps.analysis.queries.voices import heard_of
from apps.analysis.services.access import locked
from apps.analysis.services.notify import tell_owner
from helpdesk import events
from helpdesk.models import Event, User
from helpdesk.permissions import require


@transaction.atomic
def ask_customers(*, case: Case, customers: Collection[int], by: User, at: datetime) -> None:
    """Note who is asked whether it is gone; asking twice is asking once."""
    require(by, "analysis.case", case)
    CustomerVoice.ask(case=locked(case), customers=customers, at=at)


@transaction.atomic
def hear_customer(*, case: Case, customer: int, is_gone: bool, by: User, at: datetime) -> CustomerVoice:
    """Keep what a customer says: evidence for the next verdict, and, where a proof stands that customers clearly
    contradict, a letter to its owner, once a proof."""
    require(by, "analysis.case", case)
    # Two at once would each miss the other's word, and nobody would be told.
    case = locked(case)
    voice = CustomerVoice.hear(case=case, customer=customer, is_gone=is_gone, at=at)
    verdicts = list(case.verdicts.select_related("plan"))
    heard = heard_of(case, list(case.plans.all()), verdicts, at=at)
    if heard is not None and heard.doubted and not _is_told(case, since=verdicts[-1].decided_at):
        _tell(case, heard.voices, by=by, at=at)
    return voice


def _is_told(case: Case, *, since: datetime) -> bool:
    return Event.objects.filter(about=case.ref, kind="case.doubted", at__gte=since).exists()


def _tell(case: Case, voices: Voices, *, by: User, at: datetime) -> None:
    data = {"asked": voices.asked, "gone": voices.gone, "still": voices.still, "note": voices.sentence}
    events.record("case.doubted", about=case.ref, by=by, at=at, data=data)

    def words() -> tuple[str, list[str]]:
        return _("customers say it is not gone"), [
            _("“%(title)s” was proven gone by the count, and its customers say otherwise. %(sentence)s")
            % {"title": case.title, "sentence": voices.sentence},
            _("The verdict stands, for who answers chose to. If they are right, raise the case again."),
        ]

    tell_owner(case, words, by=by, at=at)
