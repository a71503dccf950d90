"""One faulty row among many: the others are done, and the fault is said."""

import logging

import pytest
from django.db import OperationalError, connection

from helpdesk.each import each
from helpdesk.models import Department


def half(number):
    return 12 // number


def make(name):
    """A row that is written, unless its name is the faulty one."""
    if name == "faulty":
        raise ValueError(name)
    return Department.objects.create(name=name, slug=name)


def test_every_row_is_dealt_with_in_its_order():
    assert each([1, 2, 3], half) == [12, 6, 4]


def test_nothing_to_do_is_no_fault():
    assert each([], half) == []


def test_a_faulty_row_does_not_stop_the_others_and_is_raised_at_the_end(db):
    with pytest.raises(ExceptionGroup, match="1 failed, 2 done") as raised:
        each(["one", "faulty", "three"], make)
    assert {department.name for department in Department.objects.all()} == {"one", "three"}
    [fault] = raised.value.exceptions
    assert isinstance(fault, ValueError)
    assert fault.__notes__ == ["This happened with faulty."]


def test_all_faults_are_raised_each_with_its_row(db):
    with pytest.raises(ExceptionGroup) as raised:
        each([0, 1, 0], half)
    assert [type(fault) for fault in raised.value.exceptions] == [ZeroDivisionError] * 2


def test_hundreds_of_faulty_rows_do_not_hide_the_one_behind_them(db):
    with pytest.raises(ExceptionGroup, match="300 failed, 1 done"):
        each([*["faulty"] * 300, "last"], make)
    assert Department.objects.get().name == "last"


def test_a_fault_is_logged_at_once_by_number_and_not_by_name(cast, caplog):
    with caplog.at_level(logging.ERROR, "helpdesk.each"), pytest.raises(ExceptionGroup):
        each([cast.zoe], lambda customer: half(0))
    assert f"Customer {cast.zoe.pk}" in caplog.text
    assert "Zoe" not in caplog.text


def test_a_stop_from_outside_is_no_fault_of_a_row(db):
    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        each([1, 2], stop)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_breaks_the_connection_does_not_take_it_from_the_next():
    def act(name):
        if name == "faulty":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return make(name)

    with pytest.raises(ExceptionGroup) as raised:
        each(["faulty", "second"], act)
    assert raised.group_contains(OperationalError)
    assert Department.objects.get().name == "second"


@pytest.mark.django_db(transaction=True)
def test_when_the_database_is_gone_it_ends_early(monkeypatch):
    asked = []

    def act(number):
        asked.append(number)
        connection.close()
        raise OperationalError("gone")

    def refuse(*_, **__):
        raise OperationalError("nobody answers")

    with monkeypatch.context() as away:
        away.setattr(connection, "connect", refuse)
        with pytest.raises(ExceptionGroup):
            each(range(1_000), act)
    assert asked == [0]
