"""A film of Pro clips on a tiny model of two experts: what is encoded and decoded, what a stop costs, memory."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import Stopped
from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_2_I2V_A14B
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.events import RenderEvent
from svi_studio.domain.render.plan import RenderPlan, plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.take_files import LATENTS, LOSSLESS_VIDEO
from svi_studio.engine.denoising.carry import read_carry
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.media.video_reader import stream_frames
from svi_studio.weights.content_hash import file_hash
from tests.builders.small_film import SIZE, Renders, small_storyboard, write_picture
from tests.builders.tiny_models import build_two_experts

LATENTS_A_CLIP = 3


@pytest.fixture(scope="module")
def two_experts(tmp_path_factory: pytest.TempPathFactory) -> WanModels:
    return load_models(build_two_experts(tmp_path_factory.mktemp("models") / "tiny-two-experts"), device="cpu")


@pytest.fixture
def renders(tmp_path: Path, two_experts: WanModels) -> Renders:
    return fresh(tmp_path, two_experts)


def fresh(folder: Path, models: WanModels) -> Renders:
    folder.mkdir(exist_ok=True)
    write_picture(folder / "first.png")
    write_picture(folder / "end.png", red=20)
    return Renders(folder, models)


def pro(count: int) -> Storyboard:
    return small_storyboard([f"step {number}" for number in range(count)], "pro")


def planned(board: Storyboard, folder: Path) -> RenderPlan:
    pictures = {name: file_hash(folder / name, folder / "hashes.json") for name in board.images()}
    card, architecture = ModelCard(name="tiny", fps=8.0), ARCHITECTURES[WAN_2_2_I2V_A14B]
    facts = FilmFacts(card, "0" * 64, {}, pictures, SIZE, architecture=architecture)
    return plan_film(FilmPlanner(board, facts))


@dataclass
class Calls:
    """How often the autoencoder was asked: for a picture, and for a latent."""

    encoded: int = 0
    decoded: int = 0


@pytest.fixture
def calls(two_experts: WanModels) -> Iterator[Calls]:
    count = Calls()

    def encoded(*_: object) -> None:
        count.encoded += 1

    def decoded(*_: object) -> None:
        count.decoded += 1

    vae = two_experts.vae
    hooks = (vae.encoder.register_forward_pre_hook(encoded), vae.decoder.register_forward_pre_hook(decoded))
    yield count
    for hook in hooks:
        hook.remove()


def pixels(renders: Renders, take_hash: str) -> np.ndarray:
    return np.concatenate(list(stream_frames(renders.store.file(take_hash, LOSSLESS_VIDEO))))


def check_calls(renders: Renders, calls: Calls, count: int) -> None:
    board = pro(count)
    for number in range(3, count + 1, 3):
        board = edits.change_clip(board, f"c{number}", end_image="first.png" if number % 2 else "end.png")
    assert len(renders(planned(board, renders.folder))) == count
    assert calls == Calls(encoded=2, decoded=count * LATENTS_A_CLIP), "the two pictures; each clip's own latents"


def test_nothing_is_decoded_and_encoded_between_clips(renders: Renders, calls: Calls) -> None:
    check_calls(renders, calls, 6)


class Weighed(list[RenderEvent]):
    """What was said in a render, and how many megabytes the process had after each clip."""

    def __init__(self) -> None:
        super().__init__()
        self.megabytes: list[float] = []

    def append(self, event: RenderEvent) -> None:
        """Remembers both."""
        super().append(event)
        if event.kind == "clip_done":
            gc.collect()
            self.megabytes.append(psutil.Process().memory_info().rss / 1e6)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_over_fifty_clips_nothing_is_decoded_and_encoded_and_memory_is_flat(renders: Renders, calls: Calls) -> None:
    """Measured from the tenth clip on, when everything that is kept has been filled."""
    heard = renders.events = Weighed()
    check_calls(renders, calls, 50)
    assert heard.megabytes[-1] - heard.megabytes[9] < 40


def test_a_clip_goes_on_from_the_latents_of_the_take_before_as_they_are(
    renders: Renders, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = renders(planned(pro(2), renders.folder))
    carry = read_carry(1, lambda name: renders.store.file(first.take_hash, name))
    told: list[torch.Tensor] = []
    experts = renders.models.experts
    assert experts is not None
    hooks = [
        experts.get(each).register_forward_pre_hook(
            lambda _module, _args, given: told.append(given["hidden_states"]), with_kwargs=True
        )
        for each in ("high", "low")
    ]
    renders.store.delete(second.take_hash)
    again = renders(planned(pro(2), renders.folder))[1]
    for hook in hooks:
        hook.remove()
    assert again.take_hash == second.take_hash
    assert all(torch.equal(each[:, 20:, 1], carry.latents[:, :, 0]) for each in told)
    assert told


@pytest.mark.parametrize("steps", [3, pytest.param(1, marks=pytest.mark.slow), pytest.param(5, marks=pytest.mark.slow)])
def test_a_stopped_film_goes_on_to_the_same_pixels(
    tmp_path: Path, renders: Renders, two_experts: WanModels, steps: int
) -> None:
    board = edits.change_clip(edits.change_clip(pro(3), "c2", end_image="end.png"), "c3", motion_amplitude=1.2)
    plan = planned(board, renders.folder)
    renders.stop_after = steps
    with pytest.raises(Stopped):
        renders(plan)
    renders.stop_after = None
    resumed = renders(plan)
    whole = fresh(tmp_path / "whole", two_experts)
    for one, two in zip(resumed, whole(plan), strict=True):
        assert one.take_hash == two.take_hash
        assert np.array_equal(pixels(renders, one.take_hash), pixels(whole, two.take_hash))
        files = {each.name: each.sha256 for each in two.files}
        assert files[LATENTS] == {each.name: each.sha256 for each in one.files}[LATENTS]


def test_an_end_picture_changes_its_clip_and_what_follows(renders: Renders) -> None:
    plain = renders(planned(pro(3), renders.folder))
    ended = renders(planned(edits.change_clip(pro(3), "c2", end_image="end.png"), renders.folder))
    assert [event.index for event in renders.heard("clip_reused")] == [0]
    for one, two in zip(plain[1:], ended[1:], strict=True):
        assert not np.array_equal(pixels(renders, one.take_hash), pixels(renders, two.take_hash))


def test_the_seam_is_measured_where_both_takes_show_the_same_moment(renders: Renders) -> None:
    first, second = renders(planned(pro(2), renders.folder))
    last, same = pixels(renders, first.take_hash)[-1], pixels(renders, second.take_hash)[4]
    assert second.continuity["seam"] == pytest.approx(np.abs(last.astype(float) - same).mean(), abs=1e-3)


def test_another_guidance_for_the_second_expert_is_another_film(renders: Renders) -> None:
    board = edits.change_film(pro(1), boundary=0.875)
    (one,) = renders(planned(board, renders.folder))
    (two,) = renders(planned(edits.change_film(board, guidance_scale_low=1.0), renders.folder))
    assert not np.array_equal(pixels(renders, one.take_hash), pixels(renders, two.take_hash))
