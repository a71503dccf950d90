"""The components and what they are made with: filters, icons, clocks, fields, the shell; and the static files."""

import gzip
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from helpdesk import style_guide
from helpdesk.models import Role, User
from helpdesk.templatetags import helpdesk as tags

STATIC = Path(settings.BASE_DIR) / "static"


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """No collected manifest is needed to look at a template."""
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}


def render(source: str, **context: object) -> str:
    """A template with components, as a page would hold it."""
    from django_cotton.compiler_regex import CottonCompiler

    template = engines["django"].from_string(CottonCompiler().process(source))
    return template.render(context, RequestFactory().get("/queue/?view=mine&page=2"))


def page(template: str, **context: object) -> str:
    request = RequestFactory().get("/style/")
    request.user = User(pk=1, name="Ana", email="ana@example.com", role=Role.ADMIN)
    return render_to_string(template, {"user": request.user, **context}, request=request)


# --- filters ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mara Oyelaran", "MO"),
        ("kit", "K"),
        ("J. van der Park", "JP"),
        ("", "?"),
        (None, "?"),
        ("عمر الحسن", "عا"),
    ],
)
def test_initials(name, expected):
    assert tags.initials(name) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (10, "< 1 min"),
        (720, "12 min"),
        (99 * 60, "99 min"),
        (100 * 60, "2 h"),
        (10_799, "3 h"),
        (-7200, "−2 h"),
        (timedelta(days=9), "9 d"),
        (None, "–"),
    ],
)
def test_short_durations(value, expected):
    assert tags.short_duration(value).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (1180.4, 0, "$ 1,180"),
        (Decimal("128187.5"), 0, "$ 128,188"),
        (-0.5, 0, "−$ 1"),
        (2.345, 2, "$ 2.35"),
        (None, 0, "–"),
        ("many", 0, "–"),
    ],
)
def test_money_rounds_half_up(value, digits, expected, settings):
    settings.CURRENCY = "$"
    assert tags.money(value, digits).replace("\u00a0", " ") == expected


def test_percentages_and_numbers():
    assert tags.percentage(0.574).replace("\u00a0", " ") == "57 %"
    assert tags.percentage(0.0567, 1).replace("\u00a0", " ") == "5.7 %"
    assert tags.number(1234567) == "1,234,567"
    assert tags.number(float("nan")) == "–"


# --- clocks and rings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "state", "share"),
    [(3601, "fine", 25), (3600, "soon", 25), (0, "soon", 0), (-1, "overdue", 0), (99_999, "fine", 100)],
)
def test_a_clock_is_soon_in_the_last_quarter_of_its_target(left, state, share):
    face = tags.clock_face(left, 14_400)
    assert (face.state, face.share) == (state, share)


def test_a_paused_clock_is_not_counted_down():
    html = render('<c-clock :left="left" :target="target" state="paused" />', left=60, target=600)
    assert 'data-state="paused"' in html
    assert "data-clock=" not in html
    assert 'data-clock="60"' in render('<c-clock :left="left" :target="target" />', left=60, target=600)


def test_the_ring_closes_with_the_case():
    assert tags.loop_ring("closed").count("class=on") == 6
    assert tags.loop_ring("planning").count("class=on") == 3
    assert tags.loop_ring("planning").count("class=now") == 1
    assert tags.loop_ring("monitoring", lost=True).count("class=lost") == 6


# --- components ---------------------------------------------------------------------------------------


def test_an_icon_is_decoration_and_some_turn_with_the_text():
    assert 'aria-hidden="true"' in tags.icon("inbox")
    assert "icon-flip" in tags.icon("chevron-right")
    assert "icon-flip" not in tags.icon("inbox")


def test_a_button_passes_on_what_it_does_not_know():
    html = render('<c-button kind="primary" hx-post="/x/" name="a" value="1" keys="r">Go</c-button>')
    assert 'class="btn btn-primary"' in html
    assert 'hx-post="/x/"' in html
    assert 'data-key="r"' in html
    assert 'type="button"' in html


def test_a_button_with_an_address_is_a_link():
    assert render('<c-button href="/x/">Go</c-button>').strip().startswith('<a href="/x/"')


def test_a_component_takes_nothing_from_the_page_around_it():
    html = render("<c-button>Go</c-button>", kind="danger", href="/stray/", label="stray", keys="x")
    assert "stray" not in html
    assert "danger" not in html


def test_what_users_wrote_is_escaped_in_components():
    nasty = "<img src=x>"
    html = render(
        '<c-card :title="x"></c-card><c-message :author="x" :text="x" /><c-pill>{{ x }}</c-pill>', x=nasty
    )
    assert "<img" not in html


class Letter(forms.Form):
    name = forms.CharField(help_text="As on the invoice")
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    agree = forms.BooleanField(required=False)


def test_a_field_in_error_points_to_its_hint_and_its_error():
    form = Letter({})
    html = render('<c-field :field="form.name" />', form=form)
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert 'aria-invalid="true"' in html
    assert 'dir="auto"' in html


