import pytest

from apps.control import services
from apps.control.models import ServicePolicy


@pytest.fixture
def policy(db) -> ServicePolicy:
    """Acknowledge within 1 working hour, reply within 8, solve within 40; Monday to Friday 9 to 17, UTC."""
    return services.lay_out_defaults()
