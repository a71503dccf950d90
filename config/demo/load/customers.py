"""The customers, the account of the one who signs in, and how many customers and orders there were each day."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from apps.analysis.models import Exposure
from config.demo import company
from config.demo.load.table import Table
from config.demo.logins import LOGINS
from config.demo.rows import World
from helpdesk.models import Customer, Role, User


def load_customers(world: World) -> list[int]:
    """Ids in the order of the world's customers."""
    table = Table(
        Customer, "email", "name", "phone", "organisation", "segment", "region", "value", "language", "joined_on",
        "left_on", "created_at",
    )  # fmt: skip
    ids = [
        table.add(
            row.email, row.name, row.phone, row.organisation, row.segment, row.region, row.value, row.language,
            row.joined_on, row.left_on, _morning(row.joined_on),
        )
        for row in world.customers
    ]  # fmt: skip
    table.copy()
    return ids


def give_logins(world: World, ids: list[int]) -> None:
    """A password for everybody in LOGINS, and for the customer among them a portal account."""
    login = next(login for login in LOGINS if login.role == Role.CUSTOMER)
    place = next(place for place, row in enumerate(world.customers) if row.email == login.email)
    User.objects.create_user(
        email=login.email,
        name=login.name,
        role=Role.CUSTOMER,
        customer_id=ids[place],
        time_zone=company.TIME_ZONE,
    )
    # Hashing is slow on purpose, and leaves Python's lock alone: on all cores at once.
    with ThreadPoolExecutor() as pool:
        hashes = list(pool.map(make_password, [login.password for login in LOGINS]))
    for login, password in zip(LOGINS, hashes, strict=True):
        User.objects.filter(email=login.email).update(password=password)


def load_exposure(world: World) -> None:
    customers: Counter[date] = Counter()
    orders: Counter[date] = Counter()
    for row in world.exposure:
        customers[row.day] += row.customers
        orders[row.day] += row.orders
    table = Table(Exposure, "day", "kind", "value")
    for kind, counts in ((Exposure.Kind.ACTIVE_CUSTOMERS, customers), (Exposure.Kind.ORDERS, orders)):
        for day, number in counts.items():
            if number:
                table.add(day, kind.value, number)
    table.copy()


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), ZoneInfo(company.TIME_ZONE))
