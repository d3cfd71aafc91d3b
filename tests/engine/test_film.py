"""The chain over a plan: takes on disk, reuse, stopping, clips that are not finite."""

import errno
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from svi_studio.domain.errors import BadInput, DiskFull, NotFinite, Stopped, StudioError
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.takes.take_files import LATENTS, LOSSLESS_VIDEO, POSTER, VIEWING_VIDEO, tail_frame
from svi_studio.engine.chain import film
from svi_studio.engine.denoising import clip_renderer
from svi_studio.engine.latents.vae import decode_frames
from svi_studio.media.video_reader import probe_video, stream_frames
from tests.builders.small_film import SIZE, Renders, plan_of, small_storyboard, write_picture

THREE = ["a red ball", "it jumps", "it rests"]


class Broken(torch.nn.Module):
    """A transformer whose first `times` predictions are NaN."""

    def __init__(self, transformer: torch.nn.Module, times: int) -> None:
        super().__init__()
        self.transformer, self.times = transformer, times

    def forward(self, **inputs: object) -> tuple[torch.Tensor]:
        (predicted,) = self.transformer(**inputs)
        self.times -= 1
        return (predicted * torch.nan if self.times >= 0 else predicted,)


def edited(storyboard: Storyboard, index: int, **changes: object) -> Storyboard:
    clips = list(storyboard.clips)
    clips[index] = clips[index].model_copy(update=changes)
    return storyboard.model_copy(update={"clips": tuple(clips)})


def pixels(renders: Renders, take_hash: str) -> np.ndarray:
    return np.concatenate(list(stream_frames(renders.store.file(take_hash, LOSSLESS_VIDEO))))


def test_every_clip_becomes_a_take_that_follows_its_parent(renders: Renders) -> None:
    plan = plan_of(small_storyboard(THREE), renders.folder)
    takes = renders(plan)
    assert [take.take_hash for take in takes] == [job.take_hash for job in plan.jobs]
    assert [take.parent_hash for take in takes] == [None, *(take.take_hash for take in takes[:-1])]
    assert all(renders.store.load(take.take_hash) == take for take in takes)


def test_a_take_keeps_latents_exact_frames_a_viewing_copy_and_its_tail(renders: Renders) -> None:
    (take,) = renders(plan_of(small_storyboard(THREE[:1]), renders.folder))

    def file(name: str) -> Path:
        return renders.store.file(take.take_hash, name)

    frames = decode_frames(renders.models.vae, load_file(file(LATENTS))["latents"])
    assert np.array_equal(pixels(renders, take.take_hash), frames)
    tail = [np.asarray(Image.open(file(tail_frame(k)))) for k in range(5)]
    assert np.array_equal(np.stack(tail), frames[-5:])
    viewing = probe_video(file(VIEWING_VIDEO))
    assert (viewing.codec, viewing.width, viewing.height) == ("h264", 2 * SIZE[0], 2 * SIZE[1])
    assert Image.open(file(POSTER)).size == SIZE


def test_a_take_says_how_it_was_made(renders: Renders) -> None:
    first, second = renders(plan_of(small_storyboard(THREE[:2]), renders.folder))
    assert first.num_frames == 9
    assert first.render_seconds > first.seconds_per_step > 0
    assert {"torch", "diffusers"} <= set(first.library_versions)
    assert "seam" not in first.continuity
    assert set(second.continuity) == {"red", "green", "blue", "sharpness", "motion", "movement", "seam"}


def test_a_second_render_makes_nothing_anew(renders: Renders) -> None:
    plan = plan_of(small_storyboard(THREE), renders.folder)
    takes = renders(plan)
    assert renders(plan) == takes
    assert [event.kind for event in renders.events] == ["render_started", *["clip_reused"] * 3]


def test_a_damaged_take_is_made_again_in_the_same_render(renders: Renders) -> None:
    plan = plan_of(small_storyboard(THREE), renders.folder)
    takes = renders(plan)
    video = renders.store.file(takes[1].take_hash, LOSSLESS_VIDEO)
    before = video.read_bytes()
    video.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    again = renders(plan)
    assert [take.take_hash for take in again] == [take.take_hash for take in takes]
    assert renders.store.load(takes[1].take_hash).files == again[1].files
    reused = [event.index for event in renders.events if event.kind == "clip_reused"]
    assert reused == [0, 2]


def test_an_edit_renders_only_that_clip_and_those_after_it(renders: Renders) -> None:
    storyboard = small_storyboard(THREE)
    renders(plan_of(storyboard, renders.folder))
    renders(plan_of(edited(storyboard, 1, prompt="it leaves"), renders.folder))
    assert [event.index for event in renders.heard("clip_reused")] == [0]
    assert [event.index for event in renders.heard("clip_done")] == [1, 2]


