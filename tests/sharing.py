"""How the processes of a run share the tests (pytest plugin, `-p tests.sharing`; without `-n` it does nothing).

A file goes to one process, or a world that its tests share would be built by each; the browsers' worlds are shared
by several files. What takes longest comes first, or one process would end minutes after the others.
"""

import gc

import pytest
from xdist.scheduler import LoadScopeScheduling

# Minutes each, the longest first; the other slow ones (-m slow) follow them, then everything else.
FIRST = ["tests/journeys/test_chaos.py", "a desk in the browser", "journeys in the browser"]


class ByWorld(LoadScopeScheduling):
    """Whole files, and files with a world in common, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return world_of(nodeid)


def world_of(nodeid: str) -> str:
    """What must stay in one process with this test."""
    file = nodeid.partition("::")[0]
    if file.startswith("tests/browser/"):
        return FIRST[1] if "journey" not in file and "letters" not in file else FIRST[2]
    return file


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> ByWorld:
    config.option.loadscopereorder = False
    return ByWorld(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Longest first. The others stay in the order that chance has given them."""
    if hasattr(config, "workerinput"):
        slow = {world_of(item.nodeid) for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: place(world_of(item.nodeid), slow))


def pytest_collection_finish() -> None:
    """What stands by now stays to the end: the collector of garbage need not look through it time and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def place(world: str, slow: set[str]) -> int:
    if world in FIRST:
        return FIRST.index(world)
    return len(FIRST) if world in slow else len(FIRST) + 1
