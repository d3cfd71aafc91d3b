"""How the program starts: window or command line, without a screen, and without anything heavy before the window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from svi_studio.__main__ import _is_for_the_window
from svi_studio.app import NO_SCREEN, NO_WINDOW, main
from tests.patience import SECONDS

_ROOT = Path(__file__).parents[3]
_HEAVY = ("torch", "diffusers", "transformers", "numpy", "PIL", "av", "pydantic", "svi_studio.engine")

_SHOW = """
import sys
from PySide6.QtWidgets import QApplication
from svi_studio.ui.application import prepare_application
from svi_studio.ui.studio import Studio
application = QApplication([])
prepare_application(application)
studio = Studio()
studio.start()
application.processEvents()
shown = studio.welcome.window.isVisible()
heavy = [name for name in sys.argv[1:] if name in sys.modules]
studio.close()
print(shown, heavy)
"""

_HANG = """
import threading
from PySide6.QtCore import QTimer
from svi_studio.app import main
from svi_studio.jobs.threads.owned_thread import OwnedThread
from svi_studio.ui.studio import Studio
class Hanging(OwnedThread):
    def run(self):
        threading.Event().wait()
def start(studio, path):
    studio.hanging = Hanging("hanging", studio)
    studio.hanging.start()
    QTimer.singleShot(0, studio, studio.finished.emit)
Studio.start = start
raise SystemExit(main())
"""

_SEARCH = """
import gc
from PySide6.QtCore import QTimer
from svi_studio.app import main
from svi_studio.ui.studio import Studio
def start(studio, path):
    print(gc.isenabled())
    QTimer.singleShot(0, studio, studio.finished.emit)
Studio.start = start
main()
print(gc.isenabled())
"""


def _run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    drop = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"} - variables.keys()
    environment = {name: value for name, value in os.environ.items() if name not in drop}
    environment |= {"PYTHONPATH": str(_ROOT), **variables}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, env=environment, check=False, timeout=SECONDS
    )


def own_folders(home: Path) -> dict[str, str]:
    return {name: str(home) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_VIDEOS_DIR")}


@pytest.mark.parametrize("words", [[], ["Holiday.svi"], ["films/Holiday.svi/"], ["story.json"], ["a b.SVI"]])
def test_nothing_or_a_film_opens_the_window(words: list[str]) -> None:
    assert _is_for_the_window(words)


@pytest.mark.parametrize(
    "words", [["render", "a.svi", "-o", "b.mp4"], ["--help"], ["doctor"], ["info", "a.svi"], ["nonsense"]]
)
def test_everything_else_is_for_the_command_line(words: list[str]) -> None:
    assert not _is_for_the_window(words)


def test_the_command_line_does_without_the_window(tmp_path: Path) -> None:
    ended = _run("-X", "importtime", "-m", "svi_studio", "--version")
    assert ended.returncode == 0 and "PySide6" not in ended.stderr


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="these systems always have a screen")
def test_without_a_screen_there_is_one_clear_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 2
    assert capsys.readouterr().err == NO_SCREEN.format(command="svi-studio") + "\n"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="only Linux lacks some")
def test_missing_libraries_of_the_screen_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setattr("svi_studio.system_libraries.missing_libraries", lambda _where: ["libxcb-icccm.so.4"])
    assert main([]) == 2
    said = capsys.readouterr().err
    assert said.startswith("The window needs the library libxcb-icccm.so.4, which this computer lacks.")


def test_a_system_without_the_window_is_pointed_to_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert main([]) == 2
    assert capsys.readouterr().err == NO_WINDOW.format(command="svi-studio") + "\n"


def test_the_first_window_needs_nothing_heavy(tmp_path: Path) -> None:
    ended = _run("-c", _SHOW, *_HEAVY, QT_QPA_PLATFORM="offscreen", **own_folders(tmp_path))
    assert ended.stdout.strip() == "True []", ended.stderr


def test_a_thread_that_hangs_on_a_disk_does_not_abort_the_program_at_its_end(tmp_path: Path) -> None:
    ended = _run("-c", _HANG, QT_QPA_PLATFORM="offscreen", **own_folders(tmp_path))
    assert (ended.returncode, ended.stderr) == (0, "")


def test_garbage_is_searched_by_the_window_while_it_is_open(tmp_path: Path) -> None:
    ended = _run("-c", _SEARCH, QT_QPA_PLATFORM="offscreen", **own_folders(tmp_path))
    assert ended.stdout.split() == ["False", "True"], ended.stderr


def test_what_only_some_files_need_waits_until_one_of_them_comes(tmp_path: Path) -> None:
    names = ("numpy", "PIL", "av", "yaml", "pysubs2", "json_repair")
    code = "import sys, svi_studio.ui.window.film_panels; print([name for name in sys.argv[1:] if name in sys.modules])"
    ended = _run("-c", code, *names, **own_folders(tmp_path))
    assert ended.stdout == "[]\n", ended.stderr
