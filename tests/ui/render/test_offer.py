"""What a render would make: all that is asked for, nothing else, and the same however it is counted."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preview.next_step import next_step
from svi_studio.document.render.bar_words import idle_words, way_out_text
from svi_studio.document.render.commands import RenderCommands, Scope
from svi_studio.document.render.offer import Busy, WayOut, joined, make_offer
from svi_studio.document.render.queue import RenderQueue
from svi_studio.domain.editing.edits import change_clips, change_film
from svi_studio.domain.film.track import InputKind, Piece, Track
from tests.builders.open_films import open_new_film, put_take, storyboard
from tests.ui.render.still_service import StillService

TOTAL = 12


@given(st.sets(st.integers(0, TOTAL - 1)), st.sets(st.integers(0, TOTAL - 1)))
def test_stretches_hold_what_is_made_and_otherwise_only_what_is_fine(made: set[int], fine: set[int]) -> None:
    jobs = [SimpleNamespace(index=index) for index in sorted(made)]
    spans = joined(jobs, TOTAL, (fine - made).__contains__)  # type: ignore[arg-type]
    covered = [index for first, last in spans for index in range(first, last + 1)]
    assert made <= set(covered) <= made | fine
    assert covered == sorted(set(covered)), "in order, and nothing twice"
    gaps = [range(left[1] + 1, right[0]) for left, right in pairwise(spans)]
    assert all(set(gap) - fine for gap in gaps), "no more requests than are needed"


@pytest.fixture
def long_film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """350 clips; every hundredth starts anew."""
    film = open_new_film(tmp_path, storyboard(350))
    film.document.edit("Cut", lambda board: change_clips(board, [f"c{n}" for n in range(101, 350, 100)], cut=True))
    qtbot.waitUntil(lambda: film.states.job("c350") is not None and film.takes.is_scanned, timeout=20_000)
    yield film
    film.close()


def test_counting_in_small_steps_comes_to_the_same(qtbot: QtBot, long_film: OpenFilm) -> None:
    queue = RenderQueue(long_film.path, StillService())  # type: ignore[arg-type]
    commands = RenderCommands(long_film, queue)
    take = long_film.states.job("c7")
    assert take is not None
    put_take(long_film, take)
    qtbot.waitUntil(lambda: commands.offer.clips == 349)
    assert commands.offer == commands.offer_for(Scope.MISSING)
    assert commands.offer.spans == ((0, 349),)
    queue.close()


def test_a_clip_without_a_prompt_holds_up_only_its_chain(long_film: OpenFilm) -> None:
    long_film.document.edit("Prompt", lambda board: change_clips(board, ["c150"], prompt=""))
    offer = make_offer(long_film, ((0, 349),), "final", Busy())
    assert offer.spans == ((0, 148), (200, 349))
    assert offer.obstacle is not None
    assert (offer.obstacle.clip, offer.obstacle.way_out) == ("c150", WayOut.GO_TO_CLIP)


def test_a_selected_clip_brings_its_chain_and_no_more(long_film: OpenFilm) -> None:
    offer = make_offer(long_film, ((149, 149), (210, 210)), "final", Busy())
    assert offer.spans == ((100, 149), (200, 210))


def test_what_is_asked_for_already_is_left_out(long_film: OpenFilm) -> None:
    jobs = [long_film.states.job(f"c{number}") for number in range(1, 101)]
    hashes = frozenset(job.take_hash for job in jobs if job is not None)
    assert make_offer(long_film, ((0, 349),), "final", Busy(hashes)).spans == ((100, 349),)
    assert make_offer(long_film, ((0, 99),), "final", Busy(hashes)).clips == 0


def test_the_final_take_of_a_draft_is_no_repeat(qtbot: QtBot, film: OpenFilm) -> None:
    before = len(make_offer(film, ((0, 3),), "final", Busy()).again)
    draft = film.states.stale_jobs(0, 3, "draft")[0]
    put_take(film, draft)
    clip = film.document.storyboard.clips[draft.index].id
    qtbot.waitUntil(lambda: film.states.state(clip).is_draft)
    offer = make_offer(film, ((0, 3),), "final", Busy())
    assert draft.index in offer.indexes
    assert (draft.index in offer.again, len(offer.again)) == (False, before)


def test_what_is_still_read_is_waited_for_and_what_is_gone_is_looked_for(qtbot: QtBot, film: OpenFilm) -> None:
    lost = Piece(file=f"media/{'9' * 64}.wav", start=0, length=100, name="My speech")
    tracks = (Track(kind=InputKind.SOUND, pieces=(lost,)),)
    film.document.edit("Talk", lambda board: change_film(board, family="talk", tracks=tracks))
    said = idle_words(make_offer(film, ((0, 3),), "final", Busy()))
    assert (said.headline, said.way_out) == ("Reading the film", WayOut.NOTHING)
    assert next_step(film) is None
    qtbot.waitUntil(lambda: not film.states.is_reading)
    said = idle_words(make_offer(film, ((0, 3),), "final", Busy()))
    assert (said.headline, said.way_out) == ("Not ready to render yet", WayOut.FIND_PICTURES)
    assert said.detail == 'The sound "My speech" was not found: put it there or choose another one.'


def test_a_model_that_follows_no_skeleton_is_told_with_what_helps(qtbot: QtBot, film: OpenFilm) -> None:
    film.document.edit("Dance", lambda board: change_film(board, family="dance"))
    qtbot.waitUntil(lambda: not film.states.is_reading)
    film.states.settle()
    said, step = idle_words(make_offer(film, ((0, 3),), "final", Busy())), next_step(film)
    assert (said.way_out, way_out_text(said.way_out)) == (WayOut.OTHER_MODEL, "Choose the model…")
    assert step is not None and (step.title, step.action_id) == ("This model follows no skeleton", "film.other_model")
    assert step.text.startswith("svi-mini cannot make a film to a dance: ")
    film.document.edit("Film", lambda board: change_film(board, family="film"))
    qtbot.waitUntil(lambda: not film.states.is_reading)
    assert (step := next_step(film)) is not None and step.action_id == "render.stale"


def test_clips_that_can_be_rendered_do_not_wait_for_the_others(qtbot: QtBot, film: OpenFilm) -> None:
    picture = f"media/{'9' * 64}.png"
    film.document.edit("Cut", lambda board: change_clips(board, ["c3"], cut=True, image=picture))
    offer = make_offer(film, ((0, 3),), "final", Busy())
    assert offer.spans == ((0, 1),)
    assert idle_words(offer).detail == "The others can be rendered once their files are read."
    qtbot.waitUntil(lambda: not film.states.is_reading)
