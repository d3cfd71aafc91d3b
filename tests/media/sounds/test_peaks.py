"""The shape of a sound is the same at every zoom as its samples say."""

import numpy as np
import pytest

from svi_studio.media.sounds.peaks import BLOCK, LARGEST, PeakBuilder, columns, level_blocks, sample_columns
from tests.builders.odd_sounds import Sound

SAMPLES = 3 * LARGEST + 12_345


@pytest.fixture(scope="module")
def sound() -> Sound:
    dice = np.random.default_rng(7)
    loudness = np.interp(np.arange(SAMPLES), [0, SAMPLES / 2, SAMPLES], [0.05, 0.9, 0.1])[:, None]
    return (dice.uniform(-1, 1, (SAMPLES, 2)) * loudness * [1.0, 0.5]).astype(np.float32)


@pytest.fixture(scope="module")
def builder(sound: Sound) -> PeakBuilder:
    found = PeakBuilder(scale=1.0)
    for at in range(0, SAMPLES, LARGEST):
        found.take(sound[at : at + LARGEST])
    return found


def test_the_levels_have_the_blocks_that_the_file_expects(builder: PeakBuilder) -> None:
    assert [level.shape for level in builder.levels()] == [(3, 2, blocks) for blocks in level_blocks(SAMPLES)]
    assert level_blocks(1) == [1] * 5
    assert level_blocks(LARGEST) == [256, 64, 16, 4, 1]


@pytest.mark.parametrize("per_column", [256, 1024, 4096, 65_536])
def test_columns_of_whole_blocks_are_exactly_what_is_in_them(
    sound: Sound, builder: PeakBuilder, per_column: int
) -> None:
    count = SAMPLES // per_column
    found = columns(builder.levels(), 1.0, 0, per_column, count)
    cut = sound[: count * per_column].reshape(count, per_column, 2)
    assert np.allclose(found.min, cut.min(1).T, atol=2e-4)
    assert np.allclose(found.max, cut.max(1).T, atol=2e-4)
    assert np.allclose(found.rms, np.sqrt((cut.astype(np.float64) ** 2).mean(1)).T, atol=2e-4)


@pytest.mark.parametrize(("first", "per_column"), [(1000.0, 700.5), (-5000.0, 3000.0), (50_000.3, 5000.7)])
def test_columns_between_blocks_are_off_by_a_block_at_most(
    sound: Sound, builder: PeakBuilder, first: float, per_column: float
) -> None:
    found = columns(builder.levels(), 1.0, first, per_column, 60)
    around = BLOCK * 4 ** int(np.log(per_column / BLOCK) / np.log(4))
    for index in range(60):
        begin, end = first + index * per_column, first + (index + 1) * per_column
        if begin < -around or end + around > SAMPLES:
            continue
        wide = sound[max(int(begin) - around, 0) : int(end) + around, 0]
        assert found.max[0, index] <= wide.max() + 2e-4
        narrow = sound[max(int(begin) + around, 0) : max(int(end) - around, 0), 0]
        assert not len(narrow) or found.max[0, index] >= narrow.max() - 2e-4


def test_where_no_sound_is_the_columns_are_flat(builder: PeakBuilder) -> None:
    found = columns(builder.levels(), 1.0, -100_000, 1000, 50)
    assert not np.stack(found).any()
    found = columns(builder.levels(), 1.0, SAMPLES + LARGEST, 1000, 50)
    assert not np.stack(found).any()


def test_louder_than_full_scale_is_drawn_so() -> None:
    builder = PeakBuilder(scale=8.0)
    builder.take(np.full((1000, 2), 5.0, np.float32))
    found = columns(builder.levels(), 8.0, 0, 256, 3)
    assert found.max[0] == pytest.approx(5.0, abs=1e-3)


def test_columns_finer_than_a_block_come_from_the_samples(sound: Sound) -> None:
    edges = np.array([0, 3, 3, 10, 100])
    found = sample_columns(sound[:100], edges)
    assert found.max[0].tolist() == [sound[0:3, 0].max(), sound[3, 0], sound[3:10, 0].max(), sound[10:100, 0].max()]
    assert found.rms[1, 3] == pytest.approx(np.sqrt((sound[10:100, 1] ** 2).mean()), abs=1e-6)
