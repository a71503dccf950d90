"""What colleagues suggested: four that wait, and one each that led to a case, to an issue, into another, to a no."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.analysis.models import Case
from apps.staff.models import Suggestion, Voice
from apps.staff.services import (
    decline_suggestion,
    merge_suggestion,
    propose_issue,
    suggest,
    take_up_suggestion,
)
from config.demo.load.house import House
from config.demo.rows import World

LED_TO = "charged-twice"  # its case is open still, and past its decision date
LATER = timedelta(days=2, hours=3)


@dataclass(frozen=True)
class Told:
    """A suggestion, who made it how many days ago, and who sees the same."""

    by: str
    days_ago: int
    title: str
    problem: str
    remedy: str = ""
    issue: str = ""
    department: str = ""
    backed_by: tuple[str, ...] = ()


REFUND = Told(
    "ana", 19, "The refund letter leaves before the money does",
    "The letter goes out when the refund is entered. The bank sends it two working days later, and three days after"
    " the letter the customer writes again.",
    "Send the letter when the payment file has gone to the bank, with the day it arrives.",
    "refund-not-arrived", "billing", ("grace", "dele", "hanne"),
)  # fmt: skip
WAITING = (
    REFUND,
    Told(
        "farid", 12, "Two adapter rings that look the same",
        "The rings for the two kinds of radiator differ by half a millimetre and have the same colour. With the wrong one"
        " the valve sits loosely.",
        "Colour one of them, and show both on the first page of the leaflet.",
        "valve-loose", "devices", ("sunniva", "katya"),
    ),
    Told(
        "lucia", 8, "The link for a new password opens the shop",
        "On phones without the app the link opens the shop's start page. Customers ask for a second link, which makes the"
        " first one invalid.",
        issue="password-reset", department="software", backed_by=("ben", "lena"),
    ),
    Told(
        "mallory", 4, "No label in parcels with two boxes",
        "Only the first box has a return label. Who wants to return the second one has to ask us.",
        "A label in each box.", "return-label-missing", "delivery", ("ivo",),
    ),
)  # fmt: skip
TAKEN_UP = Told(
    "tomasz", 226, "Who changes the plan on the last day pays twice",
    "I had eleven of them this week, all with a change of plan on the day of the invoice.",
    "Hold the invoice back until the change is through.", LED_TO, "billing", ("ana", "grace"),
)  # fmt: skip
PROPOSED = Told(
    "hanne", 33, "Landlords want one sign-in for all their homes",
    "They have a hub in each home and an account for each hub. We code it as “no fitting code”, so nobody counts it.",
    "One account with several homes.", department="software", backed_by=("dele", "lucia"),
)  # fmt: skip
MERGED = Told(
    "grace", 15, "Tell customers on which day the refund arrives",
    "They ask us, and we look it up at the bank.", issue="refund-not-arrived", department="billing",
)  # fmt: skip
DECLINED = Told(
    "katya", 61, "Stop selling the V1 valve",
    "Its battery is empty after a year.", issue="battery-short", department="devices", backed_by=("farid",),
)  # fmt: skip


def suggest_all(world: World, house: House) -> None:
    """Eight suggestions and four answers, about a hundred queries, most of them for letters."""
    teller = _Teller(world, house)
    waiting = {told: teller.make(told) for told in WAITING}
    case = Case.objects.filter(issue__code=LED_TO).open().order_by("pk").first()
    if case is not None:  # short worlds have no such past
        row, at = teller.make(TAKEN_UP)
        take_up_suggestion(
            suggestion=row, case=case, answer="Thank you: you saw it first.", by=teller.priya, at=at
        )
    row, at = teller.make(PROPOSED)
    propose_issue(
        suggestion=row, label="One sign-in for several homes", under=house.issues["sign-in"], by=teller.priya, at=at,
        answer="You are right, we cannot count what has no code.",
    )  # fmt: skip
    row, at = teller.make(MERGED)
    merge_suggestion(
        suggestion=row, into=waiting[REFUND][0], answer="The same cause as Ana's.", by=teller.priya, at=waiting[REFUND][1]
    )  # fmt: skip
    row, at = teller.make(DECLINED)
    decline_suggestion(
        suggestion=row, answer="It has not been sold since spring. What helps those who have one is in the case.",
        by=teller.priya, at=at,
    )  # fmt: skip


class _Teller:
    """Makes suggestions on their day; remembers who is who."""

    def __init__(self, world: World, house: House) -> None:
        self.world, self.house = world, house
        self.people = {email.partition("@")[0]: person for email, person in house.people.items()}
        self.priya = self.people["priya"]

    def make(self, told: Told) -> tuple[Suggestion, datetime]:
        """The row, and when somebody may have answered it."""
        at, house = self.world.now - timedelta(days=told.days_ago, hours=5), self.house
        row = suggest(
            title=told.title, problem=told.problem, remedy=told.remedy, by=self.people[told.by], at=at,
            issue=house.issues[told.issue] if told.issue else None,
            department=house.departments[told.department] if told.department else None,
        )  # fmt: skip
        voices = Voice.objects.bulk_create(
            Voice(suggestion=row, user=self.people[name], at=at + timedelta(hours=hours))
            for hours, name in enumerate(told.backed_by, start=2)
        )
        for voice in voices:
            row.record("suggestion.backed", by=voice.user, at=voice.at)
        return row, at + LATER
