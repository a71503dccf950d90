import pytest

from tests.analysis.world import World, make_world


@pytest.fixture
def world(cast) -> World:
    return make_world(cast)
