"""The Models window over a models folder of its own, without a film and without the internet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.document.preferences import Preferences
from svi_studio.ui.models.models_window import ModelsWindow

WAIT_MS = 60_000


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with folders of his own; the models folder is returned."""
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("svi_studio.document.models.places.usual_places", lambda: ())
    return tmp_path / "models"


@pytest.fixture
def desk(qtbot: QtBot, places: Path, tmp_path: Path) -> Iterator[ModelsDesk]:
    made = ModelsDesk(Preferences(tmp_path / "window.ini"))
    yield made
    assert made.close()


@pytest.fixture
def window(qtbot: QtBot, desk: ModelsDesk) -> Iterator[ModelsWindow]:
    """The window on the screen, after its first look."""
    made = ModelsWindow(desk)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: desk.has_looked and desk.places.has_looked, timeout=WAIT_MS)
    yield made
    made.shutdown()
