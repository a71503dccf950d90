"""The world of the tests, built as the product builds it: by mutators and services, with a clock of its own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from helpdesk.models import (
    ApiToken,
    Customer,
    Department,
    Issue,
    Message,
    Product,
    Role,
    TaxonomyRelease,
    Ticket,
    User,
)

NOW = datetime(2026, 5, 6, 10, 0, tzinfo=UTC)  # a Wednesday, mid-morning
PASSWORD = "correct horse battery"
numbers = count(1)


@dataclass(frozen=True)
class Cast:
    """The people of every story: see `tests/conftest.py`."""

    billing: Department
    shipping: Department
    ana: User  # agent in Billing
    omar: User  # owner of Billing
    lena: User  # lead in Billing
    nils: User  # analyst
    ada: User  # administrator
    zoe: Customer  # customer
    zoe_account: User  # her portal account
    mallory: User  # agent of Shipping, who must see nothing of Billing
    robot: User  # API client
    system: User


def make_cast() -> Cast:
    billing = Department.objects.create(
        name="Billing", slug="billing", email="billing@desk.test", is_default=True
    )
    shipping = Department.objects.create(name="Shipping", slug="shipping", email="shipping@desk.test")
    zoe = Customer.objects.known_by(
        email="zoe@customer.test", name="Zoe", at=NOW, segment="home", region="north"
    )
    omar = make_user("omar", Role.OWNER, billing)
    billing.head = omar
    billing.save(update_fields=["head"])
    return Cast(
        billing=billing, shipping=shipping, zoe=zoe, omar=omar,
        ana=make_user("ana", Role.AGENT, billing), lena=make_user("lena", Role.LEAD, billing),
        nils=make_user("nils", Role.ANALYST, None), ada=make_user("ada", Role.ADMIN, None),
        mallory=make_user("mallory", Role.AGENT, shipping), robot=make_user("robot", Role.API_CLIENT, None),
        zoe_account=make_user("zoe", Role.CUSTOMER, None, customer=zoe), system=User.objects.system(),
    )  # fmt: skip


def make_user(name: str, role: str, department: Department | None = None, **fields: object) -> User:
    user = User(email=f"{name}@desk.test", name=name.title(), role=role, department=department, **fields)
    # The cheapest hash, so that the cast of every test costs milliseconds; signing in still checks it.
    user.password = f"pbkdf2_sha256$1$salt${_hash()}"
    user.save()
    return user


def _hash() -> str:
    import base64
    import hashlib

    return base64.b64encode(hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 1)).decode()


def make_issue(code: str = "charged-twice", *, owner: Department | None = None, parent: Issue | None = None,
               **fields: object) -> Issue:  # fmt: skip
    release, _ = TaxonomyRelease.objects.get_or_create(
        number=1, defaults={"published_at": NOW, "published_by": User.objects.system()}
    )
    path = f"{parent.path}/{code}" if parent else code
    return Issue.objects.create(
        code=code, path=path, parent=parent, label=code.replace("-", " ").capitalize(), owner_department=owner,
        release=release, **({"valid_from": date(2020, 1, 1)} | fields),
    )  # fmt: skip


def make_product(code: str = "lamp") -> Product:
    return Product.objects.create(code=code, name=code.capitalize())


def make_ticket(cast: Cast, *, subject: str = "Charged twice", body: str = "Please look at my invoice.",
                at: datetime = NOW, **fields: object) -> Ticket:  # fmt: skip
    """A ticket of Zoe's in Billing with its first message, opened by mutators alone: no door, no service."""
    opened = {
        "customer": cast.zoe, "department": cast.billing, "channel": "form", "by": cast.system
    } | fields  # fmt: skip
    ticket = Ticket.open(subject=subject, at=at, **opened)
    Message.receive(
        ticket=ticket, customer=ticket.customer, body=body, by=cast.system, at=at, channel=ticket.channel,
        sender_name=ticket.customer.name, sender_email=ticket.customer.email or "",
    )  # fmt: skip
    return ticket


def make_token(user: User, *scopes: str) -> str:
    """The key of a token with these scopes; read and write of tickets when none are named."""
    _, key = ApiToken.issue(
        user=user, name="test", scopes=list(scopes) or ["tickets:read", "tickets:write"], at=NOW
    )
    return key
