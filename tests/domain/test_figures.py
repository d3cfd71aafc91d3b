"""Where the people in a film's pictures have their joints: kept, bounded, and without a say in any pixel."""

import pytest
from pydantic import ValidationError

from svi_studio.domain.editing.figure_edits import with_figure
from svi_studio.domain.editing.film_files import relinked
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.poses.figure import Figure, within_reach
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.render.request_update import asks_for_the_same
from tests.builders.storyboards import MINI, film

JOINTS = (None, *((0.5, n / 20) for n in range(1, 20)))
FACTS = FilmFacts(MINI, "a" * 64, {}, {"a.png": "1" * 64}, (80, 48))


def figure(picture: str = "a.png", **changes: object) -> Figure:
    return Figure.model_validate({"picture": picture, "joints": JOINTS} | changes)


def test_a_figure_changes_no_take_and_no_request() -> None:
    board = film(2)
    known = with_figure(board, figure())
    assert plan_film(FilmPlanner(known, FACTS)) == plan_film(FilmPlanner(board, FACTS))
    request = RenderRequest(id="r1", storyboard=board, first=0, last=1)
    assert asks_for_the_same(request, known)


def test_it_is_written_only_where_there_is_one_and_read_again() -> None:
    assert "figures" not in film(1).model_dump_json()
    known = with_figure(film(1), figure())
    assert Storyboard.model_validate_json(known.model_dump_json()) == known


def test_the_last_one_of_a_picture_counts_also_where_two_pictures_become_one() -> None:
    last = figure(joints=(*JOINTS[:-1], None))
    board = with_figure(with_figure(with_figure(film(1), figure()), figure("b.png")), last)
    assert board.figures == (figure("b.png"), last)
    assert relinked(board, {"b.png": "c.png", "a.png": "c.png"}).figures == (figure("c.png", joints=last.joints),)


@pytest.mark.parametrize(
    "joints", [JOINTS[1:], (*JOINTS, None), ((float("nan"), 0.0), *JOINTS[1:]), ((0, 9), *JOINTS[1:])]
)
def test_what_is_no_figure_is_refused(joints: object) -> None:
    with pytest.raises(ValidationError):
        figure(joints=joints)


def test_a_joint_far_outside_of_the_picture_stays_in_reach() -> None:
    assert within_reach((-70.0, 0.25)) == (-4.0, 0.25)
