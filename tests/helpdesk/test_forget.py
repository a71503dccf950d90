from datetime import timedelta

from django.contrib.sessions.models import Session

from helpdesk import services
from helpdesk.models import IdempotencyKey
from tests.factories import NOW

DAY = timedelta(days=1)


def test_answers_are_forgotten_after_their_day_and_sessions_after_their_end(cast):
    for age in (DAY / 2, 2 * DAY):
        IdempotencyKey.objects.create(
            token_user=cast.robot, key=str(age), request_digest="x", created_at=NOW - age
        )
    for end in (NOW - DAY, NOW + DAY):
        Session.objects.create(session_key=str(end), session_data="", expire_date=end)
    services.forget_expired(at=NOW)
    assert IdempotencyKey.objects.get().created_at == NOW - DAY / 2
    assert Session.objects.get().expire_date == NOW + DAY
