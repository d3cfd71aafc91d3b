"""A film in which somebody speaks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from tests.builders.speaking_film import no_network, open_speaking_film


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenFilm]:
    no_network(monkeypatch)
    monkeypatch.setenv("SVI_SOUNDS", str(tmp_path / "sounds"))
    opened = open_speaking_film(tmp_path, qtbot)
    yield opened
    opened.close()
