"""How far each activity of the framework has come: what the desk can show for it, and the grade that suggests.

An activity has one to three pieces of evidence, each a number with two thresholds: from `fair` on it is satisfactory,
from `best` on best practice; where less is better (`best` under `fair`), up to them. An activity is worth its weakest
piece. It is absent where nothing was there to be measured and nothing is laid out, that is where every piece is nought
or unknown; a piece that is unknown beside others is left out.
The thresholds are ours, of the order of what `framework.md` and the goals of *Standards* ask for; a person gives the
grade, with a note where it differs. Units: shares between 0 and 1, days, or counts, of the last 90 days.
Limits: the desk sees what is done in it. Whether people were well chosen, or an answer was kind, it does not see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from helpdesk.marked import Marked

DAYS = 90


class Grade(StrEnum):
    ABSENT = "absent"
    UNSATISFACTORY = "unsatisfactory"
    SATISFACTORY = "satisfactory"
    BEST = "best"


ORDER = tuple(Grade)
LABELS = {
    Grade.ABSENT: _("Absent"),
    Grade.UNSATISFACTORY: _("Unsatisfactory"),
    Grade.SATISFACTORY: _("Satisfactory"),
    Grade.BEST: _("Best practice"),
}


@dataclass(frozen=True)
class Piece:
    """One piece of evidence: the name of its number, what it says, and from where on it is enough. `unit` is "share",
    "days" or "count"; `url_name` is the page it is seen on."""

    name: str
    says: Marked
    unit: str
    fair: float
    best: float
    url_name: str

    @property
    def less_is_better(self) -> bool:
        return self.best < self.fair

    def grade(self, value: float) -> Grade:
        sign = -1 if self.less_is_better else 1
        if sign * value >= sign * self.best:
            return Grade.BEST
        return Grade.SATISFACTORY if sign * value >= sign * self.fair else Grade.UNSATISFACTORY


@dataclass(frozen=True)
class Activity:
    """One activity of one of the eight functions."""

    code: str
    function: Marked
    label: Marked
    pieces: tuple[Piece, ...]


def _share(name: str, says: Marked, fair: float, best: float, url_name: str) -> Piece:
    return Piece(name, says, "share", fair, best, url_name)


def _count(name: str, says: Marked, fair: float, best: float, url_name: str) -> Piece:
    return Piece(name, says, "count", fair, best, url_name)


ACTIVITIES = (
    Activity("screening", _("Intake"), _("Screening"), (
        Piece("quarantine_age", _("Oldest mail in quarantine"), "days", 7, 2, "quarantine"),
        _share("rated", _("Tickets with a severity of their own"), 0.05, 0.15, "queue"),
    )),
    Activity("logging", _("Intake"), _("Logging"), (
        _count("channels", _("Channels in use"), 2, 4, "queue"),
        _share("with_product", _("Tickets that name a product"), 0.5, 0.8, "queue"),
    )),
    Activity("classification", _("Intake"), _("Classification"), (
        _share("coded", _("Solved tickets with a reason"), 0.8, 0.95, "coding_quality"),
        _share("by_person", _("Codes given by a person"), 0.5, 0.8, "coding_quality"),
    )),
    Activity("assessment", _("Response"), _("Assessment of the facts"), (
        _share("suspected", _("Codes with a suspected cause"), 0.3, 0.7, "analysis"),
    )),
    Activity("formulation", _("Response"), _("Formulation of the answer"), (
        _share("guided", _("Issues in use with guidance"), 0.4, 0.8, "taxonomy"),
    )),
    Activity("production", _("Response"), _("Production of the answer"), (
        _share("stayed_solved", _("Solved tickets that stayed solved"), 0.85, 0.95, "standards"),
        _share("replied", _("Solved tickets with a reply"), 0.9, 0.98, "standards"),
    )),
    Activity("distribution", _("Output"), _("Distribution"), (
        _share("failed", _("Letters that could not be delivered"), 0.05, 0.01, "deliveries"),
    )),
    Activity("storage", _("Output"), _("Storage and retrieval"), (
        _share("with_words", _("Tickets with the customer's own words"), 0.9, 0.99, "search"),
    )),
    Activity("internal", _("Control"), _("Internal follow-up"), (
        _share("kept", _("Promises of time that were kept"), 0.8, 0.95, "standards"),
    )),
    Activity("referral", _("Control"), _("Referral follow-up"), (
        _share("referrals_closed", _("Questions to departments that were answered"), 0.7, 0.95, "referrals"),
    )),
    Activity("satisfaction", _("Control"), _("Satisfaction follow-up"), (
        _share("asked", _("Solved tickets that were asked about"), 0.2, 0.35, "surveys"),
        _share("followed_up", _("Unhappy customers somebody got in touch with"), 0.5, 0.9, "follow_ups"),
    )),
    Activity("statistics", _("Analysis"), _("Statistics"), (
        _share("judged", _("Signals judged within a week"), 0.5, 0.9, "signals"),
    )),
    Activity("policy", _("Analysis"), _("Policy analysis"), (
        _share("with_cause", _("Cases under way with a verified cause"), 0.4, 0.8, "board"),
        _count("proven", _("Fixes proven in a year"), 1, 4, "ledger"),
    )),
    Activity("standards", _("Evaluation"), _("Standards and evaluation"), (
        _count("goals", _("Measures with a goal"), 4, 7, "standards"),
        _count("readings", _("Codes read a second time"), 25, 100, "coding_quality"),
    )),
    Activity("accountability", _("Evaluation"), _("Accountability and incentives"), (
        _share("owned", _("Issues in use with an owner"), 0.8, 0.98, "taxonomy"),
        _count("statements", _("Incentive statements issued in half a year"), 1, 3, "prevention"),
    )),
    Activity("selection", _("Staff"), _("Selection and training"), (
        _share("skilled", _("Agents with a skill on record"), 0.5, 0.9, "people"),
    )),
    Activity("supervision", _("Staff"), _("Supervision and empowerment"), (
        _share("with_capacity", _("Agents whose capacity is known"), 0.5, 0.9, "people"),
        _share("empowered", _("Guidance that lets an agent give something"), 0.1, 0.3, "taxonomy"),
    )),
    Activity("solicitation", _("Awareness"), _("Solicitation"), (
        _count("campaigns", _("Campaigns and answered lists of problems"), 1, 50, "surveys"),
    )),
    Activity("proactive", _("Awareness"), _("Proactive communication"), (
        _count("notices", _("Notices published"), 1, 4, "notices"),
        _count("waves", _("Letters to customers of a case"), 1, 100, "notices"),
    )),
    Activity("internal_awareness", _("Awareness"), _("Internal awareness"), (
        _count("digests", _("Digests sent to owners"), 4, 20, "reports"),
        _count("reports", _("Executive reports made"), 1, 3, "reports"),
    )),
)  # fmt: skip
BY_CODE = {activity.code: activity for activity in ACTIVITIES}


@dataclass(frozen=True)
class Shown:
    """A piece of evidence with its number, and the grade it would give alone."""

    piece: Piece
    value: float | None
    grade: Grade | None


@dataclass(frozen=True)
class Looked:
    """What the desk shows for an activity, and the grade that suggests."""

    activity: Activity
    shown: tuple[Shown, ...]
    suggested: Grade


def look(values: Mapping[str, float | None]) -> list[Looked]:
    """Every activity with what the numbers say of it."""
    return [_looked(activity, values) for activity in ACTIVITIES]


def _looked(activity: Activity, values: Mapping[str, float | None]) -> Looked:
    shown = tuple(_shown(piece, values.get(piece.name)) for piece in activity.pieces)
    there = [one for one in shown if one.value is not None and (one.value or one.piece.less_is_better)]
    grades = [one.grade for one in shown if one.grade is not None]
    suggested = min(grades, key=ORDER.index) if there else Grade.ABSENT
    return Looked(activity, shown, suggested)


def _shown(piece: Piece, value: float | None) -> Shown:
    return Shown(piece, value, None if value is None else piece.grade(value))


def points(grades: Sequence[str]) -> float:
    """The mean grade, absent 0 to best practice 3."""
    return sum(ORDER.index(Grade(grade)) for grade in grades) / len(grades) if grades else 0.0
