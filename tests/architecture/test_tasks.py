"""A task addressed by name exists, and takes what it is sent."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings

from homeservice.local.world import QUEUES
from tests.architecture.source import dotted, module_name, nodes, place, python_files

SENDERS = {"wake", "wake_shard", "send"}
OWN_ARGUMENTS = {"queue"}  # of the sender, not of the task


@pytest.fixture(scope="module", autouse=True)
def _tasks_are_registered() -> None:
    current_app.loader.import_default_modules()


def test_whoever_is_woken_exists_and_takes_the_arguments() -> None:
    wrong = [problem for path in python_files() for problem in problems_of(path)]

    assert wrong == []


def test_every_sweep_of_beat_exists_and_takes_its_arguments() -> None:
    wrong = []
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        task = current_app.tasks.get(entry["task"])
        if not task:
            wrong.append(f"{name}: there is no task {entry['task']}")
        elif not takes(task.run, len(entry.get("args", ())), set(entry.get("kwargs", {}))):
            wrong.append(f"{name}: {entry['task']} does not take its arguments")

    assert wrong == []


def test_every_queue_that_is_written_is_read_by_the_worker() -> None:
    written = {
        keyword.value.value
        for path in python_files()
        for node in nodes(path)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "queue" and isinstance(keyword.value, ast.Constant)
    }

    assert written | {"celery", "dispatch"} == set(QUEUES.split(","))


def problems_of(path: Path) -> Iterator[str]:
    """Calls of `wake`, `wake_shard` and `send` in a file that address no task, or the wrong arguments."""
    if module_name(path) == "homeservice.kernel.queue":
        return
    for node in nodes(path):
        if not isinstance(node, ast.Call) or not addresses_a_task(path, node):
            continue
        name = task_name(path, node.args[0])
        task = current_app.tasks.get(name)
        sent = {keyword.arg or "**" for keyword in node.keywords} - OWN_ARGUMENTS
        if dotted(node.func).endswith("wake_shard"):
            sent = {"shard"}
        if not task:
            yield f"{place(path, node)}: there is no task {name}"
        elif not takes(task.run, 0, sent):
            yield f"{place(path, node)}: {name} does not take {sorted(sent)}"


def addresses_a_task(path: Path, call: ast.Call) -> bool:
    """Whether the called name is one of `kernel.queue`, by its own import or through the module."""
    owner, _, verb = dotted(call.func).rpartition(".")
    if verb not in SENDERS or not call.args:
        return False
    if owner:
        return owner == "queue"
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "homeservice.kernel.queue"
        and verb in {alias.asname or alias.name for alias in node.names}
        for node in nodes(path)
    )


def task_name(path: Path, node: ast.AST) -> str:
    """The name as written, or the value of the constant that it is."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    value = import_module(module_name(path))
    for part in dotted(node).split("."):
        value = getattr(value, part)
    return str(value)


def takes(function: object, positional: int, keywords: set[str]) -> bool:
    try:
        inspect.signature(function).bind(*[None] * positional, **dict.fromkeys(keywords))  # type: ignore[arg-type]
    except TypeError:
        return False
    return True
