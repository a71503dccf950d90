"""Who could finish a merged issue can finish the one it is read as."""

from django.db import transaction

from apps.staff.models import Skill
from helpdesk.models import TaxonomyRelease, User
from helpdesk.permissions import require


@transaction.atomic
def carry_skills(*, release: TaxonomyRelease, by: User) -> int:
    """Give every skill in an issue that this release merged for the remaining issue as well, at the higher of two
    levels; returns how many were given or raised. Twice is as good as once, and the old skill stays for an undo."""
    require(by, "staff.manage")
    known = Skill.objects.filter(issue__release=release, issue__replaced_by__isnull=False)
    return sum(_carry(skill) for skill in known.select_related("issue__replaced_by").order_by("pk"))


def _carry(skill: Skill) -> bool:
    assert skill.issue is not None  # noqa: S101 (asked by the caller)
    kept, made = Skill.objects.select_for_update(of=("self",), no_key=True).get_or_create(
        user=skill.user, issue=skill.issue.replaced_by, product=skill.product, defaults={"level": skill.level}
    )
    if made or kept.level >= skill.level:
        return made
    kept.level = skill.level
    kept.save(update_fields=["level"])
    return True
