"""The chain follows what a storyboard says in its middle: another anchor, or a take that a clip keeps."""

from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.plan import RenderPlan, plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.media.video_reader import stream_frames
from tests.builders.small_film import SIZE, Renders, plan_of, small_storyboard, write_picture
from tests.domain import short_edits

FOUR = ["a red ball", "it jumps", "it rests", "it leaves"]


@pytest.fixture
def renders(tmp_path: Path, models: WanModels) -> Renders:
    return fresh(tmp_path, models)


def fresh(folder: Path, models: WanModels) -> Renders:
    folder.mkdir(exist_ok=True)
    write_picture(folder / "first.png")
    write_picture(folder / "other.png", red=20)
    return Renders(folder, models)


def anchored(index: int, family: str = "shot") -> Storyboard:
    board = small_storyboard(FOUR, family)
    return edits.change_clip(board, board.clips[index].id, image="other.png")


def pixels(renders: Renders, take_hash: str) -> np.ndarray:
    return np.concatenate(list(stream_frames(renders.store.file(take_hash, LOSSLESS_VIDEO))))


def kept_plan(storyboard: Storyboard, renders: Renders) -> RenderPlan:
    """The plan of ``small_film.plan_of``, honouring the takes that clips keep."""
    whole = plan_of(storyboard, renders.folder)
    pictures = {job.image: job.image_hash for job in whole.jobs}
    facts = FilmFacts(ModelCard(name="tiny", fps=8.0, enlarge=2), "0" * 64, {}, pictures, SIZE)
    return plan_film(FilmPlanner(storyboard, facts, renders.store.has))


def test_another_anchor_in_mid_chain_renders_that_clip_and_later_ones_only(renders: Renders) -> None:
    before = renders(plan_of(small_storyboard(FOUR, "shot"), renders.folder))
    after = renders(plan_of(anchored(2), renders.folder))
    assert [event.index for event in renders.heard("clip_reused")] == [0, 1]
    changed = [
        not np.array_equal(pixels(renders, old.take_hash), pixels(renders, new.take_hash))
        for old, new in zip(before, after, strict=True)
    ]
    assert changed == [False, False, True, True]


def test_another_anchor_in_mid_chain_keeps_the_tail_of_the_clip_before(renders: Renders) -> None:
    takes = renders(plan_of(anchored(2), renders.folder))
    assert [take.parent_hash for take in takes] == [None, *(take.take_hash for take in takes[:-1])]


def test_a_film_with_another_anchor_goes_on_after_a_stop_to_the_same_pixels(
    renders: Renders, tmp_path: Path, models: WanModels
) -> None:
    plan = plan_of(anchored(1), renders.folder)
    renders.stop_after = 5
    with pytest.raises(Stopped):
        renders(plan)
    renders.stop_after = None
    resumed = renders(plan)
    assert [event.index for event in renders.heard("clip_done")] == [2, 3]
    whole = fresh(tmp_path / "whole", models)
    for take in whole(plan):
        assert np.array_equal(pixels(whole, take.take_hash), pixels(renders, take.take_hash))
    assert [take.job.image for take in resumed] == ["first.png", *["other.png"] * 3]


def test_a_family_without_anchor_takes_no_notice(renders: Renders) -> None:
    storyboard = edits.change_film(anchored(2, "film"), clips=anchored(2, "film").clips[:3])
    plain = small_storyboard(FOUR[:3], "film")
    renders(plan_of(plain, renders.folder))
    renders(plan_of(storyboard, renders.folder))
    assert len(renders.heard("clip_reused")) == 3


def test_a_clip_that_keeps_an_older_take_is_not_rendered_and_the_next_one_follows_it(renders: Renders) -> None:
    storyboard = small_storyboard(FOUR[:3], "shot")
    older = renders(plan_of(storyboard, renders.folder))[1]
    edited = short_edits.set_prompt(storyboard, "c1", "a green ball")
    kept = edits.change_clip(edited, "c2", take=older.take_hash)
    takes = renders(kept_plan(kept, renders))
    assert [event.index for event in renders.heard("clip_done")] == [0]
    assert takes[1] == older
    assert takes[2].parent_hash == older.take_hash


def test_a_kept_take_that_disappears_during_a_render_is_one_sentence(renders: Renders) -> None:
    storyboard = small_storyboard(FOUR[:2], "shot")
    take = renders(plan_of(storyboard, renders.folder))[1]
    plan = kept_plan(edits.change_clip(storyboard, "c2", take=take.take_hash), renders)
    renders.store.delete(take.take_hash)
    with pytest.raises(BadInput, match="take that clip 2 keeps was deleted"):
        renders(plan)
    assert not renders.store.has(take.take_hash)
