"""Clips of a footage as examples: read from their videos and cropped by chance."""

import random
from pathlib import Path

import av
import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.footage import Crop, Footage, FootageClip, Reason
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import with_fields
from tests.trainer.dataset.small_data import HEIGHT, NUM_FRAMES, WIDTH, recipe
from trainer.dataset.from_footage import clip_source
from trainer.dataset.held_out import clip_sets

SOURCE_WIDTH, SOURCE_HEIGHT = 128, 96


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one video whose picture grows brighter to the right and from frame to frame."""
    made = tmp_path_factory.mktemp("footage")
    ramp = np.linspace(0, 120, SOURCE_WIDTH, dtype=np.uint8)[None, :, None]
    with av.open(str(made / "walk.mp4"), "w") as file:
        stream = file.add_stream("libx264", rate=8, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = SOURCE_WIDTH, SOURCE_HEIGHT, "yuv420p"
        for number in range(16):
            picture = np.broadcast_to(ramp + 8 * number, (SOURCE_HEIGHT, SOURCE_WIDTH, 3)).astype(np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")))
        file.mux(stream.encode())
    return made


def footage_clip(**fields: object) -> FootageClip:
    base: dict[str, object] = {
        "id": "walk-0",
        "source": "walk.mp4",
        "fingerprint": "0" * 64,
        "start": 0.5,
        "seconds": NUM_FRAMES / 8,
        "fps": 8.0,
        "width": SOURCE_WIDTH,
        "height": SOURCE_HEIGHT,
        "caption": "Somebody walks.",
    }
    return FootageClip.model_validate(base | fields)


def training(folder: Path, **fields: object) -> TrainingRecipe:
    return recipe(footage=str(folder), **fields)


def footage(folder: Path, *clips: FootageClip) -> Footage:
    return Footage(folder=str(folder), num_frames=NUM_FRAMES, fps=8.0, width=WIDTH, height=HEIGHT, clips=clips)


def test_frames_have_the_recipes_size_and_begin_where_the_clip_begins(folder: Path) -> None:
    frames = clip_source(footage_clip(), training(folder), folder).frames(random.Random(0))
    assert frames.shape == (NUM_FRAMES, HEIGHT, WIDTH, 3)
    assert frames[:, 0, 0, 0].astype(int) - frames[0, 0, 0, 0] == pytest.approx(np.arange(9) * 8, abs=3)
    assert frames[0].mean() == pytest.approx(60 + 4 * 8, abs=4)


def test_chance_draws_the_crop(folder: Path) -> None:
    source = clip_source(footage_clip(), training(folder), folder)
    one, again, other = (source.frames(random.Random(seed)) for seed in (0, 0, 3))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_dance_takes_the_middle_square_of_a_wide_picture_stretched(folder: Path) -> None:
    frames = clip_source(footage_clip(), training(folder, family="dance"), folder).frames(random.Random(0))
    first = frames[0, 0, :, 0].astype(int)
    assert (first[0] - 32, first[-1] - 32) == pytest.approx((16 / 127 * 120, 111 / 127 * 120), abs=5)


def test_talk_is_cropped_from_the_middle_square_of_a_wide_picture(folder: Path) -> None:
    source = clip_source(footage_clip(), training(folder, family="talk", width=64, height=48), folder)
    edges = [source.frames(random.Random(seed))[0, 0, (0, -1), 0].astype(int) - 32 for seed in range(20)]
    assert min(left for left, _ in edges) >= 12 and max(right for _, right in edges) <= 108


def test_a_chosen_crop_has_files_of_its_own(folder: Path) -> None:
    crop = Crop(left=0, top=0, width=64, height=32)
    shown, chosen = (clip_source(footage_clip(crop=box), training(folder), folder) for box in (None, crop))
    assert shown.content != chosen.content


def test_another_rate_has_files_of_its_own(folder: Path) -> None:
    contents = {clip_source(footage_clip(), training(folder, fps=fps), folder).content for fps in (8.0, 6.0)}
    assert len(contents) == 2


def test_the_name_says_video_and_place(folder: Path) -> None:
    assert clip_source(footage_clip(), training(folder), folder).name == "walk.mp4 at 0.5 s"


def test_only_clips_that_are_used_are_fed(folder: Path) -> None:
    still = with_fields(footage_clip(), {"left_out": Reason.STILL})
    sets = clip_sets(footage(folder, still, footage_clip()), training(folder), folder)
    assert (len(sets.learned), len(sets.held_out)) == (1, 0)


def test_a_footage_without_a_used_clip_is_told_in_one_sentence(folder: Path) -> None:
    with pytest.raises(BadInput, match="choose a folder"):
        clip_sets(footage(folder), training(folder), folder)


def test_a_video_that_has_gone_is_told_by_name(folder: Path) -> None:
    source = clip_source(footage_clip(source="gone.mp4"), training(folder), folder)
    with pytest.raises(BadInput, match=r"gone\.mp4"):
        source.frames(random.Random(0))
