"""svi-mini learns to follow sounds and skeletons: what a lesson is, that a step helps, that nothing else changes."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.engine.conditions.sound_windows import sound_windows
from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.resource_files import resource_path
from trainer.lora.targets import original_name
from trainer.mini.checkpoint import Progress, load_checkpoint, save_checkpoint
from trainer.mini.follower import Follower, fresh_network, windows
from trainer.mini.hearing import heard, heard_part, silence
from trainer.mini.lessons import LessonPool, Skill, drawings_of
from trainer.mini.low_rank import low_rank
from trainer.mini.short_texts import use_short_text
from trainer.mini.sounds import Sounds
from trainer.mini.train_following import following_loss
from trainer.mini.train_hearing import Hearing, mouth_loss
from trainer.mini.train_transformer import random_sigmas
from trainer.paper_theatre.performance import STILL
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.skeleton_truth import skeleton_of
from trainer.paper_theatre.stage import NUM_FRAMES

MODEL = resource_path("models", "svi-mini")
SKILLS: tuple[Skill, ...] = ("sound", "skeleton")


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def follower_of(skill: Skill) -> Follower:
    torch.manual_seed(0)
    models = load_models(MODEL, device=torch.device("cpu"))
    use_short_text(models)
    models.transformer.requires_grad_(False)
    return Follower(models, skill, fresh_network(skill))


def pool_of(follower: Follower, count: int = 4) -> LessonPool:
    torch.manual_seed(0)
    sounds, encoder = Sounds(random.Random(1)), Hearing().eval().encoder
    pool = LessonPool(follower.skill, follower.models, random.Random(2), follower.prepared, sounds, encoder)
    pool.add(count, count)
    return pool


@pytest.fixture(scope="module", params=SKILLS)
def lesson(request: pytest.FixtureRequest) -> tuple[Follower, LessonPool]:
    follower = follower_of(request.param)
    return follower, pool_of(follower)


def test_a_fresh_network_changes_nothing(lesson: tuple[Follower, LessonPool]) -> None:
    follower, pool = lesson
    batch = pool.batch_of(pool.lessons[:2], ["", ""])
    sigma = random_sigmas(2, torch.device("cpu"))
    y, text, picture = batch.y, batch.text, batch.picture
    with torch.no_grad():
        plain = predict(follower.models.transformer, batch.latents, sigma, y=y, text=text, tokens=picture)
        assert torch.allclose(follower.velocity(batch.latents, sigma, batch), plain, atol=1e-5)


def test_steps_lower_the_loss_on_their_own_batch(lesson: tuple[Follower, LessonPool]) -> None:
    follower, pool = lesson
    batch = pool.batch_of(pool.lessons, [""] * 4)
    learning = [p for p in follower.network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=3e-3)
    losses = []
    for _ in range(6):
        torch.manual_seed(3)
        loss = following_loss(follower, batch)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.97 * losses[0]


def test_a_network_goes_on_from_its_checkpoint(lesson: tuple[Follower, LessonPool], tmp_path: Path) -> None:
    follower, _ = lesson
    save_checkpoint(tmp_path / "c.safetensors", {"network": follower.network}, [], Progress(5, 2.0))
    other = fresh_network(follower.skill)
    assert load_checkpoint(tmp_path / "c.safetensors", {"network": other}, []) == Progress(5, 2.0)
    for name, tensor in follower.network.state_dict().items():
        assert torch.equal(other.state_dict()[name], tensor)


def test_a_lesson_is_left_out_now_and_then(lesson: tuple[Follower, LessonPool]) -> None:
    follower, pool = lesson
    batch = pool.batch(200)
    if follower.skill == "sound":
        assert batch.sound is not None
        gone = [not part.any() for part in batch.sound]
        assert 0.03 < np.mean(gone) < 0.2
    else:
        assert 0.06 < np.mean(batch.unled) < 0.25


def test_what_moves_counts_most(lesson: tuple[Follower, LessonPool]) -> None:
    _, pool = lesson
    for each in pool.lessons:
        assert each.weight.amax() > 3 * each.weight.amin()


def test_the_windows_of_a_lesson_are_the_engines() -> None:
    features = torch.randn(60, 2, 32)
    part = heard_part(features, torch.zeros(2, 32), 20)
    ours, engines = windows(part[None]), sound_windows(features, 20, NUM_FRAMES)
    assert all(torch.equal(one, other) for one, other in zip(ours, engines, strict=True))


def test_beyond_a_sound_there_is_silence() -> None:
    features, quiet = torch.ones(10, 2, 4), torch.full((2, 4), 7.0)
    part = heard_part(features, quiet, 0)
    assert (part[:2] == 7).all()
    assert (part[2:12] == 1).all()
    assert (part[12:] == 7).all()


def test_the_hearing_gives_what_the_engine_hears() -> None:
    torch.manual_seed(0)
    hearing = Hearing().eval()
    sound = Sounds(random.Random(5)).draw(3.0)
    with torch.no_grad():
        ours = hearing.features([sound])[0]
    assert torch.allclose(ours, heard(hearing.encoder, sound), atol=1e-5)
    assert silence(hearing.encoder).shape == ours.shape[1:]


def test_steps_of_the_hearing_lower_its_loss() -> None:
    torch.manual_seed(0)
    hearing, sounds = Hearing(), Sounds(random.Random(5))
    batch = [sounds.draw(2.0) for _ in range(3)]
    optimizer = torch.optim.AdamW(hearing.parameters(), lr=3e-3)
    losses = []
    for _ in range(4):
        loss = mouth_loss(hearing, batch)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


def test_a_drawing_is_as_large_as_the_film_and_shows_the_limbs_colours() -> None:
    drawing = drawings_of(skeleton_of(Still("night", "puppet", "red", 24), (STILL,)))
    assert drawing.shape == (3, 1, 48, 80)
    assert drawing.any(dim=0).sum() > 60


def test_a_low_rank_keeps_most_of_what_was_learned() -> None:
    torch.manual_seed(0)
    name = "blocks.0.attn1.to_q"
    before, gained = torch.randn(24, 16), torch.randn(24, 3) @ torch.randn(3, 16)
    tensors = low_rank({name: before}, {name: before + gained}, 3)
    a, b = (tensors[f"pipe.dit.{original_name(name)}.{side}.default.weight"].float() for side in ("lora_A", "lora_B"))
    assert (b @ a - gained).abs().max() < 0.02
