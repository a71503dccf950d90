"""What the company's people come back to: saved views of the analysis, and who gets the monthly report."""

from datetime import timedelta

from apps.analysis.models import Every
from apps.analysis.services import mail_view, save_view
from apps.awareness.services import set_recipients
from config.demo.load.house import House
from config.demo.rows import World

A_WHILE_AGO = timedelta(days=40)


def wish(world: World, house: House) -> None:
    """One view of the analyst's that all see and the lead has by mail, one of the lead's own; and the recipients."""
    at = world.now - A_WHILE_AGO
    priya, lena = house.people["priya@warmfold.example"], house.people["lena@warmfold.example"]
    dear = save_view(
        name="What costs us most", query="by=money&days=90&level=leaf", is_shared=True, by=priya, at=at
    )
    mail_view(view=dear, every=Every.MONTH, by=lena, at=at)
    save_view(name="Departments this month", query="by=tickets&days=30&level=department", by=lena, at=at)
    set_recipients(
        emails=["board@warmfold.example", "lena@warmfold.example"],
        by=house.people["jonas@warmfold.example"],
        at=at,
    )
