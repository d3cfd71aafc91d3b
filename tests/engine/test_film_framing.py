"""What is framed is what is filmed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from svi_studio.domain.editing.framing_edits import with_framing
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.render.plan import RenderPlan, plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.media.images import open_reference
from svi_studio.media.video_reader import stream_frames
from tests.builders.small_film import SIZE, Renders, plan_of, small_storyboard, write_picture
from tests.media.pictures import profiles


def film(renders: Renders, plan: RenderPlan) -> np.ndarray:
    (take,) = renders(plan)
    return np.concatenate(list(stream_frames(renders.store.file(take.take_hash, LOSSLESS_VIDEO))))


def plan(board: Storyboard, folder: Path, profiled: bool = False) -> RenderPlan:
    """The plan of one clip, with what is known of its picture."""
    (job,) = plan_of(board, folder).jobs
    with Image.open(folder / job.image) as picture:
        sizes = {job.image: picture.size}
    facts = FilmFacts(ModelCard(name="tiny", fps=8.0, enlarge=2), "0" * 64, {}, {job.image: job.image_hash}, SIZE)
    facts = replace(facts, image_sizes=sizes, image_profiles=frozenset(sizes if profiled else ()))
    return plan_film(FilmPlanner(board, facts))


@pytest.mark.parametrize(("crop", "box"), [(None, (0, 2, 70, 37)), ((10, 5, 40, 20), (10, 5, 50, 25))])
def test_a_part_of_a_picture_is_filmed_as_if_it_were_all_of_it(
    tmp_path: Path, models: WanModels, crop: tuple[int, int, int, int] | None, box: tuple[int, int, int, int]
) -> None:
    write_picture(tmp_path / "first.png")
    board = small_storyboard(["a red ball"])
    renders = Renders(tmp_path, models)
    framed = film(renders, plan(with_framing(board, Framing(picture="first.png", crop=crop)), tmp_path))
    squeezed = film(renders, plan(with_framing(board, Framing(picture="first.png", fit="squeeze")), tmp_path))
    with Image.open(tmp_path / "first.png") as whole:
        whole.crop(box).save(tmp_path / "cut.png")
    cut = board.model_copy(update={"reference_image": "cut.png"})
    assert np.array_equal(framed, film(renders, plan_of(cut, tmp_path)))
    assert not np.array_equal(framed, squeezed)
    assert np.array_equal(squeezed, film(Renders(tmp_path / "again", models), plan_of_old(board, tmp_path)))


def plan_of_old(board: Storyboard, folder: Path) -> RenderPlan:
    """As version 4 planned: all of the picture, whatever its shape."""
    (folder / "again").mkdir(exist_ok=True)
    (folder / "again" / "first.png").write_bytes((folder / "first.png").read_bytes())
    return plan_of(board, folder)


def test_the_colours_of_a_profile_are_filmed(tmp_path: Path, models: WanModels) -> None:
    adobe = profiles.of_primaries(profiles.ADOBE, profiles.gamma(2.2))
    Image.effect_noise((64, 32), 90).convert("RGB").save(tmp_path / "first.png", icc_profile=adobe)
    board = small_storyboard(["a red ball"])
    renders = Renders(tmp_path, models)
    managed = film(renders, plan(board, tmp_path, profiled=True))
    open_reference(tmp_path / "first.png").save(tmp_path / "plain.png")
    plain = board.model_copy(update={"reference_image": "plain.png"})
    assert np.array_equal(managed, film(renders, plan_of(plain, tmp_path)))
    before = with_framing(board, Framing(picture="first.png", colours="as stored"))
    assert not np.array_equal(managed, film(renders, plan(before, tmp_path, profiled=True)))
