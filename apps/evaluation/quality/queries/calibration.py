"""What a panel sees of a calibration: nothing of the others before one's own, then how far all mean the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from apps.analysis.agreement import Agreement, alpha
from apps.evaluation.models import CalibrationItem, CalibrationMark, CalibrationSession, Criterion, Scoring
from apps.evaluation.quality.queries.reviews import told_value
from apps.evaluation.quality.scoring import SCALES
from apps.response.queries.conversation import Conversation, conversation
from helpdesk.errors import NotFound
from helpdesk.models import User

ENOUGH_ANSWERS = 5  # of fewer, agreement is shown as too few
NOT_APPLICABLE = "n/a"


@dataclass(frozen=True)
class ItemRow:
    """One answer of the session: who has scored it, and whether this person may see how."""

    item: CalibrationItem
    scored: int
    is_mine: bool
    is_shown: bool
    is_agreed: bool


@dataclass(frozen=True)
class CriterionAgreement:
    """How far the panel agrees on one criterion."""

    criterion: Criterion
    agreement: Agreement
    is_enough: bool


@dataclass(frozen=True)
class Gap:
    """How one reviewer stands to the mean of the others: above nought is milder, below stricter. In shares of a
    scale."""

    reviewer: User
    signed: float | None
    absolute: float | None
    n: int
    # Against what the panel agreed on, where it did.
    from_agreed: float | None


@dataclass(frozen=True)
class SessionPage:
    """A session as one of the panel may see it."""

    session: CalibrationSession
    panel: list[User]
    items: tuple[ItemRow, ...]
    # Empty until this person has scored everything, or the session is closed.
    agreements: tuple[CriterionAgreement, ...]
    overall: Agreement | None
    gaps: tuple[Gap, ...]
    is_shown: bool
    # Whether they may read what was discussed.
    hears: bool
    may_speak: bool
    may_close: bool


@dataclass(frozen=True)
class Cell:
    """What one of the panel gave to one criterion."""

    said: str
    note: str


@dataclass(frozen=True)
class Compared:
    """One criterion of one answer: what each of the panel gave, and what was agreed."""

    criterion: Criterion
    cells: tuple[Cell | None, ...]
    agreed: Cell | None
    differs: bool


@dataclass(frozen=True)
class ItemPage:
    """One answer to be scored, or compared."""

    item: CalibrationItem
    criteria: tuple[Criterion, ...]
    conversation: Conversation
    may_score: bool
    may_agree: bool
    # Who scored it, and what they gave; nothing while it would tell.
    scorers: tuple[User, ...]
    rows: tuple[Compared, ...]
    agreed: dict[str, CalibrationMark]


def session_in_full(pk: int, *, user: User) -> CalibrationSession:
    """Raises NotFound."""
    rows = CalibrationSession.objects.visible_to(user).select_related("scorecard", "department", "opened_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def hears_discussion(session: CalibrationSession, user: User) -> bool:
    """Who has scored everything, or opened it; everybody once it is closed. One query at most."""
    if not session.is_open or user.pk == session.opened_by_id:
        return True
    return not session.items.exclude(pk__in=Scoring.objects.filter(reviewer=user).values("item")).exists()


def session_page(session: CalibrationSession, *, user: User, configures: bool) -> SessionPage:
    """Six queries, whatever the panel and the answers."""
    panel = list(session.panel.order_by("name", "pk"))
    items, scorings = _items(session), _scorings(session)
    rows = tuple(_item_row(item, scorings, session, user) for item in items)
    shown = all(row.is_shown for row in rows)
    hears = shown or user.pk == session.opened_by_id
    criteria = list(session.scorecard.criteria.all()) if shown else []
    marks = _marks(scorings) if shown else {}
    agreements = tuple(_agreement(one, items, panel, marks) for one in criteria)
    return SessionPage(
        session=session, panel=panel, items=rows, agreements=agreements,
        overall=_overall(criteria, items, panel, marks) if shown else None,
        gaps=tuple(_gap(one, criteria, items, panel, marks) for one in panel) if shown else (),
        is_shown=shown, hears=hears,
        may_speak=hears and (user in panel or user.pk == session.opened_by_id),
        may_close=session.is_open and (user.pk == session.opened_by_id or configures),
    )  # fmt: skip


def item_page(session: CalibrationSession, place: int, *, user: User) -> ItemPage:
    """One answer of a session, with what this person may see of it. Raises NotFound, for a ticket they may not see
    too."""
    item = next((one for one in _items(session) if one.place == place), None)
    if item is None or not item.ticket.is_visible_to(user):
        raise NotFound
    panel = list(session.panel.order_by("name", "pk"))
    scorings = [one for one in _scorings(session) if one.item_id == item.pk]
    row = _item_row(item, scorings, session, user)
    criteria = tuple(session.scorecard.criteria.all())
    marks = _marks(scorings) if row.is_shown else {}
    scored = {one.reviewer_id for one in scorings}
    scorers = tuple(one for one in panel if one.pk in scored) if row.is_shown else ()
    everybody = all(one.pk in scored for one in panel)
    return ItemPage(
        item=item, criteria=criteria, conversation=conversation(item.ticket, people={}),
        may_score=session.is_open and user in panel and not row.is_mine,
        may_agree=row.is_shown
        and (everybody or not session.is_open)
        and (user in panel or user.pk == session.opened_by_id),
        scorers=scorers, rows=tuple(_compared(one, item, scorers, marks) for one in criteria) if row.is_shown else (),
        agreed={one.code: mark for one in criteria if (mark := marks.get((item.pk, None, one.pk)))},
    )  # fmt: skip


Marks = dict[tuple[int, int | None, int], CalibrationMark]  # item, reviewer (None: agreed), criterion


def _items(session: CalibrationSession) -> list[CalibrationItem]:
    return list(session.items.select_related("ticket", "agent", "session__scorecard"))


def _scorings(session: CalibrationSession) -> list[Scoring]:
    return list(Scoring.objects.filter(item__session=session))


def _marks(scorings: Sequence[Scoring]) -> Marks:
    whose = {one.pk: (one.item_id, one.reviewer_id) for one in scorings}
    rows = CalibrationMark.objects.filter(scoring__in=list(whose)).select_related("criterion")
    return {(*whose[mark.scoring_id], mark.criterion_id): mark for mark in rows}


def _item_row(
    item: CalibrationItem, scorings: Sequence[Scoring], session: CalibrationSession, user: User
) -> ItemRow:
    by = {one.reviewer_id for one in scorings if one.item_id == item.pk}
    mine = user.pk in by
    return ItemRow(item, len(by - {None}), mine, mine or not session.is_open, None in by)


def _codes(
    criteria: Sequence[Criterion], items: Sequence[CalibrationItem], reviewer: User, marks: Marks
) -> list[str | None]:
    """What this reviewer gave, answer by answer and criterion by criterion; None where nothing."""
    return [
        None
        if (mark := marks.get((item.pk, reviewer.pk, one.pk))) is None
        else NOT_APPLICABLE if mark.value is None else f"{one.scale} {mark.value}"
        for item in items
        for one in criteria
    ]  # fmt: skip


def _agreement(
    criterion: Criterion, items: Sequence[CalibrationItem], panel: Sequence[User], marks: Marks
) -> CriterionAgreement:
    found = alpha([_codes([criterion], items, one, marks) for one in panel])
    return CriterionAgreement(criterion, found, found.n >= ENOUGH_ANSWERS)


def _overall(
    criteria: Sequence[Criterion], items: Sequence[CalibrationItem], panel: Sequence[User], marks: Marks
) -> Agreement:
    return alpha([_codes(criteria, items, one, marks) for one in panel])


def _gap(
    reviewer: User, criteria: Sequence[Criterion], items: Sequence[CalibrationItem], panel: Sequence[User],
    marks: Marks,
) -> Gap:  # fmt: skip
    apart, from_agreed = [], []
    for item in items:
        for one in criteria:
            own = _points(one, marks.get((item.pk, reviewer.pk, one.pk)))
            others = [
                found
                for other in panel
                if other != reviewer
                and (found := _points(one, marks.get((item.pk, other.pk, one.pk)))) is not None
            ]
            agreed = _points(one, marks.get((item.pk, None, one.pk)))
            if own is not None and others:
                apart.append(own - fmean(others))
            if own is not None and agreed is not None:
                from_agreed.append(abs(own - agreed))
    return Gap(
        reviewer, fmean(apart) if apart else None, fmean(map(abs, apart)) if apart else None, len(apart),
        fmean(from_agreed) if from_agreed else None,
    )  # fmt: skip


def _points(criterion: Criterion, mark: CalibrationMark | None) -> float | None:
    return None if mark is None or mark.value is None else SCALES[criterion.scale][mark.value]


def _compared(criterion: Criterion, item: CalibrationItem, scorers: Sequence[User], marks: Marks) -> Compared:
    given = [marks.get((item.pk, one.pk, criterion.pk)) for one in scorers]
    values = [mark.value for mark in given if mark]
    agreed = marks.get((item.pk, None, criterion.pk))
    return Compared(
        criterion, tuple(_cell(criterion, mark) for mark in given), _cell(criterion, agreed),
        len(set(values)) > 1,
    )  # fmt: skip


def _cell(criterion: Criterion, mark: CalibrationMark | None) -> Cell | None:
    return Cell(told_value(criterion.scale, mark.value), mark.note) if mark else None
