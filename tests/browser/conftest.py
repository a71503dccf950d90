from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium, find_chromium
from tests.browser.desk import Desk, open_desk
from tests.browser.journey_worlds import make_journeys_world
from tests.browser.keyboard import WIDTHS, Hands
from tests.browser.visitor import Visitor
from tests.browser.worlds import make_empty_world, make_full_world


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    running = Chromium(find_chromium())
    yield running
    running.stop()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="session")
def desk(chromium: Chromium, folder: Path, django_db_blocker) -> Iterator[Desk]:
    """The busy desk. It is built once, so a test that changes something uses a ticket nobody else looks at."""
    with open_desk(folder / "full", make_full_world, django_db_blocker) as running:
        yield running


@pytest.fixture(scope="session")
def empty_desk(chromium: Chromium, folder: Path, django_db_blocker) -> Iterator[Desk]:
    """The desk on its first morning."""
    with open_desk(folder / "empty", make_empty_world, django_db_blocker) as running:
        yield running


@pytest.fixture(scope="session")
def journeys(chromium: Chromium, folder: Path, django_db_blocker) -> Iterator[Desk]:
    """The desk on which journeys are made: each has its own cases, signals and issues there."""
    with open_desk(folder / "journeys", make_journeys_world, django_db_blocker) as running:
        yield running


@pytest.fixture
def visit(chromium: Chromium) -> Iterator[Callable[..., Visitor]]:
    """Open a window: `visit(desk, "ana")`, `visit(desk)` for a stranger, `javascript=False` for one without."""
    with ExitStack() as windows:

        def open_window(desk: Desk, person: str = "", *, javascript: bool = True) -> Visitor:
            visitor = Visitor(chromium.browser, desk, person, javascript=javascript)
            windows.callback(lambda: chromium.thread.submit(visitor.leave).result())
            return visitor

        yield open_window


@pytest.fixture(scope="session")
def windows(chromium: Chromium) -> Iterator[dict[tuple[str, str], Visitor]]:
    """Those that stay open between tests: to open one, and to fetch all that a page needs again, takes a second."""
    kept: dict[tuple[str, str], Visitor] = {}
    yield kept
    for visitor in kept.values():
        chromium.thread.submit(visitor.context.close).result()


@pytest.fixture
def look(chromium: Chromium, windows: dict[tuple[str, str], Visitor]) -> Iterator[Callable[..., Visitor]]:
    """Somebody who only looks: `look(desk, "ana")`, in a window that others have looked through before."""
    used: list[Visitor] = []

    def through_window(desk: Desk, person: str = "") -> Visitor:
        key = (desk.site, person)
        visitor = windows[key] = windows.get(key) or Visitor(chromium.browser, desk, person)
        used.append(visitor)
        return visitor

    yield through_window
    for visitor in used:
        chromium.thread.submit(visitor.look_away).result()


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> str:
    """A test that asks for it is walked twice: on a desk, and on a phone."""
    return str(request.param)


@pytest.fixture
def hands(visit: Callable[..., Visitor], width: str) -> Callable[..., Hands]:
    """Ten fingers in front of a window of that width: `hands(journeys, "nils")`, `hands(journeys)` for a stranger."""
    return lambda desk, person="": Hands(visit(desk, person), width)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Tests of the browser run in the browser's thread."""
    if chromium := pyfuncitem.funcargs.get("chromium"):
        pyfuncitem.obj = chromium.in_thread(pyfuncitem.obj)
