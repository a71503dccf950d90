"""The taxonomy's second edition, published on the way: two issues that nobody could tell apart have become one."""

from datetime import datetime, timedelta

from config.demo.load.house import House
from config.demo.load.step import Step
from config.demo.rows import World
from helpdesk.models import Issue
from helpdesk.services import Change, EditIssue, MergeIssues, publish_taxonomy

FROM, INTO = "direct-debit-failed", "card-declined"
BEFORE_THE_END = timedelta(days=40)  # within the weeks that charts show
LEAST_PAST = timedelta(days=150)
NOTE = "Agents gave one of the two as often as the other, and Billing mends both in the same place"
DEFINITION = "A payment is refused, by card or by direct debit, though there is money in the account."


def steps(world: World, house: House) -> list[Step]:
    """Short worlds have one edition alone."""
    at = world.now - BEFORE_THE_END
    return [Step(at, lambda moment: _publish(house, moment))] if at - LEAST_PAST > house.opened_at else []


def _publish(house: House, at: datetime) -> None:
    """Old tickets keep their code and are read by the crosswalk; who writes from now on gets the one that is left."""
    changes: list[Change] = [
        MergeIssues((FROM,), into=INTO, recode=False),
        EditIssue(INTO, label="Payment not accepted", definition=DEFINITION),
    ]
    release = publish_taxonomy(changes=changes, note=NOTE, by=house.admin, at=at)
    left = Issue.objects.get(code=INTO)
    house.issues.update({FROM: left, INTO: left})
    house.releases.append(release)
