"""The preview of a small film."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.preview.films import Bench, open_bench


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    """Three clips, all rendered."""
    made = open_bench(qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def bare_bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    """Three clips, nothing rendered."""
    made = open_bench(qtbot, tmp_path, rendered=())
    yield made
    made.close()
