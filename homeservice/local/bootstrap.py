"""Makes the virtual environment and hands over to it. Runs on the machine's own Python: standard library only.

    python3 -I homeservice/local/bootstrap.py run

Kept readable for a Python that is too old, so that it can say so.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
VENV = os.path.join(PROJECT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
NEEDS_DEV = {"test", "lint", "format", "bench", "shots"}


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("usage: bootstrap.py COMMAND [ARGUMENTS]")
    use_a_new_enough_python()
    os.chdir(PROJECT)
    local = os.path.join(PROJECT, ".local")
    os.makedirs(local, mode=0o700, exist_ok=True)
    if not os.access(local, os.W_OK):
        sys.exit(f"{local} belongs to somebody else: remove it, or work as its owner.")
    with open(os.path.join(local, "install.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(dev=sys.argv[1] in NEEDS_DEV)
    os.execv(VENV_PYTHON, [VENV_PYTHON, "-m", "homeservice.local", *sys.argv[1:]])


def use_a_new_enough_python() -> None:
    """Start again under the newest Python that serves, if this one is too old."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(14, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, "-I", *sys.argv])
    own = ".".join(str(part) for part in sys.version_info[:2])
    sys.exit(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; {sys.executable} is {own}.")


def install(*, dev: bool) -> None:
    """Leave the environment as the requirements say; do nothing if it is so already."""
    files = ["requirements.txt"] + (["requirements-dev.txt"] if dev else [])
    wanted = digest(files)
    if os.access(VENV_PYTHON, os.X_OK) and recorded(files[-1]) == wanted:
        return
    pip = environment_with_pip()
    print(f"Installing what {files[-1]} lists (a minute or two the first time)", flush=True)
    command = [*pip, "install", "--disable-pip-version-check", "--no-input", "-r", files[-1]]
    if subprocess.call(command) != 0:
        sys.exit("Installing failed; the lines above say why. Mend it and run the command again.")
    for name in files:
        with open(marker(name), "w") as record:
            record.write(digest(files[: files.index(name) + 1]))


def digest(files: list[str]) -> str:
    """What the environment is made of: the requirements and the Python that runs them."""
    whole = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for name in files:
        with open(os.path.join(PROJECT, name), "rb") as text:
            whole.update(text.read())
    return whole.hexdigest()


def marker(name: str) -> str:
    return os.path.join(VENV, "installed-" + name)


def recorded(name: str) -> str:
    try:
        with open(marker(name)) as record:
            return record.read()
    except FileNotFoundError:
        return ""


def environment_with_pip() -> list[str]:
    """A virtual environment in `.venv`, and the command by which pip installs into it."""
    own = [VENV_PYTHON, "-m", "pip"]
    if os.path.exists(VENV_PYTHON) and works([*own, "--version"]) and same_version():
        return own
    print("Making a virtual environment in .venv", flush=True)
    if not importlib.util.find_spec("ensurepip") or not importlib.util.find_spec("venv"):
        install_venv_module()
    if importlib.util.find_spec("ensurepip"):
        make_environment()
        return own
    make_environment("--without-pip")
    return [sys.executable, "-m", "pip", "--python", VENV_PYTHON]


def make_environment(*options: str) -> None:
    command = [sys.executable, "-m", "venv", "--clear", *options, VENV]
    if subprocess.call(command) != 0:
        sys.exit("The virtual environment could not be made; the lines above say why.")


def install_venv_module() -> None:
    """Debian keeps venv in a package of its own. Install it as root, else say what to install."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing Debian's {package}", flush=True)
        subprocess.call(["apt-get", "update", "-qq"])
        subprocess.call(["apt-get", "install", "-y", "-qq", package])
        importlib.invalidate_caches()
    has_venv = importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")
    if not has_venv and not works([sys.executable, "-m", "pip", "--version"]):
        sys.exit(f"This Python cannot make virtual environments. Install {package} (sudo apt install {package}).")


def same_version() -> bool:
    code = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])!r})"
    return works([VENV_PYTHON, "-c", code])


def works(command: list[str]) -> bool:
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
