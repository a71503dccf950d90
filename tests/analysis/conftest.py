import pytest
from rest_framework.test import APIClient

from tests.analysis.kept_worlds import (  # noqa: F401 - fixtures
    proven,
    proven_in_the_file,
    weighed,
    weighed_in_the_file,
    years,
    years_of_the_file,
)
from tests.analysis.world import World, make_world
from tests.factories import make_token, make_user


@pytest.fixture
def world(cast) -> World:
    return make_world(cast)


@pytest.fixture
def olga(world):
    """Billing's owner beside its head."""
    return make_user("olga", "owner", world.cast.billing)


@pytest.fixture
def caller():
    """A program that acts as this user."""

    def calling(user, *scopes):
        client = APIClient()
        client.credentials(
            HTTP_AUTHORIZATION=f"Bearer {make_token(user, *(scopes or ('cases:read', 'cases:write')))}"
        )
        return client

    return calling
