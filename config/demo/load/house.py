"""The company before its first ticket: departments, people, products, taxonomy, promises, rules."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.control.models import Calendar, Rung, ServicePolicy
from apps.evaluation.services import lay_out_goals
from apps.response.acting import read_acts
from apps.response.macros.services import save_macro
from apps.response.models import Then
from apps.response.services import save_guidance
from apps.staff.models import Skill
from apps.staff.services import Planned, grant_skill, set_availability, set_staffing
from config.demo import company, taxonomy
from config.demo.rows import World
from helpdesk.models import Department, Issue, Product, Role, Severity, TaxonomyRelease, User
from helpdesk.services import AddIssue, publish_taxonomy

CAPACITY = 30
SHOP = "shop@warmfold.example"
WORKING_DAY = 8 * 60
NO_REASON = "other"  # nobody is an expert in what has no code
# A refund or credit an agent, and a lead, may give without asking.
AGENT_LIMIT, LEAD_LIMIT = Decimal(60), Decimal(250)
ASKS = ("Ask", "Check", "Compare", "Look")
EXPLAINS = ("Explain", "Show", "Tell", "Say", "Describe")


@dataclass(frozen=True)
class House:
    """The rows everything else points at, by the names they have in the world."""

    opened_at: datetime
    departments: dict[str, Department]
    people: dict[str, User]
    products: dict[str, Product]
    issues: dict[str, Issue]
    releases: list[TaxonomyRelease]
    system: User
    shop: User
    admin: User

    @property
    def release(self) -> TaxonomyRelease:
        """The edition at work at this moment of the story."""
        return self.releases[-1]


def build(world: World) -> House:
    """Set the company up as its administrator would have, the day before the first ticket."""
    opened_at = world.now - timedelta(days=(world.end - world.start).days + 2)
    departments = _departments(world)
    people = _people(world, departments)
    for department in world.departments:
        departments[department.slug].head = people[department.head]
    Department.objects.bulk_update(departments.values(), ["head"])
    admin = next(person for person in people.values() if person.role == Role.ADMIN)
    release, issues = _taxonomy(world, departments, people, by=admin, at=opened_at)
    house = House(
        opened_at=opened_at,
        departments=departments,
        people=people,
        products={p.code: Product.objects.create(code=p.code, name=p.name) for p in world.products},
        issues=issues,
        releases=[release],
        system=User.objects.system(),
        shop=User.objects.create_user(email=SHOP, name=f"{company.NAME} shop", role=Role.API_CLIENT),
        admin=admin,
    )
    _knowledge(world, house)
    _promises(house)
    _staff(world, house)
    lay_out_goals(by=admin, at=opened_at)
    return house


def _departments(world: World) -> dict[str, Department]:
    return {
        row.slug: Department.objects.create(
            slug=row.slug, name=row.name, email=row.email, is_default=row.is_default
        )
        for row in world.departments
    }


def _people(world: World, departments: dict[str, Department]) -> dict[str, User]:
    """Everybody who works there; only those in LOGINS can sign in."""
    return {
        person.email: User.objects.create_user(
            email=person.email, name=person.name, role=person.role, department=departments[person.department],
            time_zone=company.TIME_ZONE,
        )
        for person in world.people
    }  # fmt: skip


def _taxonomy(
    world: World, departments: dict[str, Department], people: dict[str, User], *, by: User, at: datetime
) -> tuple[TaxonomyRelease, dict[str, Issue]]:
    changes = [
        AddIssue(
            code=node.code, label=node.label, parent=node.parent or "", kind=node.kind,
            definition=node.definition, includes=node.includes, excludes=node.excludes, examples=node.examples,
            counter_examples=node.counter_examples, owner_department=departments[node.owner_department],
            owner=people[node.owner] if node.owner else None, default_severity=node.default_severity,
        )
        for node in world.nodes
    ]  # fmt: skip
    release = publish_taxonomy(changes=changes, note="The first edition", by=by, at=at)
    return release, {issue.code: issue for issue in Issue.objects.all()}


def _knowledge(world: World, house: House) -> None:
    for macro in world.macros:
        department = house.departments[macro.department] if macro.department else None
        then = Then.WAIT if macro.name.startswith("Ask") else Then.STAY
        save_macro(
            name=macro.name, body=macro.body, then=then, acts=read_acts(list(macro.acts)) if macro.acts else (),
            department=department, by=house.admin, at=house.opened_at,
        )  # fmt: skip
    giving = {p.code for p in taxonomy.profiles() if {"refund", "credit"} & set(p.remedies)}
    for node in world.nodes:
        if node.guidance:
            save_guidance(
                issue=house.issues[node.code], **_guidance(node.guidance),
                agent_limit=AGENT_LIMIT if node.code in giving else Decimal(0),
                lead_limit=LEAD_LIMIT if node.code in giving else Decimal(0), by=house.admin, at=house.opened_at,
            )  # fmt: skip


def _guidance(text: str) -> dict[str, str]:
    """What to ask, what to do and how to explain it, told apart by how each sentence begins."""
    parts: dict[str, list[str]] = {"questions": [], "solution_space": [], "explanation": []}
    for sentence in text.rstrip(".").split(". "):
        name = "questions" if sentence.startswith(ASKS) else "solution_space"
        parts["explanation" if sentence.startswith(EXPLAINS) else name].append(sentence + ".")
    # Questions one on a line: each is answered by itself.
    return {name: ("\n" if name == "questions" else " ").join(said) for name, said in parts.items()}


def _promises(house: House) -> None:
    """Two calendars and what is promised in them. Days for owners are counted in the first."""
    where = {"time_zone": company.TIME_ZONE, "country": "GB", "subdivision": "ENG"}
    # A firm tells its closing days a year ahead.
    shut = [date(house.opened_at.year + years, 12, 24) for years in (1, 2)]
    own = {"days_off": shut, "names_of_days": {day.isoformat(): "Closed for the inventory" for day in shut}}
    Calendar.objects.create(name="Office", week=["09:00-17:00"] * 5 + ["", ""], **where, **own)
    desk = Calendar.objects.create(
        name="Customer desk", week=["08:00-19:00"] * 5 + ["09:00-14:00", ""], **where
    )
    everyday = {"calendar": desk, "acknowledge_minutes": 60, "referral_minutes": 2 * WORKING_DAY}
    policies = [
        ServicePolicy(name="Danger and damage", order=10, severity=Severity.CRITICAL, first_reply_minutes=60,
                      next_reply_minutes=120, resolve_minutes=2 * WORKING_DAY, **everyday),
        ServicePolicy(name="Urgent", order=20, severity=Severity.HIGH, first_reply_minutes=WORKING_DAY // 2,
                      next_reply_minutes=WORKING_DAY // 2, resolve_minutes=4 * WORKING_DAY, **everyday),
        ServicePolicy(name="Landlords", order=30, segment="Landlord", first_reply_minutes=WORKING_DAY // 2,
                      next_reply_minutes=WORKING_DAY, resolve_minutes=4 * WORKING_DAY, **everyday),
        ServicePolicy(name="Standard", order=100, first_reply_minutes=WORKING_DAY,
                      next_reply_minutes=WORKING_DAY, resolve_minutes=8 * WORKING_DAY, **everyday),
    ]  # fmt: skip
    for policy in policies:
        policy.next_update_minutes = 2 * WORKING_DAY
        policy.save()
        Rung.objects.create(policy=policy, after_minutes=0, tell=Rung.Tell.ASSIGNEE)
        Rung.objects.create(policy=policy, after_minutes=0, tell=Rung.Tell.LEADS)
        Rung.objects.create(policy=policy, after_minutes=2 * WORKING_DAY, tell=Rung.Tell.HEAD)


def _staff(world: World, house: House) -> None:
    """How much each agent can carry and what they know best: their own department's part of the tree."""
    desk = Calendar.objects.get(name="Customer desk")
    planned = Planned(calendar=desk, hours_a_week=40, promised_hours=4)
    set_staffing(department=None, planned=planned, by=house.admin, at=house.opened_at)
    branches = [node for node in world.nodes if node.parent is None]
    for person in world.people:
        if person.role not in (Role.AGENT, Role.LEAD):
            continue
        user = house.people[person.email]
        set_availability(user=user, capacity=CAPACITY, by=house.admin)
        for node in branches:
            if node.owner_department == person.department and node.code != NO_REASON:
                grant_skill(
                    user=user, issue=house.issues[node.code], level=Skill.Level.EXPERT, by=house.admin
                )
