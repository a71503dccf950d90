"""Which promise fits a ticket, and why not: the conditions of a policy against the facts of a ticket, one by one.

The rule is the same as that of `queries.policy_for`, which asks it of the database in one statement; a test holds
the two together. Empty conditions fit everything; an issue means everything below it as well.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.control.models import ServicePolicy


@dataclass(frozen=True)
class Facts:
    """What of a ticket decides its promise."""

    department: int | None = None
    severity: int | None = None
    segment: str = ""
    # The path of its primary issue, "billing/double-charge"; empty while nobody knows.
    issue: str = ""
    customer: int | None = None
    organisation: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Trial:
    """One policy against the facts: the names of the conditions that do not fit, and whether it is the one."""

    policy: ServicePolicy
    misfits: tuple[str, ...]
    is_chosen: bool


def misfits(policy: ServicePolicy, facts: Facts) -> tuple[str, ...]:
    """The names of the conditions that keep the policy from these facts; none: it fits."""
    has = {
        "department": policy.department_id in (None, facts.department),
        "issue": policy.issue is None or _is_below(facts.issue, policy.issue.path),
        "severity": policy.severity in (None, facts.severity),
        "segment": policy.segment in ("", facts.segment),
        "customer": policy.customer_id in (None, facts.customer),
        "organisation": not policy.organisation or policy.organisation.lower() == facts.organisation.lower(),
        "channel": policy.channel in ("", facts.channel),
    }
    return tuple(name for name, fits in has.items() if not fits)


def _is_below(path: str, top: str) -> bool:
    return path == top or path.startswith(top + "/")


def first_fitting(policies: Iterable[ServicePolicy], facts: Facts) -> ServicePolicy | None:
    """The first of the policies, which are in order, that fits."""
    return next((policy for policy in policies if not misfits(policy, facts)), None)


def trials(policies: Sequence[ServicePolicy], facts: Facts) -> list[Trial]:
    """Every policy in order with what keeps it from the facts; the first with nothing is chosen."""
    chosen = first_fitting(policies, facts)
    return [Trial(policy, misfits(policy, facts), policy is chosen) for policy in policies]
