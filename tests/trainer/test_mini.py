import random
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKLWan

from trainer.mini import clips
from trainer.mini.checkpoint import Progress, load_checkpoint, save_checkpoint
from trainer.mini.configuration import LATENT_CHANNELS, VAE
from trainer.mini.evaluate import Scores, judge
from trainer.mini.latent_pool import FILM, FILM_START, SHOT, LatentPool, condition_video
from trainer.mini.muon import Muon, orthogonal
from trainer.mini.networks import MiniNetworks
from trainer.mini.planar_vae import PlanarDecoder
from trainer.mini.principal_encoder import (
    Counts,
    PrincipalEncoder,
    fit,
    load_or_fit,
    mini_sample,
    read_encoder,
    write_encoder,
)
from trainer.mini.train_transformer import flow_loss
from trainer.paper_theatre.render import render
from trainer.paper_theatre.script import ACTIONS


@pytest.fixture(scope="module")
def principal() -> PrincipalEncoder:
    return fit(mini_sample(random.Random(3), clips=24), Counts.of_vae(VAE))


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@torch.no_grad()
def test_the_written_encoder_computes_the_principal_components(principal: PrincipalEncoder) -> None:
    vae = AutoencoderKLWan(**VAE)
    write_encoder(vae, principal)
    video = clips.to_video(render(clips.training_script(random.Random(1))))[None]
    difference = vae.encode(video).latent_dist.mode() - principal.encode(video)
    assert (difference.abs().amax((0, 2, 3, 4)) / principal.spread).max() < 0.02


@torch.no_grad()
def test_the_components_can_be_read_from_the_encoder_again(principal: PrincipalEncoder) -> None:
    vae = AutoencoderKLWan(**VAE, latents_std=principal.latents_std.tolist(), latents_mean=[0.0] * LATENT_CHANNELS)
    write_encoder(vae, principal)
    video = clips.to_video(render(clips.training_script(random.Random(1))))[None]
    assert torch.allclose(read_encoder(vae).latents(video), principal.latents(video), atol=1e-3)


@torch.no_grad()
def test_the_planar_decoder_equals_the_vae_that_it_is_written_to() -> None:
    torch.manual_seed(0)
    vae = AutoencoderKLWan(**VAE)
    planar = PlanarDecoder(vae)
    planar.write_back(vae)
    latents = torch.randn(1, LATENT_CHANNELS, 6, 6, 10)
    assert (planar(latents).clamp(-1, 1) - vae.decode(latents).sample).abs().max() < 1e-5


@torch.no_grad()
def test_short_texts_are_worth_their_512_tokens(principal: PrincipalEncoder) -> None:
    torch.manual_seed(0)
    networks = MiniNetworks.create("cpu")
    torch.nn.init.normal_(networks.transformer.proj_out.weight)
    pool = LatentPool(principal, capacity=4, seed=0)
    pool.add(2)
    batch = pool.batch(2, drop_text=0.0)
    text, picture, sigma = (
        networks.encode_text(batch.text_ids), networks.encode_picture(batch.picture), torch.tensor([0.3, 0.8])
    )  # fmt: skip
    full = torch.nn.functional.pad(text, (0, 0, 0, 512 - text.shape[1]))
    expected = networks.velocity(batch.latents, batch.condition, sigma, full, picture)
    networks.use_short_text(True)
    assert (networks.velocity(batch.latents, batch.condition, sigma, text, picture) - expected).abs().max() < 1e-3


@pytest.mark.parametrize(("kind", "still", "padding"), [(SHOT, 1, 0.5), (FILM, 5, 0.0), (FILM_START, 1, 0.0)])
def test_a_condition_holds_its_frames_and_then_the_padding_of_its_family(kind: int, still: int, padding: float) -> None:
    first = torch.ones(1, 3, 1, 8, 8)
    video = condition_video(first, first / 2, kind)
    assert video[0, 0, :, 0, 0].tolist() == [1.0] * still + [padding] * (21 - still)


def test_a_training_step_lowers_the_loss_on_its_own_batch(principal: PrincipalEncoder) -> None:
    torch.manual_seed(0)
    networks = MiniNetworks.create("cpu")
    networks.use_short_text(True)
    pool = LatentPool(principal, capacity=4, seed=0)
    pool.add(4)
    batch = pool.batch(4, drop_text=0.0)
    optimizer = torch.optim.AdamW([p for m in networks.modules().values() for p in m.parameters()], lr=1e-3)
    losses = []
    for _ in range(4):
        torch.manual_seed(1)
        loss = flow_loss(networks, batch, 0.0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


def test_orthogonal_updates_have_singular_values_near_one() -> None:
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(2, 24, 48)))
    assert values.min() > 0.5
    assert values.max() < 1.3


def test_a_training_goes_on_from_its_checkpoint_as_if_never_stopped(tmp_path: Path) -> None:
    def fresh() -> tuple[torch.nn.Linear, Muon]:
        torch.manual_seed(0)
        layer = torch.nn.Linear(6, 4, bias=False)
        return layer, Muon(layer.parameters(), lr=0.1)

    def train(layer: torch.nn.Linear, optimizer: Muon, steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            layer(torch.randn(3, 6)).square().mean().backward()
            optimizer.step()

    whole, optimizer = fresh()
    train(whole, optimizer, 6)
    first, optimizer = fresh()
    train(first, optimizer, 3)
    save_checkpoint(tmp_path / "c.safetensors", {"layer": first}, [optimizer], Progress(3, 1.5))
    second, optimizer = fresh()
    progress = load_checkpoint(tmp_path / "c.safetensors", {"layer": second}, [optimizer])
    train(second, optimizer, 3)
    assert progress == Progress(3, 1.5)
    assert torch.equal(second.weight, whole.weight)


def test_the_analysis_is_read_back_as_it_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.mini.principal_encoder.mini_sample", lambda rng: mini_sample(rng, clips=6))
    made = load_or_fit(tmp_path / "p.safetensors")
    assert torch.equal(load_or_fit(tmp_path / "p.safetensors").four.basis, made.four.basis)


@pytest.mark.parametrize("action", ACTIONS)
def test_the_judge_accepts_the_truth_and_rejects_a_still_picture(action: str) -> None:
    script = clips.held_out_script(random.Random(9), action)
    truth = render(script)
    accepted, rejected = Scores(), Scores()
    judge(script, truth, accepted)
    judge(script, np.stack([truth[0]] * len(truth)), rejected)
    assert accepted.right == accepted.tries
    questions = {"asked motion", "camera panned", "scene reached"} & set(rejected.tries)
    assert all(rejected.right[q] == 0 for q in questions)


def test_training_never_sees_a_held_out_combination() -> None:
    rng = random.Random(0)
    assert not any(clips.is_held_out(clips.training_script(rng)) for _ in range(300))
