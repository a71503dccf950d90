"""`manage.py demo`, from an empty helpdesk."""

import io
from datetime import date

import pytest
from django.core.management import call_command

from apps.analysis.models import AnalysisRun, Case
from config.demo import world
from config.demo.load import desk, load
from config.demo.progress import Progress
from helpdesk.models import Customer, Event, Ticket, User

pytestmark = pytest.mark.slow


class Killed(BaseException):
    """As if the process had been."""


@pytest.mark.django_db
def test_a_load_that_is_killed_leaves_an_empty_helpdesk_that_can_be_loaded(monkeypatch):
    company = world.build(end=date(2025, 11, 20), tickets=400, months=5)

    def die(*_):
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(desk, "open_desk", die)
        with pytest.raises(Killed):
            load(company, progress=Progress(quiet=True))
    assert not any(model.objects.exists() for model in (User, Customer, Ticket, Event))
    load(company, progress=Progress(quiet=True))
    assert list(Ticket.objects.order_by("pk").values_list("pk", flat=True)) == [
        *range(1, len(company.tickets) + 1)
    ]
    assert Case.objects.count() < len(company.cases)  # those older than a short history are left out


@pytest.mark.django_db
def test_the_command_fills_an_empty_helpdesk_and_runs_the_first_night(capsys):
    call_command("demo", tickets=400)
    out = capsys.readouterr()
    assert Ticket.objects.count() > 300
    assert AnalysisRun.objects.count() == 1
    assert "The first night's analysis" in out.err
    assert "--logins" in out.out


def test_progress_is_a_line_a_step_where_nobody_watches():
    out = io.StringIO()
    progress = Progress(out)
    with progress.step("Carrying boxes", 10):
        progress.advance(4)
        progress.advance(6)
    (line,) = out.getvalue().splitlines()
    assert line.split()[:3] == ["Carrying", "boxes", "done"]


def test_progress_is_a_bar_where_somebody_watches():
    out = io.StringIO()
    out.isatty = lambda: True
    progress = Progress(out)
    with progress.step("Carrying boxes", 10):
        progress._drawn = 0
        progress.advance(5)
    assert "############............" in out.getvalue()
    assert out.getvalue().endswith("s\n")
