from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import make_token
from tests.journeys.house import House
from tests.journeys.program import SCOPES, Program


@pytest.fixture
def house(transactional_db: None, tmp_path: Path) -> Iterator[House]:
    """Web, worker and scheduler over this test's database; they are gone before it is emptied."""
    with House(tmp_path) as running:
        yield running


@pytest.fixture
def program(cast) -> Program:
    """A program that may do everything a program may."""
    return Program(make_token(cast.ada, *SCOPES))
