"""Which clips a request needs, and which are left when some are given up."""

from collections.abc import Collection

import pytest

from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.plan import still_needed
from svi_studio.domain.takes.job import ClipJob
from svi_studio.worker.wanted_clips import without_skipped


def jobs(count: int, cuts: Collection[int] = (), kept: Collection[int] = ()) -> list[ClipJob]:
    """Jobs that know no more than their place: their hash is their number."""
    return [
        ClipJob.model_construct(
            index=index,
            take_hash=str(index),
            parent_hash=None if index == 0 or index in cuts else str(index - 1),
            kept=index in kept,
        )
        for index in range(count)
    ]


def test_a_chain_starts_at_the_nearest_cut() -> None:
    film = Storyboard(clips=tuple(Clip(id=f"c{k}", cut=k == 2) for k in range(5)))
    assert [film.chain_start(index) for index in range(5)] == [0, 0, 2, 2, 2]


@pytest.mark.parametrize(
    ("first", "takes", "needed"),
    [
        (0, [], [0, 1, 2, 3, 4]),
        (3, [], [0, 1, 2, 3, 4]),
        (3, ["2"], [3, 4]),
        (3, ["0"], [1, 2, 3, 4]),
        (3, ["1"], [2, 3, 4]),
    ],
)
def test_clips_before_the_first_are_needed_back_to_one_that_has_its_take(
    first: int, takes: list[str], needed: list[int]
) -> None:
    assert [job.index for job in still_needed(jobs(5), first, takes.__contains__)] == needed


def test_a_cut_needs_nothing_from_before() -> None:
    assert [job.index for job in still_needed(jobs(5, cuts=[3])[3:], 3, lambda take: False)] == [3, 4]


@pytest.mark.parametrize(
    ("skipped", "given_up"),
    [([], ()), ([1], (1, 2)), ([3], (3, 4)), ([2, 4], (2, 4)), ([0], (0, 1, 2))],
)
def test_what_continues_from_a_skipped_clip_is_given_up_up_to_the_next_cut(
    skipped: list[int], given_up: tuple[int, ...]
) -> None:
    assert without_skipped(jobs(5, cuts=[3]), skipped.__contains__)[1] == given_up


def test_a_clip_that_keeps_its_take_goes_on_behind_a_skipped_one() -> None:
    left, given_up = without_skipped(jobs(4, kept=[2]), [1].__contains__)
    assert given_up == (1,)
    assert [job.index for job in left] == [0, 2, 3]


def test_a_clip_that_keeps_its_take_needs_nothing_from_before() -> None:
    assert [job.index for job in still_needed(jobs(4, kept=[2]), 2, lambda take: False)] == [2, 3]
