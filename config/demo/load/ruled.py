"""What the company lets rules do, and what they did on the tickets that came last."""

from typing import Any

from apps.response.models import Macro
from apps.response.rules.services import RuleGiven, obey, save_rule, switch_rule
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Event, Ticket

SEEN = 6  # landlords, and others, whose tickets the rules looked at


def line(field: str, operator: str, value: str = "") -> dict[str, str]:
    return {"field": field, "operator": operator, "value": value}


def lines(*given: dict[str, str], join: str = "all") -> dict[str, Any]:
    return {"join": join, "lines": list(given)}


def rule(world: World, house: House) -> None:
    """Four that are in use; one is a draft, to be tried on past tickets first."""
    ask = Macro.objects.get(name="Ask for the order number")
    for given in (
        RuleGiven(
            "Danger first",
            "opened",
            lines(
                *(line("words", "contain", word) for word in ("burnt", "sparks", '"very hot"')), join="any"
            ),
            [{"act": "tag", "value": "safety"}, {"act": "tell_department", "value": "devices"}],
        ),
        RuleGiven(
            "Landlords",
            "opened",
            lines(line("segment", "is", "Landlord")),
            [{"act": "tag", "value": "landlord"}],
        ),
        RuleGiven(
            "Compare both charges",
            "classified",
            lines(line("issue", "is", house.issues["charged-twice"].path)),
            [
                {
                    "act": "note",
                    "value": "Compare both charges in the payment system before you give one back.",
                }
            ],
            house.departments["billing"],
        ),
        RuleGiven(
            "Call who was not helped",
            "survey",
            lines(line("outcome", "is", "dissatisfied")),
            [{"act": "tag", "value": "call-back"}, {"act": "tell_department", "value": "care"}],
        ),
        RuleGiven(
            "No order number",
            "opened",
            lines(line("channel", "is", "email"), line("field.order-id", "unset")),
            [{"act": "macro", "value": ask.pk}],
            house.departments["delivery"],
        ),
    ):
        row = save_rule(given=given, by=house.admin, at=house.opened_at)
        if given.name != "No order number":
            switch_rule(rule=row, on=True, by=house.admin, at=house.opened_at)
    _look_back(world, house)


def _look_back(world: World, house: House) -> None:
    """As if they had been there when the newest tickets came."""
    newest = Ticket.objects.open().order_by("-opened_at", "-pk")
    landlords, others = newest.filter(segment="Landlord"), newest.exclude(segment="Landlord")
    rows = [*landlords[:SEEN], *others[:SEEN]]
    for event in Event.objects.filter(ticket__in=rows, kind="ticket.opened").select_related("by"):
        obey(event=event, by=house.system, at=event.at)
    Ticket.objects.bulk_update(rows, ["updated_at"])  # much has happened to them since
