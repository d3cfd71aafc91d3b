"""The computer does not go to sleep in the middle of long work, and what asks it for that never ends the work."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from wakepy import keep, modecount

from svi_studio import awake as asking
from svi_studio.awake import awake
from svi_studio.cli import export, render
from svi_studio.domain.errors import BadInput
from svi_studio.hub import fetch
from svi_studio.settings import MAY_SLEEP
from tests.hub.fetches import fetched, some_files
from tests.hub.local_hub import LocalHub, standing
from trainer.run.commands import command, start
from trainer.run.control import TrainingControl


@pytest.fixture
def _asked_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of this computer; wakepy counts what it would have asked for."""
    monkeypatch.setenv(MAY_SLEEP.name, "")
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "1")


@pytest.mark.usefixtures("_asked_in_vain")
def test_it_is_asked_once_for_a_block_and_not_in_a_pause() -> None:
    with awake() as held:
        held.hold()
        assert modecount() == 1
        held.let_go()
        held.let_go()
        assert modecount() == 0
        held.hold()
        assert modecount() == 1
    assert modecount() == 0


@pytest.mark.usefixtures("_asked_in_vain")
def test_nothing_is_asked_where_the_computer_may_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MAY_SLEEP.name, "1")
    with awake():
        assert modecount() == 0


def test_work_goes_on_where_nobody_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MAY_SLEEP.name, "")
    monkeypatch.setenv("WAKEPY_FORCE_FAILURE", "1")
    with awake():
        pass


@pytest.mark.usefixtures("_asked_in_vain")
def test_a_desktop_that_is_gone_at_the_end_ends_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def gone(**_: object) -> Iterator[None]:
        yield
        raise RuntimeError("no bus")

    monkeypatch.setattr(keep, "running", gone)
    with awake():
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.usefixtures("_asked_in_vain")
def test_a_mac_is_asked_by_its_own_command_which_ends_with_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = tmp_path / "caffeinate"
    stand_in.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\nexec sleep 60\n')
    stand_in.chmod(0o755)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(asking, "_MAC_COMMAND", str(stand_in))
    before = {child.pid for child in psutil.Process().children()}
    with awake():
        (child,) = (child for child in psutil.Process().children() if child.pid not in before)
        while not (tmp_path / "said").exists() or not (tmp_path / "said").read_text():
            time.sleep(0.01)
        assert (tmp_path / "said").read_text() == f"-i -w {os.getpid()}\n"
    assert not child.is_running()


@pytest.mark.usefixtures("_asked_in_vain")
def test_a_mac_without_the_command_works_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(asking, "_MAC_COMMAND", "/nowhere/caffeinate")
    with awake():
        pass


def _counts(asked: list[int]) -> Callable[..., object]:
    def count(*_: object, **_more: object) -> object:
        asked.append(modecount())
        raise BadInput("That is all.")

    return count


@pytest.mark.usefixtures("_asked_in_vain")
@pytest.mark.parametrize("module", [render, export])
def test_films_are_written_awake(module: object, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(module, "named_film", _counts(asked))
    options = argparse.Namespace(json=True, format="mp4")
    with pytest.raises(BadInput):
        module.run(options)  # type: ignore[attr-defined]
    assert [*asked, modecount()] == [1, 0]


@pytest.mark.usefixtures("_asked_in_vain")
def test_trainings_are_awake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(start, "start", _counts(asked))
    options = argparse.Namespace(folder=tmp_path / "run")
    command._train(options, lambda _event: None, TrainingControl(), lambda _device, _versions: None)
    assert [*asked, modecount()] == [1, 0]


@pytest.mark.usefixtures("_asked_in_vain")
def test_models_come_while_it_is_awake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(fetch, "_require_space", lambda *_: asked.append(modecount()))
    with standing(LocalHub(some_files())) as hub:
        fetched(hub, tmp_path, monkeypatch)
    assert [*asked, modecount()] == [1, 0]
