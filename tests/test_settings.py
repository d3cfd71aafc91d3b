"""The environment is read and set through one table, and a process that is started gets what was added to it."""

import os
from pathlib import Path

import pytest

from svi_studio import settings
from svi_studio.own_python import python_environment
from svi_studio.settings import MODELS, NICE, Variable


def test_a_variable_that_is_missing_or_empty_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NICE.name)
    assert NICE.text() == "10"
    monkeypatch.setenv(NICE.name, "")
    assert NICE.text() == "10"
    monkeypatch.setenv(NICE.name, "3")
    assert NICE.text() == "3"


def test_what_is_added_reaches_processes_and_not_this_ones_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODELS.name, "/given")
    MODELS.add("/mine")
    assert os.environ[MODELS.name] == "/given"
    assert python_environment()[MODELS.name] == os.pathsep.join(["/given", "/mine"])
    MODELS.add("")
    assert MODELS.text() == "/given"


def test_every_variable_is_in_the_table_once_and_says_what_it_does() -> None:
    table = [value for value in vars(settings).values() if isinstance(value, Variable)]
    assert len({variable.name for variable in table}) == len(table)
    assert all(variable.does for variable in table)


def test_nothing_else_reads_or_sets_the_environment() -> None:
    root = Path(settings.__file__).parents[1]
    found = {
        path.relative_to(root).as_posix()
        for package in ("svi_studio", "trainer")
        for path in (root / package).rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in ("os.environ", "getenv", "systemEnvironment"))
    }
    assert found == {"svi_studio/settings.py", "svi_studio/system_libraries.py"}
