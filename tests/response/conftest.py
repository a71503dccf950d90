import pytest


@pytest.fixture
def ana(cast, sign_in):
    """Ana's browser."""
    return sign_in(cast.ana)
