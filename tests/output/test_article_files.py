"""Pictures and files of articles: kept, shown, read by whom, and removed."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from rest_framework.test import APIClient

from apps.intake.files import File
from apps.output.articles import services
from apps.output.articles.markup import files_named, html_of, words_of
from apps.output.articles.models import ArticleFile
from apps.output.articles.pictures import Picture, TooManyPixels, picture_in
from helpdesk.errors import Invalid, NotAllowed
from tests.factories import NOW, make_token
from tests.output.test_articles import WORDS, published, written


def drawn(kind: str, width: int = 2, height: int = 3, mode: str = "RGB", **how: object) -> bytes:
    made = BytesIO()
    Image.new(mode, (width, height)).save(made, kind, **how)
    return made.getvalue()


PNG = picture_in(drawn("PNG")).content
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
LATER = NOW + timedelta(hours=1)


def added(article, *files, by) -> list[ArticleFile]:
    return services.add_files(article=article, files=files, by=by, at=NOW)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("GIF", "P"), ("WEBP", "RGBA"),
     ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK")],
)  # fmt: skip
def test_a_picture_is_made_no_larger_than_a_screen_shows(kind, mode):
    small, large = picture_in(drawn(kind, mode=mode)), picture_in(drawn(kind, 3200, 100, mode))
    assert (small.width, small.height, large.width, large.height) == (2, 3, 1600, 50)
    for picture in (small, large):
        with Image.open(BytesIO(picture.content)) as shown:
            assert (shown.format, shown.size) == (kind, (picture.width, picture.height))
        assert picture.content_type == f"image/{kind.lower()}"
        assert picture_in(picture.content).content_type == picture.content_type


def test_nothing_tells_where_a_picture_was_taken_and_it_stands_upright():
    camera = Image.Exif()
    camera[ExifTags.Base.Orientation] = 6  # turned by a quarter
    camera[ExifTags.Base.Make] = "Cam & Co"
    camera.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    words = PngInfo()
    words.add_text("Comment", "at home")
    for sent in (
        drawn("JPEG", 20, 10, exif=camera, comment=b"at home"), drawn("WEBP", 20, 10, exif=camera),
        drawn("PNG", 20, 10, exif=camera, pnginfo=words),
    ):  # fmt: skip
        picture = picture_in(sent)
        assert (picture.width, picture.height) == (10, 20)
        with Image.open(BytesIO(picture.content)) as shown:
            assert shown.size == (10, 20)
            assert not shown.getexif()
        assert b"Cam & Co" in sent
        assert b"Cam & Co" not in picture.content
        assert b"at home" not in picture.content


def test_what_moves_goes_on_moving():
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    made = BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    assert picture_in(made.getvalue()) == Picture(made.getvalue(), "image/gif", 4, 4)


def test_of_a_telephones_two_pictures_in_one_the_first_is_shown():
    made = BytesIO()
    Image.new("RGB", (20, 10)).save(made, "MPO", save_all=True, append_images=[Image.new("RGB", (5, 5))])
    picture = picture_in(made.getvalue())
    assert (picture.content_type, picture.width, picture.height) == ("image/jpeg", 20, 10)
    with Image.open(BytesIO(picture.content)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (20, 10))


@pytest.mark.parametrize(
    "content",
    [
        PNG[:20],
        drawn("JPEG", 90, 90)[:300],
        drawn("GIF")[:9],
        drawn("WEBP")[:30],
        drawn("BMP"),
        SVG,
        b"%PDF-1.7",
        b"",
    ],
)
def test_what_is_no_whole_picture_of_a_known_kind_is_a_file(content):
    assert picture_in(content) is None


@pytest.mark.parametrize("side", [8_000, 14_000])  # more than cameras make, and more than Pillow opens
def test_a_picture_that_would_fill_the_memory_is_refused_unopened(cast, side):
    text, bomb = written(cast.ana), drawn("PNG", side, side, "1")
    with pytest.raises(TooManyPixels):
        added(text.article, File("a.png", "", bomb), by=cast.ana)
    assert not ArticleFile.objects.exists()


def test_a_line_of_markdown_shows_a_picture_of_this_article_and_no_other(cast):
    text = written(cast.ana)
    picture, manual = added(
        text.article, File("my_photo.png", "text/html", PNG), File("a.pdf", "", b"%PDF"), by=cast.ana
    )
    assert (picture.markdown, manual.markdown) == (
        f"![my photo](files/{picture.pk})",
        f"[a.pdf](files/{manual.pk})",
    )
    made = html_of(
        f"{picture.markdown}\n\n{manual.markdown} ![far](https://x.test/a.png) ![gone](files/999)",
        [picture, manual],
    )
    assert f'<img src="{picture.url}" alt="my photo" width="2" height="3" loading="lazy">' in made
    assert f'<a href="{manual.url}" rel="noopener noreferrer">a.pdf</a> far gone' in made
    assert files_named(made, "[a]: files/7\n\n![b][a] files/8 `![](files/9)`") == {7}
    assert words_of("![my photo](files/1)") == "my photo"
    assert "<script" not in html_of('![" onerror="a<script>](files/1)')


def test_the_form_keeps_them_with_a_line_each_and_goes_on(cast, sign_in):
    client = sign_in(cast.lena)
    page = client.post(
        "/articles/new/",
        WORDS | {"language": "en", "visibility": "everybody", "files": [SimpleUploadedFile("a.png", PNG)]},
    )
    file = ArticleFile.objects.get()
    assert page["Location"] == f"/articles/{file.article_id}/"
    assert f'<img src="{file.url}"' in client.get(page["Location"]).content.decode()
    edit = f"/articles/{file.article_id}/en/"
    assert file.markdown in client.get(edit).content.decode()
    draft = file.article.texts.get().versions.get()
    assert draft.words["body"] == f"{WORDS['body']}\n\n{file.markdown}"
    again = client.post(edit, draft.words | {"act": "more", "files": [SimpleUploadedFile("b.txt", b"words")]})
    assert again["Location"] == edit
    assert "[b.txt](files/" in file.article.texts.get().versions.get().words["body"]
    refused = client.post(
        f"/articles/{file.article_id}/files/{file.pk}/remove/", {"language": "en"}, follow=True
    )
    assert "The article shows this file" in refused.content.decode()


def test_readers_open_what_is_published_and_nothing_else(cast, sign_in):
    text, stranger = written(cast.lena), Client()
    shown, hidden = added(
        text.article, File("a.png", "", PNG), File("b.html", "text/html", b"<b>"), by=cast.lena
    )
    services.draft_text(
        article=text.article, language="en", words=WORDS | {"body": shown.markdown}, by=cast.lena, at=LATER
    )
    assert stranger.get(shown.url).status_code == 404
    services.publish_text(text=text, by=cast.lena, at=LATER)
    opened = stranger.get(shown.url)
    assert (opened["Content-Type"], b"".join(opened.streaming_content)) == ("image/png", PNG)
    assert (opened["X-Content-Type-Options"], opened["Content-Security-Policy"]) == (
        "nosniff", "sandbox; default-src 'none'",
    )  # fmt: skip
    assert stranger.get(hidden.url).status_code == 404
    load = sign_in(cast.ana).get(hidden.url)
    assert load["Content-Type"] == "application/octet-stream"
    assert load["Content-Disposition"].startswith("attachment")
    services.change_article(
        article=text.article, values={"visibility": "department", "department": cast.ana.department},
        by=cast.lena, at=LATER,
    )  # fmt: skip
    assert stranger.get(shown.url).status_code == 404
    assert sign_in(cast.mallory).get(shown.url).status_code == 404
    assert sign_in(cast.ana).get(shown.url).status_code == 200


def test_the_bytes_go_with_the_last_article_that_names_them(cast):
    one, two = written(cast.ana), written(cast.ana)
    (first,), (second,) = (added(text.article, File("a.png", "", PNG), by=cast.ana) for text in (one, two))
    services.remove_file(file=first, by=cast.ana, at=LATER)
    assert default_storage.exists(second.place)
    services.discard_draft(text=two, by=cast.ana, at=LATER)
    assert not default_storage.exists(second.place)
    assert not ArticleFile.objects.exists()


def test_agents_remove_nothing_of_what_was_published_and_nobody_adds_too_many(cast, monkeypatch):
    text = published(cast.lena)
    (file,) = added(text.article, File("a.png", "", PNG), by=cast.ana)
    with pytest.raises(NotAllowed):
        services.remove_file(file=file, by=cast.ana, at=LATER)
    monkeypatch.setattr("apps.output.articles.services.files.MOST_FILES", 1)
    with pytest.raises(Invalid):
        added(text.article, File("b.png", "", PNG), by=cast.lena)


def test_programs_add_list_load_and_remove_them(cast):
    article = written(cast.lena).article
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot)}")
    place = f"/api/v1/articles/{article.pk}/files/"
    assert client.post(place, PNG, content_type="image/png").status_code == 422
    made = client.post(f"{place}?filename=a.png", PNG, content_type="image/png")
    assert (made.status_code, made.data["width"], made.data["made_by"]) == (201, 2, cast.robot.email)
    assert [row["id"] for row in client.get(place).data["data"]] == [made.data["id"]]
    one = f"{place}{made.data['id']}/"
    assert b"".join(client.get(one).streaming_content) == PNG
    assert client.delete(one).status_code == 204
    assert client.delete(one).status_code == 404


def test_two_who_write_at_once_see_each_others_words(cast, sign_in):
    text = written(cast.ana)
    edit = f"/articles/{text.article_id}/en/"
    seen = text.versions.get().made_at.isoformat()
    services.draft_text(
        article=text.article, language="en", words=WORDS | {"body": "Theirs."}, by=cast.omar, at=LATER
    )
    client = sign_in(cast.ana)
    page = client.post(edit, WORDS | {"body": "Mine.", "seen": seen})
    said = page.content.decode()
    assert page.status_code == 422
    assert f"{cast.omar.name} wrote meanwhile" in said
    assert "Theirs." in said
    assert "Mine." in said
    assert text.versions.get().words["body"] == "Theirs."
    assert f'value="{LATER.isoformat()}"' in said
    assert client.post(edit, WORDS | {"body": "Both.", "seen": LATER.isoformat()}).status_code == 302
    assert text.versions.get().words["body"] == "Both."
