"""What the company looks at by the calendar, without anybody who asks."""

from datetime import time

from apps.control.models import Calendar, OffDays
from apps.control.recurring.dates import MONTH_WEEKDAY
from apps.control.recurring.services import Given, save_recurring
from config.demo.company import TIME_ZONE
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Customer


def plan(world: World, house: House) -> None:
    """A letting whose meters are read on the first Monday of each month, or the next working day."""
    letting = Customer.objects.filter(segment="Landlord").exclude(email=None).earliest("pk")
    given = Given(
        name="Meters of the lettings",
        department=house.departments["care"],
        customer=letting.email or "",
        subject="Compare the meter readings of your lettings",
        body="Compare the readings of last month with those of the year before, and call where they differ by a fifth.",
        rhythm=MONTH_WEEKDAY,
        weekdays=[0],
        time=time(9),
        time_zone=TIME_ZONE,
        calendar=Calendar.objects.get(name="Office"),
        off_days=OffDays.NEXT,
        start_on=world.now.date(),
        acts=[{"act": "tag", "value": "landlord"}],
    )
    save_recurring(given=given, by=house.admin, at=world.now)
