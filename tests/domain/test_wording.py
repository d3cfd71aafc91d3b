"""Numbers in plain words."""

import pytest

from svi_studio.domain.text.wording import as_bytes, plural


@pytest.mark.parametrize(("count", "words"), [(0, "0 kB"), (1800, "2 kB"), (3_600_000, "4 MB"), (1.5e9, "1.5 GB")])
def test_sizes_read_well(count: float, words: str) -> None:
    assert as_bytes(count) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 clips"), (1, "1 clip"), (2, "2 clips")])
def test_one_is_no_plural(count: int, words: str) -> None:
    assert plural(count, "clip") == words
