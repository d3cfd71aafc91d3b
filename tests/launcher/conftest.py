"""The checkout that each test of the launcher has for itself."""

from pathlib import Path

import pytest

from tests.launcher.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)
