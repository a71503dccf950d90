"""The embedded servers: started once, adopted by others, back after a kill, in any folder."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from config.services import Postgres, ServiceError, Services, Valkey, binaries
from config.services import account as accounts
from tests.services_plugin import fast_folder

START_AND_WAIT = """
import sys, time
from pathlib import Path
from config.services import Services
Services(Path(sys.argv[1])).start()
print("started", flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder():
    """A folder that the servers' own account can walk to, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="hd services ", dir=fast_folder()) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def services(folder):
    """Durable servers, as `up` runs them."""
    with Services(folder / "var") as running:
        yield running


def query(services, sql, *, fetch=True):
    connection = psycopg2.connect(services.environment()["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if fetch else []
    connection.close()
    return rows


def valkey(services):
    return redis.Redis.from_url(services.environment()["CACHE_URL"])


def test_both_servers_answer_in_a_folder_with_a_space(services):
    assert query(services, "SELECT current_user, current_database()") == [("helpdesk", "helpdesk")]
    assert valkey(services).ping()


def test_text_in_any_alphabet_has_trigrams(services):
    query(services, "CREATE EXTENSION pg_trgm", fetch=False)

    assert query(services, "SELECT cardinality(show_trgm('Привет'))")[0][0] > 3


def test_nobody_listens_on_the_network(services):
    assert query(services, "SHOW listen_addresses") == [("",)]
    assert services.postgres.sockets.stat().st_mode & 0o077 == 0
    assert services.valkey.sockets.stat().st_mode & 0o077 == 0


def test_a_second_start_keeps_the_data(folder):
    with Services(folder / "var") as first:
        query(first, "CREATE TABLE kept AS SELECT 1 AS one", fetch=False)
        valkey(first).set("kept", "1")
    with Services(folder / "var") as second:
        assert query(second, "SELECT one FROM kept") == [(1,)]
        assert valkey(second).get("kept") == b"1"


def test_a_second_process_adopts_what_runs_and_leaves_it_running(services):
    with Services(services.root) as guest:
        assert not any(service.owned for service in guest.each())
        assert query(guest, "SELECT 1") == [(1,)]
    assert query(services, "SELECT 1") == [(1,)]


def _start_and_report(root, owned):
    with Services(root) as services:
        owned.put(sum(service.owned for service in services.each()))
        time.sleep(1.5)


def test_of_processes_that_start_at_once_one_owns_each_server(folder):
    context = multiprocessing.get_context("spawn")
    owned = context.Queue()
    racers = [context.Process(target=_start_and_report, args=(folder / "var", owned)) for _ in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)

    assert sum(owned.get(timeout=1) for _ in racers) == 2


def test_a_killed_server_comes_back_with_what_was_committed(services):
    query(services, "CREATE TABLE committed AS SELECT 7 AS seven", fetch=False)
    for service in services.each():
        service.process.kill()
        service.process.wait()
        assert not service.alive()
        service.start()
    assert query(services, "SELECT seven FROM committed") == [(7,)]
    assert valkey(services).ping()


def test_the_servers_end_when_their_owner_is_killed(folder):
    command = [sys.executable, "-c", START_AND_WAIT, str(folder / "var")]
    owner = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert owner.stdout.readline() == "started\n"
    guest = Services(folder / "var")
    assert all(service.answers() for service in guest.each())

    owner.kill()
    owner.wait()

    deadline = time.monotonic() + 10
    while any(service.answers() for service in guest.each()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with guest:  # and the next owner starts over
        assert query(guest, "SELECT 1") == [(1,)]


def test_valkey_ends_even_when_its_disk_has_gone(folder):
    server = Valkey(folder / "var")
    server.start()
    shutil.rmtree(server.data)

    server.process.terminate()

    server.process.wait(5)


def test_a_pid_file_that_names_another_program_does_not_stop_the_start(folder):
    with Services(folder / "var") as first:
        postgres = first.postgres
        postgres.process.send_signal(signal.SIGKILL)
        postgres.process.wait()
        lines = (postgres.data / "postmaster.pid").read_text().splitlines()
        (postgres.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        postgres.start()
        assert query(first, "SELECT 1") == [(1,)]


def test_a_half_made_cluster_is_made_again(folder):
    postgres = Postgres(folder / "var")
    half = accounts.private_folder(postgres.data.with_name("postgres-18.making"))
    (half / "PG_VERSION").write_text("18")

    postgres.start()

    assert postgres.answers()
    assert not half.exists()
    postgres.stop()


def test_a_path_longer_than_a_socket_may_have(folder):
    deep = folder / ("a long name of a folder " * 4).strip() / ("and one more " * 4).strip()
    with Services(deep / "var") as services:
        assert len(str(services.postgres.data)) > 108
        assert query(services, "SELECT 1") == [(1,)]


def test_data_of_another_postgresql_is_refused_with_the_remedy(folder):
    postgres = Postgres(folder / "var")
    accounts.private_folder(postgres.data)
    (postgres.data / "PG_VERSION").write_text("15\n")

    with pytest.raises(ServiceError, match="made by PostgreSQL 15.*Back it up"):
        postgres.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of somebody else")
def test_data_of_another_user_is_refused_with_the_remedy(folder):
    server = Valkey(folder / "var")
    server.data.mkdir()
    os.chown(server.data, 12345, 12345)

    with pytest.raises(ServiceError, match="belongs to another user.*HELPDESK_DATA"):
        server.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user reaches its own folders")
def test_a_checkout_in_a_private_folder_of_root_keeps_its_data_where_the_account_reaches(folder):
    private = folder / "private"
    private.mkdir(mode=0o700)

    home = accounts.home_for(private / "var")
    home.rmdir()

    assert home.is_relative_to(accounts.SHARED_HOME)
    assert private.stat().st_mode & 0o777 == 0o700


def test_a_server_that_cannot_start_says_why(folder, monkeypatch):
    monkeypatch.setattr("config.services.valkey.SETTINGS", {"port": "0", "maxmemory": "nonsense"})

    with pytest.raises(ServiceError, match="(?s)valkey stopped.*nonsense"):
        Valkey(folder / "var").start()


def test_what_the_environment_names_is_not_started(folder):
    given = {"DATABASE_URL": "postgresql://elsewhere/desk", "CACHE_URL": "a", "CELERY_BROKER_URL": "b"}

    assert Services(folder / "var", given=given).each() == []
    assert [s.name for s in Services(folder / "var", given=given | {"CACHE_URL": ""}).each()] == ["valkey"]
    assert not (folder / "var" / "postgres-18").exists()


def test_a_command_does_not_stop_servers_that_another_command_uses(folder):
    with Services(folder / "var").for_a_command() as first:
        asking = [sys.executable, "-c", SECOND_COMMAND, str(folder / "var")]
        second = subprocess.Popen(asking, stdout=subprocess.PIPE, text=True)
        assert second.stdout.readline() == "inside\n"
    assert second.wait(10) == 0
    assert not first.postgres.answers()


SECOND_COMMAND = """
import sys, time
from pathlib import Path
from config.services import Services
with Services(Path(sys.argv[1])).for_a_command() as services:
    print("inside", flush=True)
    time.sleep(0.5)
    assert services.postgres.answers()
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs the programs where they are")
def test_programs_in_a_private_folder_are_copied_to_where_the_account_can_run_them(folder, monkeypatch):
    """A checkout below /root, with packages installed under a strict umask."""
    monkeypatch.setattr(accounts, "SHARED_HOME", folder / "shared")
    program = folder / "private" / "bin" / "server"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    program.parent.parent.chmod(0o700)
    before = os.umask(0o077)
    try:
        copy = binaries._within_reach(program, program.parent.parent, [program.parent])
    finally:
        os.umask(before)

    assert accounts.reachable(copy, accounts.service_account())
    assert not accounts.reachable(program, accounts.service_account())
    assert copy.read_text() == "#!/bin/sh\n"
