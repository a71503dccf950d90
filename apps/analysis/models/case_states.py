"""The states of a case, how it may end, and the ways between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    NEW = "new", _("New")
    ASSESS = "assess", _("Assess")
    ROUTED = "routed", _("Routed")
    INVESTIGATING = "investigating", _("Investigating")
    PLANNING = "planning", _("Planning")
    FIXING = "fixing", _("Fixing")
    MONITORING = "monitoring", _("Monitoring")
    ON_HOLD = "on_hold", _("On hold")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    EFFECTIVE = "effective", _("Effective")
    PARTIALLY_EFFECTIVE = "partially effective", _("Partially effective")
    RISK_ACCEPTED = "risk_accepted", _("Risk accepted")
    NO_CAUSE = "no_cause", _("No cause found")
    THIRD_PARTY = "third_party", _("Third party")
    NOT_REPRODUCED = "not_reproduced", _("Not reproduced")
    DUPLICATE = "duplicate", _("Duplicate")
    CANCELLED = "cancelled", _("Cancelled")


class Rejection(models.TextChoices):
    """Why an owner sends a case back."""

    NOT_OURS = "not_ours", _("Not ours")
    DUPLICATE = "duplicate", _("Duplicate of another case")
    BELOW_CRITERIA = "below_criteria", _("Too small to act on")
    NOT_ENOUGH = "not_enough", _("Not enough information")
    ALREADY_FIXED = "already_fixed", _("Already fixed")
    BY_DESIGN = "by_design", _("Works as designed")


OPEN_STATES = tuple(state for state in CaseState if state != CaseState.CLOSED)
# A case can be given up without proof only as long as nothing was fixed.
BEFORE_THE_FIX = (
    CaseState.NEW, CaseState.ASSESS, CaseState.ROUTED, CaseState.INVESTIGATING, CaseState.PLANNING,
)  # fmt: skip
WORK_STATES = (*BEFORE_THE_FIX, CaseState.FIXING, CaseState.MONITORING)
TRANSITIONS: dict[str, frozenset[str]] = {
    CaseState.NEW: frozenset({"assess", "on_hold", "closed"}),
    # To monitoring at once: the owner says it was fixed before we asked, and now it is measured.
    CaseState.ASSESS: frozenset({"routed", "monitoring", "on_hold", "closed"}),
    CaseState.ROUTED: frozenset({"assess", "investigating", "on_hold", "closed"}),
    CaseState.INVESTIGATING: frozenset({"planning", "assess", "on_hold", "closed"}),
    CaseState.PLANNING: frozenset({"fixing", "investigating", "on_hold", "closed"}),
    CaseState.FIXING: frozenset({"monitoring", "planning", "on_hold"}),
    CaseState.MONITORING: frozenset({"closed", "investigating", "assess", "on_hold"}),
    CaseState.ON_HOLD: frozenset(state.value for state in WORK_STATES),
    # The watch found that it came back.
    CaseState.CLOSED: frozenset({"assess"}),
}
