from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from helpdesk.models import Attachment
from helpdesk.models.attachment import place_of, store
from tests.factories import make_ticket


def keep(ticket, content):
    message = ticket.messages.get()
    return Attachment.keep(name="a.txt", content_type="text/plain", content=content, message=message)


def test_the_same_content_is_stored_once(cast, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    ticket = make_ticket(cast)
    assert keep(ticket, b"All of it").file.name == keep(ticket, b"All of it").file.name
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_half_a_file_that_a_crash_left_behind_is_written_anew(cast, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    digest = store(b"All of it")
    default_storage.delete(place_of(digest))
    default_storage.save(place_of(digest), ContentFile(b"All"))
    attachment = keep(make_ticket(cast), b"All of it")
    assert attachment.file.read() == b"All of it"
