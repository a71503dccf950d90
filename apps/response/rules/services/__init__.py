"""The use cases of rules, one file each."""

from apps.response.rules.services.by_clock import forget_runs, look_by_the_clock
from apps.response.rules.services.firing import CAP, DEEPEST
from apps.response.rules.services.minding import mind_rules
from apps.response.rules.services.obeying import obey
from apps.response.rules.services.saving import (
    RuleGiven,
    copy_rule,
    move_rule,
    remove_rule,
    rename_in_rule,
    restore_rule,
    save_rule,
    switch_rule,
)
from apps.response.rules.services.trying import Trial, Would, try_rule

__all__ = [
    "CAP",
    "DEEPEST",
    "RuleGiven",
    "Trial",
    "Would",
    "copy_rule",
    "forget_runs",
    "look_by_the_clock",
    "mind_rules",
    "move_rule",
    "obey",
    "remove_rule",
    "rename_in_rule",
    "restore_rule",
    "save_rule",
    "switch_rule",
    "try_rule",
]
