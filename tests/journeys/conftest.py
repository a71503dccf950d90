from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.house import House


@pytest.fixture
def house(transactional_db: None, tmp_path: Path) -> Iterator[House]:
    """Web, worker and scheduler over this test's database; they are gone before it is emptied."""
    with House(tmp_path) as running:
        yield running
