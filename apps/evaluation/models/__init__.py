"""The rows of evaluation, one noun a file."""

from apps.evaluation.models.goal import Goal, Measure

__all__ = ["Goal", "Measure"]
