"""The whole service on this machine: servers, filled database, web, worker and beat."""

import os
import sys
import time
import urllib.request
from urllib.error import URLError

from homeservice.local.children import Child, Children, say
from homeservice.local.place import (
    LOOPBACK,
    PROJECT,
    LocalError,
    Place,
    own_secrets,
    port_for,
    write_private,
)
from homeservice.local.postgres import server_programs, start_postgres
from homeservice.local.valkey import start_valkey

WEB_PORT = 8000
WEB_THREADS = 4
WORKER_THREADS = 4
QUEUES = "celery,dispatch"
ROOT_WARNING = "You're running the worker with superuser privileges"  # on one's own machine that is one's own choice


def run(children: Children, at: Place, arguments: list[str]) -> int:
    """`make run`: everything up, then the address and the logins, then watch until Ctrl-C."""
    began = time.monotonic()
    url, _ = start_everything(children, at)
    say(f"\nHomeservice is ready after {time.monotonic() - began:.1f} s:  {url}\n")
    say((at.own / "logins.txt").read_text())
    say("Ctrl-C stops everything.\n")
    children.keep()
    return 0


def shots(children: Children, at: Place, arguments: list[str]) -> int:
    """`make shots`: pictures of every face of the demo world, for the README."""
    url, env = start_everything(children, at)
    return run_module(children, "tests.shots", env | {"BASE_URL": url}, arguments)


def bench(children: Children, at: Place, arguments: list[str]) -> int:
    """`make bench`: yardsticks and ratios, on durable servers of their own."""
    env = start_servers(children, at, settings="homeservice.settings.embedded")
    env["PG_PROGRAMS"] = str(server_programs(at))
    return run_module(children, "tests.bench", env, arguments)


def run_module(children: Children, module: str, env: dict[str, str], arguments: list[str]) -> int:
    path = PROJECT.joinpath(*module.split("."))
    if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists():
        raise LocalError(f"{module} is not part of this version.")
    return children.run(Child(module, [sys.executable, "-m", module, *arguments], env))


def start_everything(children: Children, at: Place) -> tuple[str, dict[str, str]]:
    """Servers, database, web, worker and beat. The address, and the environment they run in."""
    env = start_servers(children, at, settings="homeservice.settings.embedded")
    prepare(children, at, env)
    port = port_for(at, "web", wanted=int(os.environ.get("PORT", WEB_PORT)))
    for child in applications(env, port):
        children.start(child)
    children.wait_for(lambda: is_healthy(port), "The web server", within_s=90)
    return f"http://localhost:{port}/", env


def start_servers(children: Children, at: Place, *, settings: str, durable: bool = True) -> dict[str, str]:
    """The embedded servers, except those that the environment names. The environment for what uses them."""
    own = {"DJANGO_SETTINGS_MODULE": settings, **own_secrets(at)}
    own["DATABASE_URL"] = os.environ.get("DATABASE_URL") or start_postgres(children, at, durable=durable)
    own["REDIS_URL"] = os.environ.get("REDIS_URL") or start_valkey(children, at)
    lines = [f"export {name}='{value}'\n" for name, value in sorted(own.items())]
    write_private(at.own / "environment", "".join(lines))
    return {**os.environ, **own, "PYTHONUNBUFFERED": "1"}


def prepare(children: Children, at: Place, env: dict[str, str]) -> None:
    argv = [sys.executable, "-m", "homeservice.local.prepare", str(at.own)]
    if children.run(Child("prepare", argv, env)) != 0:
        raise LocalError("The database could not be prepared; the lines above say why.")


def applications(env: dict[str, str], port: int) -> list[Child]:
    """Web, worker and beat as production starts them, one process each."""
    python = [sys.executable, "-m"]
    web = [
        *python, "granian", "--interface", "wsgi", "--host", LOOPBACK, "--port", str(port), "--workers", "1",
        "--blocking-threads", str(WEB_THREADS), "--blocking-threads-idle-timeout", "600", "--no-ws",
        "homeservice.wsgi:application",
    ]  # fmt: skip
    celery = [sys.executable, "-W", f"ignore:{ROOT_WARNING}", "-m", "celery", "--quiet", "-A", "homeservice"]
    worker = [
        *celery, "worker", "--queues", QUEUES, "--pool", "threads", "--concurrency", str(WORKER_THREADS),
        "--loglevel", "WARNING", "--without-mingle", "--without-gossip",
    ]  # fmt: skip
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""]
    return [Child("web", web, env), Child("worker", worker, env), Child("beat", beat, env)]


def is_healthy(port: int) -> bool:
    """Whether the web answers for itself and for what it stands on."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{LOOPBACK}:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
