"""Files of ours that go with a notice."""

import pytest
from django.db import IntegrityError, InternalError, transaction

from apps.intake.files import File
from apps.output import services
from apps.output.models import Delivery, Enclosure
from tests.factories import NOW

REPORT = File("report.pdf", "application/pdf", b"%PDF-1.7\xff\x00")
WORDS = {"to": "ceo@board.test", "subject": "April", "text": "plain", "html": "<p>rich</p>", "at": NOW}


def send(cast, **more) -> Delivery:
    return services.send_notice(**WORDS, **more, by=cast.system)


def test_a_notice_takes_its_file_along_and_its_text_stands_before_its_html(cast, outbox):
    send(cast, files=[REPORT])
    (letter,) = outbox(NOW)
    whole = letter.message()
    words, file = whole.get_payload()
    assert whole.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in words.get_payload()] == ["text/plain", "text/html"]
    assert (file.get_filename(), file.get_content_type()) == ("report.pdf", "application/pdf")
    assert file.get_payload(decode=True) == REPORT.content


def test_the_same_notice_asked_for_again_has_its_file_once(cast):
    first, second = send(cast, key="april", files=[REPORT]), send(cast, key="april", files=[REPORT])
    assert first == second
    assert Enclosure.objects.get().delivery == first


def test_a_file_of_a_letter_is_frozen(cast):
    send(cast, files=[REPORT])
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Enclosure.objects.update(content=b"other")
    assert bytes(Enclosure.objects.get().content) == REPORT.content
