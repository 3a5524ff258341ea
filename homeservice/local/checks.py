"""What `make test` and `make lint` run, and the browser that the tests drive."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from homeservice.local.children import Child, Children, say
from homeservice.local.place import PROJECT, Place, own_secrets
from homeservice.local.world import start_servers

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PACKAGES = ("homeservice", "communities", "providers", "bookings")
STRICT = ("rules", "queries", "actions")
SETTINGS = "homeservice.settings.testing"


def test(children: Children, at: Place, arguments: list[str]) -> int:
    """`make test`: texts, import order, then every test on servers of their own that are thrown away after."""
    at.remove_servers()
    try:
        env = start_servers(children, at, settings=SETTINGS, durable=False)
        browser = find_browser() or install_browser()
        if browser:
            env["CHROMIUM_PATH"] = browser
        selection = [] if browser else ["-m", "not browser"]
        commands = [
            [sys.executable, "manage.py", "compile_catalogue"],
            import_order(),
            [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *selection, *arguments],
        ]
        status = run_all(children, commands, env)
        if not browser:
            say(
                "Not run: the browser tests, since there is no Chromium here (install one, or name it by CHROMIUM_PATH)."
            )
        return status
    finally:
        children.stop()
        at.remove_servers()


def lint(children: Children, at: Place, arguments: list[str]) -> int:
    """`make lint`: form, types, import order, migrations, texts. All are run; the status tells if one failed."""
    env = {**os.environ, **own_secrets(at), "DJANGO_SETTINGS_MODULE": SETTINGS}
    env |= {"DATABASE_URL": "postgres://none@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    python = [sys.executable, "-m"]
    manage = [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py"]  # no database is asked
    commands = [
        [*python, "ruff", "format", "--check", "--quiet", "."],
        [*python, "ruff", "check", "."],
        [*python, "djlint", "--lint", "--quiet", "templates"],
        [*python, "mypy", "--follow-imports=silent", *sorted(strictly_typed())],
        import_order(),
        [*manage, "makemigrations", "--check", "--dry-run"],
        [*manage, "check_catalogue"],
    ]
    return run_all(children, commands, env, go_on=True)


def format_all(children: Children, at: Place, arguments: list[str]) -> int:
    """`make format`: Python as the linter wants it."""
    python = [sys.executable, "-m"]
    commands = [
        [*python, "ruff", "check", "--fix", "."],
        [*python, "ruff", "format", "."],
    ]
    return run_all(children, commands, dict(os.environ), go_on=True)


def run_all(children: Children, commands: list[list[str]], env: dict[str, str], *, go_on: bool = False) -> int:
    """Run them in order; the first failing status, at once or (`go_on`) after all."""
    first = 0
    for command in commands:
        shown = " ".join(part.replace(sys.executable, "python") for part in command)[:120]
        say(f"\n$ {shown}")
        status = children.run(Child(command[-1], command, env))
        if status:
            say(f"failed ({status}): {shown}")
            first = first or status
            if not go_on:
                break
    return first


def import_order() -> list[str]:
    """import-linter in this interpreter: its own script breaks when the folder is moved."""
    return [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]


def strictly_typed() -> Iterator[str]:
    """What mypy checks strictly: the kernel, the two commands, and each feature's rules, queries and actions."""
    yield from ("homeservice/kernel", "homeservice/local")
    for package in PACKAGES:
        for name in STRICT:
            for path in PROJECT.glob(f"{package}/**/{name}*"):
                if path.suffix == ".py" or path.is_dir():
                    yield str(path.relative_to(PROJECT))


def find_browser() -> str | None:
    """The Chromium to drive: `CHROMIUM_PATH`, one on the PATH, or a Mac's."""
    named = os.environ.get("CHROMIUM_PATH")
    found = [shutil.which(name) for name in ([named] if named else BROWSERS)]
    found += [path for path in MAC_BROWSERS if Path(path).exists()]
    return next((path for path in found if path), None)


def install_browser() -> str | None:
    """Debian's Chromium, if we are root there; else None."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    say("Installing Debian's Chromium for the browser tests")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"],
        env=quiet,
        check=False,
    )
    return find_browser()
