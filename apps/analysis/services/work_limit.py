from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.models import WorkLimit
from helpdesk.errors import Invalid
from helpdesk.models import Department, User
from helpdesk.permissions import require

MOST = 100


@transaction.atomic
def set_work_limit(
    *, department: Department | None = None, cases: int | None, by: User, at: datetime
) -> None:
    """Say how many cases a department should have at work at once, or every department that has no limit of its own;
    None takes the limit back. Nothing is refused beyond it: it is shown where cases are routed and listed.

    Raises Invalid for a number that is no limit.
    """
    require(by, "helpdesk.configure")
    if cases is None:
        WorkLimit.objects.filter(department=department).delete()
        return
    if not 1 <= cases <= MOST:
        raise Invalid(_("A limit lies between 1 and %(most)s cases.") % {"most": MOST}, pointer="cases")
    WorkLimit.objects.update_or_create(
        department=department, defaults={"cases": cases, "set_by": by, "set_at": at}
    )
