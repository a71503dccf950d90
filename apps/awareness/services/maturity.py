"""The self-assessment: a person grades every activity, beside what the desk shows for it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.awareness.maturity import ACTIVITIES, BY_CODE, Grade, look
from apps.awareness.models import MaturityAssessment, MaturityGrade
from apps.awareness.queries.maturity import evidence
from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.marked import inside
from helpdesk.models import User
from helpdesk.permissions import require

LONGEST_NOTE = 2_000


@transaction.atomic
def assess_maturity(
    *, grades: Mapping[str, str], notes: Mapping[str, str], by: User, at: datetime
) -> MaturityAssessment:
    """Keep a grade for every activity with what the desk showed at that moment.

    Raises Invalid for an activity without a grade, one that is none, or a grade two steps above the desk's own without
    a note.
    """
    require(by, "evaluation.manage")
    if unknown := (set(grades) | set(notes)) - set(BY_CODE):
        raise Invalid(
            _("There is no activity %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))},
            pointer=min(unknown),
        )
    found = look(evidence(at=at))
    for one in found:
        _check(one.activity.code, grades, notes, suggested=one.suggested)
    assessment = MaturityAssessment.objects.create(at=at, by=by)
    MaturityGrade.objects.bulk_create(
        MaturityGrade(
            assessment=assessment, activity=one.activity.code, grade=grades[one.activity.code],
            suggested=one.suggested.value, note=notes.get(one.activity.code, "").strip(),
            evidence={shown.piece.name: shown.value for shown in one.shown},
        )
        for one in found
    )  # fmt: skip
    data = {"activities": len(ACTIVITIES)}
    events.record("maturity.assessed", about=f"maturity:{assessment.pk}", by=by, at=at, data=data)
    return assessment


def _check(code: str, grades: Mapping[str, str], notes: Mapping[str, str], *, suggested: Grade) -> None:
    grade, note = grades.get(code, ""), notes.get(code, "").strip()
    if grade not in list(Grade):
        raise Invalid(
            _("Give %(label)s one of the four grades.") % {"label": inside(BY_CODE[code].label)}, pointer=code
        )
    if len(note) > LONGEST_NOTE:
        raise Invalid(
            _("At most %(longest_note)s characters.") % {"longest_note": LONGEST_NOTE}, pointer=code
        )
    order = list(Grade)
    if order.index(Grade(grade)) > order.index(suggested) + 1 and not note:
        raise Invalid(
            _("%(label)s: the desk shows less. Say in a note what it does not see.")
            % {"label": BY_CODE[code].label},
            pointer=code,
        )
