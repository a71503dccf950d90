"""Every write of evaluation, by use case; those of the taxonomy are in `taxonomy/`."""

from apps.evaluation.services.goals import PRESETS, lay_out_goals, set_goal, withdraw_goal

__all__ = ["PRESETS", "lay_out_goals", "set_goal", "withdraw_goal"]
