"""Who Warmfold is: heating control by subscription. A hub, radiator valves, room sensors, an app and a plan."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.control.clock import BusinessCalendar, hours, office_hours, public_holidays

NAME = "Warmfold"
TIME_ZONE = "Europe/London"
CURRENCY = "USD"


@dataclass(frozen=True)
class Department:
    slug: str
    name: str
    email: str
    head: str
    is_default: bool = False


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    role: str
    department: str
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True)
class Release:
    """A version of a product, out for so many days at the end of the world; it wins users over about 100 days."""

    version: str
    days_out: int


@dataclass(frozen=True)
class Product:
    code: str
    name: str
    releases: tuple[Release, ...]


@dataclass(frozen=True)
class Segment:
    """A kind of customer: its share of the base, and the profit one of them brings in a year."""

    name: str
    share: float
    value: Decimal


@dataclass(frozen=True)
class Region:
    name: str
    share: float
    languages: tuple[tuple[str, float], ...] = (("en", 1.0),)


@dataclass(frozen=True)
class Macro:
    name: str
    body: str
    department: str | None = None
    acts: tuple[dict[str, object], ...] = ()


DEPARTMENTS = (
    Department("billing", "Billing", "billing@warmfold.example", "omar@warmfold.example"),
    Department("delivery", "Delivery", "delivery@warmfold.example", "ruth@warmfold.example"),
    Department("devices", "Devices", "devices@warmfold.example", "henrik@warmfold.example"),
    Department("software", "App and Cloud", "app@warmfold.example", "mei@warmfold.example"),
    Department("marketing", "Marketing", "marketing@warmfold.example", "carlo@warmfold.example"),
    Department("installation", "Installation", "installation@warmfold.example", "nadia@warmfold.example"),
    Department("care", "Customer Care", "help@warmfold.example", "lena@warmfold.example", is_default=True),
    Department("quality", "Quality and Analysis", "quality@warmfold.example", "priya@warmfold.example"),
)

PEOPLE = (
    Person("Ana Whitlock", "ana@warmfold.example", "agent", "billing"),
    Person("Tomasz Bell", "tomasz@warmfold.example", "agent", "billing", ("en", "de")),
    Person("Grace Adeyemi", "grace@warmfold.example", "agent", "billing"),
    Person("Mallory Quist", "mallory@warmfold.example", "agent", "delivery"),
    Person("Ivo Brandt", "ivo@warmfold.example", "agent", "delivery", ("en", "de")),
    Person("Sunniva Rees", "sunniva@warmfold.example", "agent", "devices"),
    Person("Farid Noor", "farid@warmfold.example", "agent", "devices"),
    Person("Katya Lorne", "katya@warmfold.example", "agent", "devices", ("en", "de")),
    Person("Ben Achterberg", "ben@warmfold.example", "agent", "software"),
    Person("Lucia Paredes", "lucia@warmfold.example", "agent", "software", ("en", "es")),
    Person("Dele Martins", "dele@warmfold.example", "agent", "care", ("en", "es")),
    Person("Hanne Voss", "hanne@warmfold.example", "agent", "care", ("en", "de")),
    Person("Lena Okafor", "lena@warmfold.example", "lead", "care"),
    Person("Omar Hadley", "omar@warmfold.example", "owner", "billing"),
    Person("Ruth Castellan", "ruth@warmfold.example", "owner", "delivery"),
    Person("Henrik Aldous", "henrik@warmfold.example", "owner", "devices"),
    Person("Mei Tanaka-Ross", "mei@warmfold.example", "owner", "software"),
    Person("Carlo Brightman", "carlo@warmfold.example", "owner", "marketing"),
    Person("Nadia Ferrant", "nadia@warmfold.example", "owner", "installation"),
    Person("Priya Sundal", "priya@warmfold.example", "analyst", "quality"),
    Person("Jonas Ekberg", "jonas@warmfold.example", "admin", "quality"),
)

PRODUCTS = (
    Product("hub", "Warmfold Hub", (Release("3.0", 1200), Release("3.1", 420), Release("3.2", 130))),
    Product("valve", "Warmfold Valve", (Release("V1", 1500), Release("V2", 300))),
    Product("sensor", "Warmfold Sensor", (Release("S1", 1400), Release("S2", 350))),
    Product("app", "Warmfold App", tuple(Release(f"5.{n}", 560 - 90 * n) for n in range(6))),
    Product(
        "plan", "Warmfold Plan", (Release("Basic", 2000), Release("Comfort", 2000), Release("Family", 2000))
    ),
)
PLAN_SHARES = {"Basic": 0.45, "Comfort": 0.38, "Family": 0.17}
DAYS_TO_ADOPT = 100

REGIONS = (
    Region("North", 0.29),
    Region("Midlands", 0.24),
    Region("South", 0.31),
    Region("Continent", 0.16, (("en", 0.64), ("de", 0.24), ("es", 0.12))),
)

SEGMENTS = (
    Segment("Home", 0.66, Decimal("96.00")),
    Segment("Family", 0.27, Decimal("168.00")),
    Segment("Landlord", 0.07, Decimal("540.00")),
)

MACROS = (
    Macro(
        "Ask for the order number",
        "Hello {{ customer.first_name|there }},\n\ncould you send me the order number? It begins with WF- and stands in "
        "the confirmation.",
    ),
    Macro(
        "Refund released", "The refund left us today and reaches you within three working days.", "billing"
    ),
    Macro(
        "New parcel, no waiting",
        "A new parcel leaves today. The search for the first one is our work, not yours.",
        "delivery",
        ({"act": "tag", "value": "lost-parcel"}, {"act": "assign", "value": "@me"}),
    ),
    Macro(
        "Pairing, step by step",
        "Hold the button for ten seconds until the light is white, then search again within a minute.",
        "devices",
    ),
    Macro(
        "Newest link only",
        "Please use the newest mail only: each new request makes the older links invalid.",
        "software",
    ),
    Macro(
        "Urgent, and mine",
        "",
        None,
        ({"act": "rate", "value": 2}, {"act": "tag", "value": "urgent"}, {"act": "assign", "value": "@me"}),
    ),
    Macro("Closing with thanks", "I am glad it works. If anything comes up, simply answer this message."),
)


def desk(start: date, end: date) -> BusinessCalendar:
    """When Customer Care answers: Saturdays as well."""
    week = (hours("08:00-19:00"),) * 5 + (hours("09:00-14:00"), ())
    return BusinessCalendar(TIME_ZONE, week, days_off(start, end))


def office(start: date, end: date) -> BusinessCalendar:
    """When the departments work on causes: Monday to Friday."""
    return office_hours(TIME_ZONE, holidays=days_off(start, end))


def days_off(start: date, end: date) -> frozenset[date]:
    """The public holidays of the years between two days, and of the year after."""
    return public_holidays("GB", range(start.year, (end + timedelta(days=366)).year + 1), "ENG")
