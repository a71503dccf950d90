from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.analysis.models import Case, CaseState
from apps.analysis.queries.cases import OWNER_VERBS
from apps.analysis.services.access import locked
from apps.analysis.services.notify import revoke_links, tell
from helpdesk.models import Department, User
from helpdesk.permissions import may, require
from helpdesk.queries import Away, away_at


def who_stands_in(
    *, owner: User, deputy: User | None, department: Department | None, away: Away
) -> User | None:
    """Who answers in the place of somebody away: whom they named, else the deputy, else the head of the department;
    None while the owner is there, and where nobody is."""
    if owner not in away:
        return None
    head = department.head if department else None
    for person in (away.stand_in_of(owner), deputy, head):
        if person is not None and person != owner and person not in away and may(person, "analysis.own"):
            return person
    return None


def cases_to_cover(*, at: datetime, owner: int | None = None) -> list[int]:
    """The open cases of somebody away, and every one somebody stands in for: nobody does so for longer than they
    must. Reads only."""
    if owner is not None:
        theirs, covered = Q(owner=owner), Q(stand_in=owner) | Q(owner=owner, stand_in__isnull=False)
    else:
        theirs, covered = Q(owner__in=list(away_at(at).absences)), Q(stand_in__isnull=False)
    concerned = covered | (theirs & ~Q(state=CaseState.CLOSED))
    return list(Case.objects.filter(concerned).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def cover_case(*, number: int, by: User, at: datetime) -> bool:
    """Let somebody stand in for an owner who is away, with a letter where the next move is the owner's; when the
    owner is back, the links of who stood in are worthless. True if that has changed; twice is once."""
    require(by, "analysis.run")
    case = locked(Case(pk=number))
    if case.owner is None:
        return False
    away, before = away_at(at), case.stand_in
    stand_in = who_stands_in(
        owner=case.owner, deputy=case.deputy, department=case.owner_department, away=away
    )
    if stand_in == before or (stand_in is not None and not case.is_open):
        return False
    case.let_stand_in(stand_in, by=by, at=at)
    if before is not None and not case.is_owned_by(before):
        revoke_links(case=case, of=before, at=at)
    if stand_in is not None and case.state in OWNER_VERBS:
        owner = case.owner

        def words() -> tuple[str, list[str]]:
            until = (
                _(" until %(due_on)s") % {"due_on": date_format(case.due_on, "j F")} if case.due_on else ""
            )
            title = _("%(title)s waits for you") % {"title": case.title}
            return title + until, [away_words(owner, stand_in, away), case.statement]

        tell(case, [stand_in], words, by=by, at=at)
    return True


def away_words(owner: User, stand_in: User | None, away: Away) -> str:
    """“Omar is away until 12 May. Olga stands in.”"""
    last = away.last_day(owner)
    words = _("%(name)s is away") % {"name": owner.name} + (
        _(" until %(today)s.") % {"today": date_format(today(last), "j F")} if last else "."
    )
    return _("%(words)s %(name)s stands in.") % {"words": words, "name": stand_in.name} if stand_in else words
