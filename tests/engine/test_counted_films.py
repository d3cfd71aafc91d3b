"""A video of counted frames goes in, and a film comes out that counts on: every frame once and in order."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.film_time import storyboard_time
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.start_video import StartVideo
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.domain.value import with_fields
from svi_studio.engine.chain import clip_files
from svi_studio.engine.denoising import clip_renderer, condition
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.media.formats import FFV1
from svi_studio.media.video_reader import stream_frames
from svi_studio.media.video_writer import open_writer
from svi_studio.weights.content_hash import file_hash
from tests.builders.small_film import Renders
from tests.engine import counting

NAMES = sorted(name for name, profile in FAMILIES.items() if not profile.needs)
FPS = 8.0


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Latents are numbers: what is tested is which of them go where."""
    for module in (condition, clip_files):
        monkeypatch.setattr(module, "encode_video", counting.encode_video)
    monkeypatch.setattr(clip_renderer, "decode_frames", counting.decode_frames)


def filmed(folder: Path, models: WanModels, name: str, count: int, video_frames: int = 40) -> list[int]:
    """The numbers that a film of ``count`` clips shows which goes on from a video of the first numbers."""
    with open_writer(folder / "before.mkv", width=32, height=16, fps=FPS, film_format=FFV1) as video:
        video.write(np.stack([counting.picture(number) for number in range(video_frames)]))
    clips = tuple(Clip(id=f"c{number}", prompt="count") for number in range(count))
    clips = (with_fields(clips[0], {"start_video": "before.mkv"}), *clips[1:])
    board = Storyboard(family=name, num_frames=13, num_inference_steps=1, guidance_scale=1.0, clips=clips)
    facts = FilmFacts(
        ModelCard(name="tiny", fps=FPS),
        "0" * 64,
        {},
        {"before.mkv": file_hash(folder / "before.mkv")},
        (32, 16),
        image_sizes={"before.mkv": (32, 16)},
        start_videos={"before.mkv": StartVideo(FPS, video_frames)},
    )
    plan = plan_film(FilmPlanner(board, facts))
    counter = replace(models, transformer=counting.Counter(FAMILIES[name]), image_encoder=None)
    renders = Renders(folder, counter)
    found: list[int] = []
    takes = renders(plan)
    for clip in storyboard_time(board, 13, FPS).clips:
        frames = stream_frames(renders.store.file(takes[clip.index].take_hash, LOSSLESS_VIDEO))
        found += counting.read(np.concatenate(list(frames))[clip.first : clip.stop])
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_film_counts_on_from_a_video(tmp_path: Path, models: WanModels, name: str) -> None:
    found = filmed(tmp_path, models, name, 3)
    assert found == list(range(40, 40 + len(found)))
    assert len(found) >= 3 * 8


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("name", NAMES)
def test_a_film_of_fifty_clips_counts_on_from_a_video(tmp_path: Path, models: WanModels, name: str) -> None:
    found = filmed(tmp_path, models, name, 50)
    assert found == list(range(40, 40 + len(found)))


def test_nine_frames_are_enough(tmp_path: Path, models: WanModels) -> None:
    found = filmed(tmp_path, models, "pro", 2, video_frames=9)
    assert found == list(range(9, 9 + len(found)))
