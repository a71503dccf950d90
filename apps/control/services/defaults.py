from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.control.models import Calendar, Rung, ServicePolicy

HOUR = 60
WORKING_DAY = 8 * HOUR


@transaction.atomic
def lay_out_defaults() -> ServicePolicy:
    """Give a new helpdesk one calendar, one policy and its ladder, to be changed later; none if there is a policy.

    Acknowledge within an hour, reply within a working day, solve within five, referrals answered within two.
    """
    with connection.cursor() as cursor:  # two workers at once lay them out once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('default policies'))")
    if existing := ServicePolicy.objects.first():
        return existing
    calendar = Calendar.objects.get_or_create(name=_("Office hours"))[0]
    policy = ServicePolicy.objects.create(
        name=_("Standard"), calendar=calendar, acknowledge_minutes=HOUR, first_reply_minutes=WORKING_DAY,
        next_reply_minutes=WORKING_DAY, resolve_minutes=5 * WORKING_DAY, referral_minutes=2 * WORKING_DAY,
    )  # fmt: skip
    for after, tell in ((0, Rung.Tell.ASSIGNEE), (0, Rung.Tell.LEADS), (WORKING_DAY, Rung.Tell.HEAD)):
        Rung.objects.create(policy=policy, after_minutes=after, tell=tell)
    return policy
