"""The outbox against a real SMTP server on a real socket."""

import email
import socket
from datetime import timedelta
from email import policy

import pytest
from aiosmtpd.controller import Controller

from apps.intake.files import File
from apps.output import services
from apps.output.models import Delivery, State
from helpdesk.models import Note
from tests.factories import NOW

AFTER = NOW + timedelta(seconds=11)


class Server:
    """Takes letters, or answers what a test told it to."""

    def __init__(self) -> None:
        self.letters: list = []
        self.answers: list[str] = []
        self.refuses: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 — aiosmtpd's name
        if answer := self.refuses.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 — aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(
            (envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy.default))
        )
        return "250 taken as 4711"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def server(settings):
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield handler
    controller.stop()


def queued(cast, message) -> Delivery:
    return services.deliver(message=message, by=cast.system, at=NOW)


def send(cast, at) -> int:
    return services.send_due(by=cast.system, at=at)


def test_a_letter_arrives_whole(cast, replied, server):
    file = File("Größe.txt", "text/plain", b"\xff\x00")
    delivery = queued(cast, replied(body="Grüße, 你好, مرحبا\n.\nFrom here on", attachments=[file]))
    assert send(cast, AFTER) == 1
    recipients, letter = server.letters[0]
    assert recipients == ["zoe@customer.test"]
    assert letter["Message-ID"] == delivery.letter_id
    assert "Grüße, 你好, مرحبا" in letter.get_body(("plain",)).get_content()
    assert "From here on" in letter.get_body(("html",)).get_content()
    (arrived,) = letter.iter_attachments()
    assert (arrived.get_filename(), arrived.get_payload(decode=True)) == (file.name, file.content)


def test_a_temporary_failure_is_tried_again_and_arrives(cast, replied, server):
    delivery = queued(cast, replied())
    server.answers.append("451 greylisted, come back")
    assert send(cast, AFTER) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (State.QUEUED, "451 greylisted, come back")
    assert send(cast, delivery.send_after) == 1
    assert len(server.letters) == 1


def test_a_permanent_failure_is_noted_and_the_next_letter_still_leaves(cast, replied, server, deliver_news):
    first = queued(cast, replied())
    cast.zoe.email = "other@customer.test"
    cast.zoe.save()
    queued(cast, replied())
    server.refuses["zoe@customer.test"] = "550 no such user here"
    assert send(cast, AFTER) == 1
    first.refresh_from_db()
    assert (first.state, first.error) == (State.FAILED, "550 no such user here")
    deliver_news()
    assert "550 no such user here" in Note.objects.get(ticket=first.ticket).body


def test_a_server_that_is_away_loses_nothing(cast, replied, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    deliveries = [queued(cast, replied()) for _ in range(3)]
    assert send(cast, AFTER) == 0
    for delivery in deliveries:
        delivery.refresh_from_db()
        assert delivery.state == State.QUEUED


def test_the_sink_writes_each_letter_whole(cast, replied, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.MAIL_SINK = "apps.output.sink.EmailBackend", str(tmp_path / "mail")
    queued(cast, replied())
    queued(cast, replied())
    assert send(cast, AFTER) == 2
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    letter = email.message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert letter["To"] == "zoe@customer.test"