def test_a_choice_is_a_fieldset_and_a_box_has_its_label_after_it():
    form = Letter()
    assert "<legend>" in render('<c-field :field="form.kind" />', form=form)
    box = render('<c-field :field="form.agree" />', form=form)
    assert re.search(r'<label class="check"[^>]*>\s*<input type="checkbox"', box)


def test_the_error_summary_links_to_each_field_and_is_absent_without_errors():
    html = render('<c-error-summary :form="form" />', form=Letter({}))
    assert 'href="#id_name"' in html
    assert 'role="alert"' in html
    assert render('<c-error-summary :form="form" />', form=Letter()).strip() == ""


def test_a_form_is_whole_and_takes_files_where_it_has_a_field_for_them():
    source = '<c-form :form="form" button="Send" plain action="/go/">A word<c-slot name="foot">Or not</c-slot></c-form>'
    html = render(source, form=Letter({}))
    assert 'name="csrfmiddlewaretoken"' in html
    assert 'action="/go/"' in html
    order = [
        html.index(part) for part in ('role="alert"', "<form", 'id="id_name"', "A word", ">Send<", "Or not")
    ]
    assert order == sorted(order)
    assert "btn-primary" not in html
    assert "multipart" not in html
    html = render('<c-form :form="form" button="Send" />', form=style_guide.SampleForm())
    assert 'enctype="multipart/form-data"' in html
    assert "btn-primary" in html


def test_every_link_of_an_error_summary_leads_somewhere():
    html = page("helpdesk/style_guide.html", **style_guide.sample())
    summary = html[html.index("error-summary") : html.index("</ul>", html.index("error-summary"))]
    for target in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{target}"' in html


def test_pages_keep_the_rest_of_the_query():
    html = render('<c-pagination :page="page" />', page=Paginator(range(100), 10).page(2))
    assert "?view=mine&amp;page=3" in html
    assert render('<c-pagination :page="page" />', page=Paginator(range(3), 10).page(1)).strip() == ""


# --- pages --------------------------------------------------------------------------------------------


def test_the_style_guide_shows_everything_and_needs_no_inline_code():
    html = page("helpdesk/style_guide.html", **style_guide.sample())
    assert not re.search(r'\sstyle="', html)
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*src=)", html)
    assert "<c-" not in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_every_component_stands_in_the_style_guide():
    source = (Path(settings.BASE_DIR) / "helpdesk/templates/helpdesk/style_guide.html").read_text()
    folder = Path(settings.BASE_DIR) / "helpdesk/templates/cotton"
    names = {path.stem.replace("_", "-") for path in folder.glob("*.html")}
    assert names == {name for name in names if f"<c-{name}" in source}


def test_the_shell_leads_to_the_sections_this_person_may_enter():
    html = page("helpdesk/style_guide.html", **style_guide.sample())
    assert 'id="nav-1"' in html
    assert "Sign out" in html


@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_the_theme_is_painted_by_the_server(theme):
    html = page("helpdesk/style_guide.html", **style_guide.sample(), theme=theme)
    assert (f'data-theme="{theme}"' in html.split(">")[1]) == bool(theme)


@pytest.mark.parametrize("code", ["400", "403", "404", "500"])
def test_an_error_page_needs_no_context(code):
    assert code in render_to_string(f"{code}.html")


# --- static files -------------------------------------------------------------------------------------


def test_the_styles_and_scripts_stay_within_their_budget():
    css = "".join(path.read_text() for path in STATIC.glob("css/**/*.css"))
    scripts = "".join(path.read_text() for path in STATIC.glob("js/*.js"))
    assert len(gzip.compress(css.encode())) < 20_000
    htmx = finders.find("django_htmx/htmx-2.min.js")
    assert len(gzip.compress(scripts.encode())) + len(gzip.compress(Path(htmx).read_bytes())) < 32_000


def test_every_stylesheet_is_imported_once_and_names_its_layer():
    entry = (STATIC / "css/app.css").read_text()
    layers = re.search(r"@layer ([^;]+);", entry)
    assert layers
    files = {str(path.relative_to(STATIC / "css")) for path in STATIC.glob("css/**/*.css")} - {"app.css"}
    assert sorted(re.findall(r'@import "([^"]+)"', entry)) == sorted(files)
    for name in files:
        used = re.search(r"@layer (\w+) \{", (STATIC / "css" / name).read_text())
        assert used
        assert used[1] in layers[1]


def test_every_script_a_script_imports_is_there():
    for path in STATIC.glob("js/*.js"):
        for name in re.findall(r'from "\./([^"]+)"|import "\./([^"]+)"', path.read_text()):
            assert (STATIC / "js" / "".join(name)).is_file()


def test_collected_styles_are_one_file_and_scripts_import_hashed_names(tmp_path, settings):
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "helpdesk.staticfiles.Storage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    css = next(tmp_path.glob("css/app.*.css")).read_text()
    assert "@import" not in css
    assert "--accent:" in css
    assert next(tmp_path.glob("css/app.*.css.gz")).is_file()
    script = next(path for path in tmp_path.glob("js/app.*.js") if path.name != "app.js").read_text()
    assert re.search(r'import "\./keys\.[0-9a-f]{12}\.js"', script)
