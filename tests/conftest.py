"""What all tests share: the folder of golden tensors, and quick, repeatable property tests."""

import faulthandler
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from hypothesis import HealthCheck, settings

from tests.patience import PatientQtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported: tests never open a window on a screen
os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is: a forked child waits for ever for its parent's threads
os.environ.setdefault("SVI_MAY_SLEEP", "1")  # nor is the computer of the one who runs them asked for anything
os.environ.setdefault("SVI_NICE", "0")  # workers need not stand back for the tests that wait for them
# Where nothing compiled may be kept, each of the hundreds of processes that tests start would compile the program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

_ON_A_BUSY_COMPUTER = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=15, derandomize=True, **_ON_A_BUSY_COMPUTER)
_EXAMPLES = int(os.environ.get("SVI_EXAMPLES", "1000"))
settings.register_profile("long", max_examples=_EXAMPLES, print_blob=True, **_ON_A_BUSY_COMPUTER)  # new inputs
_LATER = 100  # seconds after a test's own timeout: Python could not end it
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def golden_dir() -> Path:
    """The folder with what the authors' program computed; the variable SVI_GOLDEN names another of the same format."""
    return Path(os.environ.get("SVI_GOLDEN") or Path(__file__).parent / "golden")


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> PatientQtBot:
    """As pytest-qt's own, with the patience that a busy computer needs."""
    return PatientQtBot(request)


@pytest.fixture(autouse=True)
def _a_patient_test_is_no_hang(request: pytest.FixtureRequest) -> None:
    """`faulthandler_timeout` is for all tests alike, and would end the whole run in the middle of a slower one."""
    mark = request.node.get_closest_marker("timeout")
    common = float(request.config.getini("faulthandler_timeout") or 0)
    if mark is not None and mark.args and common and mark.args[0] > common - _LATER:
        stderr = request.config.stash[fault_handler_stderr_fd_key]
        faulthandler.dump_traceback_later(mark.args[0] + _LATER, file=stderr, exit=True)


@pytest.fixture(autouse=True)
def _no_thread_left_running() -> Iterator[None]:
    """Every thread has an owner that ends it: one that outlives its test fails it."""
    yield
    threads = sys.modules.get("svi_studio.jobs.threads.owned_thread")
    left = threads.running_threads() if threads else []
    assert not left, f"threads left running: {left}"


def pytest_collection_finish() -> None:
    """What was imported is no garbage: no search need look at it again, and each would take a fifth of a second."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _garbage_ends_where_it_was_made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test of the window dropped is searched for here: in another thread its end could hang the run."""
    if "qapp" not in request.fixturenames:
        yield
        return
    calm = SimpleNamespace(collect=gc.collect, set_threshold=gc.set_threshold, freeze=_nothing, unfreeze=_nothing)
    monkeypatch.setattr("svi_studio.document.film.calm_memory.gc", calm)  # a film that closes would unfreeze everything
    gc.disable()
    yield
    gc.collect()
    gc.freeze()  # the next search is quick: it looks at what the next test makes
    gc.enable()


@pytest.fixture(autouse=True)
def _no_sound_device(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test plays through the loudspeakers of the one who runs it: those of sound bring a device of their own."""
    if "qapp" not in request.fixturenames:
        return
    from svi_studio.jobs.sound import devices

    def no_package() -> None:
        raise devices.NoSoundDevice("No sound device is there in tests.")

    monkeypatch.setattr(devices, "load_sounddevice", no_package)


def _nothing() -> None:
    pass


@pytest.fixture(scope="session", autouse=True)
def _own_footage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is seen of footage is kept with the tests, also where a fixture of a whole module looks through some."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SVI_FOOTAGE", str(tmp_path_factory.getbasetemp() / "seen"))
        yield


@pytest.fixture(autouse=True)
def _own_user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the preferences, films, caches and keys of the one who runs it."""
    home = tmp_path_factory.getbasetemp() / "home"
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_VIDEOS_DIR"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("SVI_TRAINING", str(home / "training"))
    monkeypatch.setenv("SVI_SOUNDS", str(home / "sounds"))
    monkeypatch.setattr("svi_studio.net.keys._system_keyring", lambda: None)
    monkeypatch.setenv("HF_HUB_CACHE", str(home / "huggingface"))
    monkeypatch.setattr("svi_studio.settings._added", {})


def pytest_unconfigure() -> None:
    """Qt's screenless platform crashes at the end of a process that left something of its own on the clipboard."""
    if "PySide6.QtGui" in sys.modules:
        from PySide6.QtGui import QGuiApplication

        if QGuiApplication.instance() is not None:
            QGuiApplication.clipboard().clear()