def test_a_clip_depends_on_the_tail_before_it(renders: Renders) -> None:
    storyboard = small_storyboard(THREE[:2])
    (_, one) = renders(plan_of(storyboard, renders.folder))
    (_, other) = renders(plan_of(edited(storyboard, 0, seed=7), renders.folder))
    assert not np.array_equal(pixels(renders, one.take_hash), pixels(renders, other.take_hash))


def test_a_cut_starts_from_its_own_picture(renders: Renders) -> None:
    write_picture(renders.folder / "other.png", red=20)
    storyboard = edited(small_storyboard(THREE[:2]), 1, cut=True, image="other.png", seed=0, prompt=THREE[0])
    first, second = renders(plan_of(storyboard, renders.folder))
    assert second.parent_hash is None
    assert not np.array_equal(pixels(renders, first.take_hash), pixels(renders, second.take_hash))


def test_a_stopped_film_goes_on_to_the_same_pixels(renders: Renders, tmp_path: Path) -> None:
    plan = plan_of(small_storyboard(THREE), renders.folder)
    renders.stop_after = 3
    with pytest.raises(Stopped):
        renders(plan)
    (stopped,) = renders.heard("render_stopped")
    assert (stopped.index, stopped.finished) == (1, 1)
    renders.stop_after = None
    takes = renders(plan)
    assert [event.index for event in renders.heard("clip_done")] == [1, 2]
    whole = Renders(tmp_path / "whole", renders.models)
    whole.folder.mkdir()
    write_picture(whole.folder / "first.png")
    for take in whole(plan):
        assert np.array_equal(pixels(whole, take.take_hash), pixels(renders, take.take_hash))
    assert len(takes) == 3


def test_every_step_is_told_with_a_picture_and_the_time_left(renders: Renders) -> None:
    renders(plan_of(small_storyboard(THREE[:2]), renders.folder))
    steps = renders.heard("step_done")
    assert [(event.index, event.step, event.steps) for event in steps] == [(0, 1, 2), (0, 2, 2), (1, 1, 2), (1, 2, 2)]
    assert all(event.seconds_left >= 0 for event in steps)
    pictures = [Image.open(io.BytesIO(event.jpeg)) for event in renders.heard("preview_ready")]
    assert [picture.size for picture in pictures] == [SIZE] * 4


def test_latents_are_on_disk_before_they_are_decoded(renders: Renders, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        drafts = list((renders.folder / "takes").glob("*/" + LATENTS))
        raise BadInput(f"{len(drafts)} saved")

    monkeypatch.setattr(clip_renderer, "decode_frames", fail)
    with pytest.raises(BadInput, match="1 saved"):
        renders(plan_of(small_storyboard(THREE[:1]), renders.folder))


def test_a_clip_that_is_not_finite_once_is_tried_again(renders: Renders) -> None:
    renders.models = replace(renders.models, transformer=Broken(renders.models.transformer, times=1))
    (take,) = renders(plan_of(small_storyboard(THREE[:1]), renders.folder))
    assert renders.store.has(take.take_hash)


def test_a_clip_that_is_never_finite_is_one_sentence_and_leaves_no_take(renders: Renders) -> None:
    plan = plan_of(small_storyboard(THREE[:2]), renders.folder)
    renders.models = replace(renders.models, transformer=Broken(renders.models.transformer, times=99))
    with pytest.raises(NotFinite, match="Clip 1"):
        renders(plan)
    assert [event.index for event in renders.heard("render_failed")] == [0]
    assert list(renders.store.hashes()) == []


def test_a_full_disk_is_one_sentence_and_keeps_what_is_finished(
    renders: Renders, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(small_storyboard(THREE[:2]), renders.folder)
    write = film.write_pictures

    def full(frames: object, job: object, *rest: object) -> None:
        if job.index == 1:
            raise OSError(errno.ENOSPC, "No space left on device", str(renders.folder / "frames.mkv"))
        write(frames, job, *rest)

    monkeypatch.setattr(film, "write_pictures", full)
    with pytest.raises(DiskFull):
        renders(plan)
    assert list(renders.store.hashes()) == [plan.jobs[0].take_hash]


def test_too_little_memory_is_one_sentence(renders: Renders, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(clip_renderer, "denoise", no_room)
    with pytest.raises(StudioError, match="not enough memory for clip 1"):
        renders(plan_of(small_storyboard(THREE[:1]), renders.folder))


def test_a_picture_that_changed_since_the_plan_is_not_used(renders: Renders) -> None:
    plan = plan_of(small_storyboard(THREE[:1]), renders.folder)
    write_picture(renders.folder / "first.png", red=20)
    with pytest.raises(BadInput, match="changed"):
        renders(plan)
    assert list(renders.store.hashes()) == []


def test_a_broken_picture_fails_before_any_draft(renders: Renders) -> None:
    plan = plan_of(small_storyboard(THREE[:1]), renders.folder)
    (renders.folder / "first.png").write_bytes(b"no picture")
    with pytest.raises(BadInput):
        renders(plan)
    assert not (renders.folder / "takes").exists()
