"""A small open film for the tests of the document."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.builders.film_parts import Parts, numbered, open_parts


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[Parts]:
    """Five clips in one chain, in memory."""
    parts = open_parts(numbered(5), tmp_path)
    yield parts
    parts.close()
