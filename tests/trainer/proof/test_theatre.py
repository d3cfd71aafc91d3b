"""The training data of the proof against what the engine makes of the same pictures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.domain.film.family import family
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.condition import CONDITIONS
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.resource_files import resource_path
from trainer.mini.ask import clip_request
from trainer.paper_theatre.render import render_still
from trainer.proof.theatre_batches import TheatreBatches
from trainer.proof.theatre_clips import CLEAN, FIRST_TRIP, SPOILT, TRIPS, TheatreClips


@pytest.fixture(scope="module")
def models() -> WanModels:
    return load_models(resource_path("models", "svi-mini"), device=torch.device("cpu"))


@pytest.fixture(scope="module")
def clips(models: WanModels, tmp_path_factory: pytest.TempPathFactory) -> TheatreClips:
    return TheatreClips.load_or_encode(tmp_path_factory.mktemp("theatre") / "clips", models, 3, seed=1)


def test_a_film_condition_is_the_engines(models: WanModels, clips: TheatreClips) -> None:
    still = render_still(clips.scripts[0].start)[None]
    carry = Carry(np.repeat(still, 5, 0), torch.zeros(1, 16, 1, 6, 10))
    request = replace(clip_request(models, clips.scripts[0], 0, carry), anchor=still)
    engine = CONDITIONS["frames"](models.vae, family("film"))(request).y[0, 4:]
    ours = clips.film[0, CLEAN].float()
    assert torch.allclose(ours, engine[:, :3], atol=0.02)
    assert torch.allclose(ours[:, -1:].expand(-1, 3, -1, -1), engine[:, 3:], atol=0.02)


def test_each_trip_through_the_autoencoder_takes_more_away(clips: TheatreClips) -> None:
    errors = [
        (clips.film[:, FIRST_TRIP + n] - clips.film[:, CLEAN]).float()[:, :, :2].square().mean().item()
        for n in range(TRIPS)
    ]
    assert errors == sorted(errors)
    assert errors[0] > 0


def batches(clips: TheatreClips, models: WanModels, name: str = "film", **shares: float) -> TheatreBatches:
    return TheatreBatches(clips, models, family(name), 2, **shares)


def test_batches_go_on_where_they_stood(clips: TheatreClips, models: WanModels) -> None:
    whole = batches(clips, models)
    whole.next()
    resumed = batches(clips, models)
    resumed.restore(whole.state())
    one, other = whole.next(), resumed.next()
    assert one.draws == other.draws
    assert torch.equal(one.y, other.y)
    assert torch.equal(one.text, other.text)


@pytest.mark.parametrize(("shares", "ways"), [({}, {CLEAN}), ({"handcrafted": 1.0}, {SPOILT})])
def test_first_frames_come_as_the_arm_says(
    shares: dict[str, float], ways: set[int], clips: TheatreClips, models: WanModels
) -> None:
    batch = batches(clips, models, "shot", **shares).next()
    known = {(i, way): clips.shot[i, way].float() for i in range(3) for way in range(2 + TRIPS)}
    seen = {next(way for (_, way), head in known.items() if torch.equal(head, y[4:, :3])) for y in batch.y}
    assert seen == ways


def test_encoded_clips_are_read_again(models: WanModels, tmp_path: Path) -> None:
    first = TheatreClips.load_or_encode(tmp_path / "clips", models, 2, seed=4)
    again = TheatreClips.load_or_encode(tmp_path / "clips", models, 2, seed=4)
    assert torch.equal(first.film, again.film)
