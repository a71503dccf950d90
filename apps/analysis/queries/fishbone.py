"""The causes of a case as a fishbone: the rows of the tree of whys, by where they lie."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.analysis.models import Case, CauseCategory, CausePath, CauseState
from helpdesk.charts import Bone, Caption, Chart, Twig, draw_fishbone

if TYPE_CHECKING:
    from apps.analysis.queries.whys import CauseNode


def fishbone(case: Case, path: CausePath, nodes: "Sequence[CauseNode]") -> Chart | None:
    """One question's causes; None where it was not asked yet. `nodes` in the order of the tree."""
    if not nodes:
        return None
    bones = [
        Bone(
            str(category.label),
            tuple(
                Twig(node.cause.text, node.cause.state, str(node.cause.get_state_display()), node.depth)
                for node in nodes
                if node.cause.bone == category
            ),
        )
        for category in CauseCategory
    ]
    return draw_fishbone(Caption(_finding(path, bones), _("Causes"), len(nodes)), case.title, bones)


def _finding(path: CausePath, bones: Sequence[Bone]) -> str:
    """A chart's title is what it shows."""
    verified = [bone.label for bone in bones for twig in bone.twigs if twig.state == CauseState.VERIFIED]
    empty = sum(not bone.twigs for bone in bones)
    if verified:
        return _("%(label)s Verified under: %(verified)s") % {
            "label": path.label,
            "verified": ", ".join(dict.fromkeys(verified)),
        }
    return _("%(label)s Nothing verified yet; %(empty)s of %(bones)s kinds not looked at") % {
        "label": path.label,
        "empty": empty,
        "bones": len(bones),
    }
