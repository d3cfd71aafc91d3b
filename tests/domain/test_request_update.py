"""Which clips a request means once the film was edited, and which of them fall with one that is skipped."""

from itertools import count

import pytest

from svi_studio.domain.editing.edits import change_clip, change_film, delete_clips, insert_prompts, move_clips
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.render.request_update import asks_for_the_same, clips_that_fall, updated_requests
from tests.builders.storyboards import film


def asked(first: int, last: int, board: Storyboard | None = None) -> RenderRequest:
    return RenderRequest(id="r", storyboard=board or film(6), first=first, last=last)


def spans(request: RenderRequest, board: Storyboard) -> list[tuple[str, int, int]]:
    names = map(str, count(1))
    return [(each.id, each.first, each.last) for each in updated_requests(request, board, lambda: next(names))]


def test_clips_are_followed_to_where_they_stand() -> None:
    assert spans(asked(1, 3), insert_prompts(film(6), 0, ["new"])) == [("r", 2, 4)]
    assert spans(asked(1, 3), delete_clips(film(6), ["c1", "c3"])) == [("r", 0, 1)]


def test_clips_torn_apart_become_several_requests_and_no_other_clip_joins_them() -> None:
    assert spans(asked(1, 3), move_clips(film(6), ["c3"], 6)) == [("r", 1, 2), ("1", 5, 5)]


def test_a_request_for_clips_that_are_gone_is_gone() -> None:
    assert spans(asked(1, 2), delete_clips(film(6), ["c2", "c3"])) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda board: change_clip(board, "c3", note="later", end=9, locked=True),
        lambda board: change_film(board, title="Other"),
        lambda board: change_clip(board, "c6", prompt="behind what was asked for"),
        lambda board: board,
    ],
)
def test_what_decides_no_pixel_of_it_is_the_same(change: object) -> None:
    assert asks_for_the_same(asked(1, 3), change(film(6)))  # type: ignore[operator]


@pytest.mark.parametrize(
    "change",
    [
        lambda board: change_clip(board, "c3", prompt="other"),
        lambda board: change_clip(board, "c1", prompt="the chain comes from it"),
        lambda board: change_clip(board, "c2", cut=True),
        lambda board: change_film(board, seed=5),
        lambda board: insert_prompts(board, 0, ["new"]),
        lambda board: delete_clips(board, ["c4", "c5", "c6"]),
    ],
)
def test_what_decides_a_pixel_of_it_is_not(change: object) -> None:
    assert not asks_for_the_same(asked(1, 3), change(film(6)))  # type: ignore[operator]


def test_a_skip_takes_along_what_goes_on_from_the_clip() -> None:
    board = change_clip(change_clip(film(6), "c3", cut=True), "c5", take="a" * 64)
    request = asked(0, 5, board)
    assert [clips_that_fall(request, place) for place in range(6)] == [(0, 1), (1,), (2, 3), (3,), (4, 5), (5,)]
    assert clips_that_fall(asked(0, 0, board), 0) == (0,)
