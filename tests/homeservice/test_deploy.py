"""What production stands on: settings that are safe by default, and files that agree with them."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from homeservice.local.prepare import STEPS
from homeservice.local.world import QUEUES, applications

ROOT = Path(__file__).resolve().parents[2]
LOCAL_ONLY = {
    "compile_catalogue",
    "collectstatic",
    "build_demo",
}  # the image has the first two, production wants no demo


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def production(command: list[str], **env: str) -> "subprocess.CompletedProcess[str]":
    """Run a command under production's settings with nothing but what must be given."""
    needed = ("PATH", "DATABASE_URL", "REDIS_URL", "FIELD_KEYS", "BLIND_INDEX_KEY")
    given = {name: os.environ[name] for name in needed} | {
        "DJANGO_SETTINGS_MODULE": "homeservice.settings.base",
        "SECRET_KEY": "k7-" + "abcdefghij0123456789" * 4,
        "ALLOWED_HOSTS": "jiazheng.example.gov.cn",
        **env,
    }
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def test_production_passes_djangos_deployment_check_without_a_warning() -> None:
    checked = production(["manage.py", "check", "--deploy", "--fail-level", "WARNING"])

    assert (checked.returncode, checked.stdout) == (0, "System check identified no issues (0 silenced).\n"), (
        checked.stderr
    )


def test_production_shows_no_codes_takes_no_test_identities_and_sends_nothing_by_default() -> None:
    code = "from django.conf import settings as s; print(s.DEBUG, s.EMBEDDED, s.IDENTITY_VERIFIER, s.SMS_SENDER)"

    shown = production(["-c", code]).stdout.split()

    assert shown == [
        "False", "False", "communities.accounts.identity.RefusingVerifier", "communities.accounts.sms.RefusingSms"
    ]  # fmt: skip


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "DATABASE_URL", "REDIS_URL"])
def test_production_does_not_start_without_its_secrets(missing: str) -> None:
    code = f"import os; del os.environ['{missing}']; from django.conf import settings; settings.DEBUG"

    started = production(["-c", code])

    assert started.returncode != 0
    assert missing in started.stderr


def test_every_variable_of_the_settings_is_documented() -> None:
    read = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', (ROOT / "homeservice/settings/base.py").read_text()))
    documented = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs/configuration.md").read_text()))

    assert sorted(read - documented) == []


def test_containers_get_what_the_settings_must_have(compose: dict[str, Any]) -> None:
    example = (ROOT / "docs/deploy/env.example").read_text()
    offered = set(re.findall(r"^#?([A-Z_]+)=", example, re.M))

    for name in ("prepare", "web", "worker", "beat"):
        given = offered | set(compose["services"][name]["environment"])
        assert {"SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"} <= given


def test_containers_run_the_same_processes_as_make_run(compose: dict[str, Any]) -> None:
    local = {child.name: child.argv for child in applications({}, 8000)}
    dockerfile = (ROOT / "Dockerfile").read_text()
    web = re.findall(r'"([^"]+)"', dockerfile[dockerfile.index("CMD [") :])

    assert [part if part != "127.0.0.1" else "0.0.0.0" for part in local["web"][2:]] == web
    assert compose["services"]["worker"]["command"] == ["celery", *after(local["worker"], "--quiet")]
    assert compose["services"]["beat"]["command"] == ["celery", *after(local["beat"], "--quiet")]
    assert QUEUES in compose["services"]["worker"]["command"]


def after(argv: list[str], mark: str) -> list[str]:
    return argv[argv.index(mark) + 1 :]


def test_containers_prepare_the_database_as_make_run_does(compose: dict[str, Any]) -> None:
    script = compose["services"]["prepare"]["command"][2]

    prepared = [line.split()[2:] for line in script.split("&&")]

    wanted = [[step.command, *step.arguments] for step in STEPS if step.command not in LOCAL_ONLY]
    assert prepared == wanted


def test_nothing_but_the_proxy_is_open_to_the_world(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_every_lasting_service_is_watched_or_restarted(compose: dict[str, Any]) -> None:
    services = {name: service for name, service in compose["services"].items() if name != "prepare"}

    assert {service["restart"] for service in services.values()} == {"unless-stopped"}
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"beat"}
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (ROOT / source).exists()


def test_the_image_runs_as_an_ordinary_user() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    assert lines.index("USER homeservice") > max(i for i, line in enumerate(lines) if line.startswith("FROM"))
