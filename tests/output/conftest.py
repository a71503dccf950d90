from collections.abc import Callable

import pytest
from django.core import mail

from apps.output import services
from apps.response import services as response
from helpdesk.models import Message
from tests.factories import NOW, make_ticket


@pytest.fixture
def replied(cast) -> Callable[..., Message]:
    """A reply of Ana's on a ticket of Zoe's."""

    def write(body="We have credited it.", at=NOW, **more) -> Message:
        ticket = more.pop("ticket", None) or make_ticket(cast, at=NOW)
        return response.reply(ticket=ticket, body=body, by=cast.ana, at=at, **more)

    return write


@pytest.fixture
def outbox(settings, cast) -> Callable[..., list]:
    """Send what is due at a moment; what has left so far."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []

    def send(at) -> list:
        services.send_due(by=cast.system, at=at)
        return mail.outbox

    return send
