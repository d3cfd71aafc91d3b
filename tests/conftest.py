"""What all tests share: the folder of golden tensors, and quick, repeatable property tests."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported: tests never open a window on a screen
os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is: a forked child waits for ever for its parent's threads

settings.register_profile("house", max_examples=25, deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.fixture(scope="session")
def golden_dir() -> Path:
    """The folder with what the authors' program computed; the variable SVI_GOLDEN names another of the same format."""
    return Path(os.environ.get("SVI_GOLDEN") or Path(__file__).parent / "golden")


@pytest.fixture(autouse=True)
def _no_thread_left_running() -> Iterator[None]:
    """Every thread has an owner that ends it: one that outlives its test fails it."""
    yield
    threads = sys.modules.get("svi_studio.jobs.owned_thread")
    left = threads.running_threads() if threads else []
    assert not left, f"threads left running: {left}"


@pytest.fixture(autouse=True)
def _garbage_ends_where_it_was_made(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test of the window dropped is searched for here: in another thread its end could hang the run."""
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect()
    gc.freeze()  # the next search is quick: it looks at what the next test makes
    gc.enable()


@pytest.fixture(autouse=True)
def _own_user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the preferences, films, caches and keys of the one who runs it."""
    home = tmp_path_factory.getbasetemp() / "home"
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_VIDEOS_DIR"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("SVI_TRAINING", str(home / "training"))
    monkeypatch.setattr("svi_studio.storyline.keys._system_keyring", lambda: None)
    monkeypatch.setenv("HF_HUB_CACHE", str(home / "huggingface"))
