import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def another(transactional_db):
    """A second connection to the test's database."""
    other = connections.create_connection("default")
    other.settings_dict = connection.settings_dict
    other.connect()
    yield other
    other.close()


def test_a_quiet_connection_is_usable_and_nothing_is_asked(another, monkeypatch):
    monkeypatch.setattr("django.db.backends.postgresql.base.DatabaseWrapper.is_usable", lambda self: 1 / 0)
    assert another.is_usable()


def test_a_connection_the_server_has_ended_is_not_usable(another):
    with another.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert not another.is_usable()


def test_a_connection_with_unread_news_is_asked_and_found_usable(another):
    with another.cursor() as cursor:
        cursor.execute("LISTEN news")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY news")
    assert another.is_usable()


def test_a_closed_connection_is_not_usable(another):
    another.connection.close()
    assert not another.is_usable()


def test_a_request_after_a_restart_gets_a_new_connection(another, client):
    another.health_check_enabled, another.health_check_done = True, False
    with another.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    another.health_check_done = False
    another.close_if_health_check_failed()
    with CaptureQueriesContext(another), another.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
