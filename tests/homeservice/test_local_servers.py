"""The embedded servers: made once, kept to one machine and one person, started again after anything."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis

from homeservice.local.children import Children
from homeservice.local.leftovers import clear_stale_pid_file, command_line
from homeservice.local.place import LocalError, Place, free_port, own_secrets, place, port_for
from homeservice.local.postgres import start_postgres
from homeservice.local.prepare import STEPS
from homeservice.local.valkey import start_valkey

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place in a folder with a space in its name."""
    at = place(project=tmp_path_factory.mktemp("my project"))
    yield at
    shutil.rmtree(at.servers, ignore_errors=True)


@pytest.fixture
def children(here: Place) -> Iterator[Children]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with open(here.own / "lock", "a") as lock, Children(here, lock=lock.fileno()) as started:
        yield started
    for number, old in kept.items():
        signal.signal(number, old)


def query(url: str, text: str) -> object:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchone()[0] if cursor.description else connection.commit()


@pytest.mark.processes
def test_postgres_is_utf8_for_everybody_and_keeps_its_rows_over_a_restart(here: Place, children: Children) -> None:
    url = start_postgres(children, here, durable=False)
    query(url, "CREATE TABLE IF NOT EXISTS note (text text)")
    query(url, "INSERT INTO note VALUES ('社区家政')")
    locale = query(
        url, "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'homeservice'"
    )
    children.stop()

    again = start_postgres(children, here, durable=False)

    assert again == url
    assert query(again, "SELECT text FROM note") == "社区家政"
    assert query(again, "SHOW server_encoding") == "UTF8"
    assert locale == "b C.UTF-8"


@pytest.mark.processes
def test_postgres_asks_for_the_password_and_listens_on_this_machine_only(here: Place, children: Children) -> None:
    url = start_postgres(children, here, durable=False)

    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(url.replace(url.split(":")[2].split("@")[0], "wrong"))
    assert query(url, "SHOW listen_addresses") == "127.0.0.1"
    assert query(url, "SHOW unix_socket_directories") == ""


@pytest.mark.processes
def test_valkey_asks_for_the_password_and_shows_it_to_nobody(here: Place, children: Children) -> None:
    url = start_valkey(children, here)
    password = url.split(":")[2].split("@")[0]

    with redis.Redis.from_url(url) as ours:
        assert ours.ping()
    with redis.Redis.from_url(url.replace(password, "wrong")) as theirs, pytest.raises(redis.AuthenticationError):
        theirs.ping()
    assert not any(password in part for child in children.children for part in child.argv)
    assert stat.S_IMODE((here.servers / "valkey" / "valkey.conf").stat().st_mode) == 0o600


@pytest.mark.processes
def test_servers_never_run_as_root(here: Place, children: Children) -> None:
    start_valkey(children, here)
    start_postgres(children, here, durable=False)

    owners = {(here.servers / name).stat().st_uid for name in ("valkey", "postgres/cluster")}

    assert 0 not in owners


@pytest.mark.processes
def test_a_server_that_a_killed_runner_left_is_stopped_before_the_next_start(here: Place) -> None:
    with open(here.own / "lock", "a") as lock:
        lost = Children(here, lock=lock.fileno()).__enter__()
        url = start_postgres(lost, here, durable=False)
        process = lost.children[0].process
        lost.guard.kill()  # nobody is left to tidy up
        lost.guard.communicate()
        assert process

        with Children(here, lock=lock.fileno()) as found:
            process.wait(5)
            assert start_postgres(found, here, durable=False) == url
            assert query(url, "SELECT 1") == 1


@contextmanager
def running(program: Path) -> Iterator[int]:
    """The number of a process that sleeps under the program's name."""
    program.symlink_to(shutil.which("sleep") or "/bin/sleep")
    with subprocess.Popen([str(program), "60"]) as process:
        while program.name not in command_line(process.pid):
            time.sleep(0.01)
        yield process.pid
        process.kill()


def test_a_pid_file_whose_number_is_somebody_elses_is_removed(tmp_path: Path) -> None:
    pid_file = tmp_path / "postmaster.pid"

    with running(tmp_path / "editor") as pid:
        pid_file.write_text(f"{pid}\n/somewhere\n")
        clear_stale_pid_file(pid_file)

    assert not pid_file.exists()


def test_a_pid_file_of_a_living_server_is_left_alone(tmp_path: Path) -> None:
    pid_file = tmp_path / "postmaster.pid"

    with running(tmp_path / "postgres") as pid:
        pid_file.write_text(f"{pid}\n")
        with pytest.raises(LocalError, match=f"process {pid}"):
            clear_stale_pid_file(pid_file)

    assert pid_file.exists()


def test_a_port_is_kept_until_somebody_else_takes_it(here: Place) -> None:
    first = port_for(here, "example")
    assert port_for(here, "example") == first

    with socket.socket() as other:
        other.bind(("127.0.0.1", first))
        other.listen()
        assert free_port(first) is None
        assert port_for(here, "example") != first


def test_secrets_are_made_once_and_are_nobody_elses_business(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY"):
        monkeypatch.delenv(name, raising=False)

    made = own_secrets(here)

    assert own_secrets(here) == made
    assert stat.S_IMODE((here.own / "remembered.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(here.own.stat().st_mode) == 0o700


def test_secrets_of_the_environment_go_first(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")

    assert own_secrets(here)["SECRET_KEY"] == "given"


def test_every_step_of_preparing_reads_files_that_exist() -> None:
    assert [name for step in STEPS for name in step.inputs if not (ROOT / name).exists()] == []


def test_a_place_is_separate_from_another(tmp_path: Path) -> None:
    run, test = place(project=tmp_path), place("test", project=tmp_path)

    assert run.servers != test.servers
    for at in (run, test):
        if os.geteuid() == 0:
            shutil.rmtree(at.servers, ignore_errors=True)
