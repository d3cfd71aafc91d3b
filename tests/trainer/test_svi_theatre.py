"""The recipe of svi-theatre, in the small: components, lessons, batches, training."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKLWan
from safetensors.torch import load_file
from torch import Tensor

from svi_studio.domain.film.family import FamilyProfile, family
from svi_studio.engine.conditions.attachment import SKELETON, attach
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.denoising.condition import CONDITIONS
from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.resource_files import resource_path
from svi_studio.weights.model_folder import OneExpert
from tests.trainer.theatre_lessons import CELLS, dance, lesson, talk
from trainer.mini.checkpoint import Progress, load_checkpoint, save_checkpoint
from trainer.mini.clips import to_video
from trainer.mini.configuration import VISION_WIDTH
from trainer.mini.planar_vae import PlanarDecoder
from trainer.mini.principal_encoder import PrincipalEncoder, fit, keep, load, read_encoder, write_encoder
from trainer.paper_theatre.performance import STILL
from trainer.paper_theatre.script import Script, Still
from trainer.paper_theatre.skeleton_truth import skeleton_of
from trainer.paper_theatre.stage import FINE
from trainer.svi_theatre import make_lessons as making
from trainer.svi_theatre import train_decoder as decoding
from trainer.svi_theatre import train_transformer as training
from trainer.svi_theatre.begin_again import begin_again
from trainer.svi_theatre.clips import Stage, component_sample
from trainer.svi_theatre.configuration import (
    CELL,
    COUNTS,
    LATENT_CHANNELS,
    LATENT_FRAMES,
    LATENT_HEIGHT,
    LATENT_WIDTH,
    PICTURE_TOKENS,
    TRANSFORMER,
    VAE,
)
from trainer.svi_theatre.export import export_theatre
from trainer.svi_theatre.lesson_batches import LessonBatches, lesson_velocity
from trainer.svi_theatre.lesson_pool import FILM, FILM_START, PRO, PRO_START, SHOT, Batch, LessonPool, known_latents
from trainer.svi_theatre.lessons import Lesson, read_lessons, write_lessons
from trainer.svi_theatre.make_lessons import Kept, drawings_of, make_lessons
from trainer.svi_theatre.networks import Student
from trainer.svi_theatre.train_decoder import (
    PIECE,
    PIECE_WIDTH,
    DecoderRecipe,
    changed,
    pace,
    piece,
    train_decoder,
)
from trainer.svi_theatre.train_experts import BOUNDS, expert_of, sigmas_between
from trainer.svi_theatre.train_transformer import TransformerRecipe, flow_losses, train_transformer

SMALL = {**TRANSFORMER, "num_attention_heads": 1, "ffn_dim": 32, "num_layers": 1, "added_kv_proj_dim": 64}
PUPPET = Still("beach", "puppet", "red", 24)


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def principal() -> PrincipalEncoder:
    return fit(component_sample(clips=6), COUNTS)


def dance_video() -> Tensor:
    return to_video(Stage.of_seed("test").drawn("dance")[0])[None]


@torch.no_grad()
def test_the_written_encoder_computes_the_components_and_they_can_be_read_back(principal: PrincipalEncoder) -> None:
    vae = AutoencoderKLWan(**VAE, latents_std=principal.latents_std.tolist(), latents_mean=[0.0] * LATENT_CHANNELS)
    write_encoder(vae, principal)
    video = dance_video()[:, :, :9]
    components = principal.encode(video)
    assert components.shape == (1, LATENT_CHANNELS, 3, LATENT_HEIGHT, LATENT_WIDTH)
    assert (
        (vae.encode(video).latent_dist.mode() - components).abs().amax((0, 2, 3, 4)) / principal.spread
    ).max() < 0.03
    assert torch.allclose(read_encoder(vae).latents(video), principal.latents(video), atol=2e-3)


def test_components_come_back_from_their_file(principal: PrincipalEncoder, tmp_path: Path) -> None:
    keep(principal, tmp_path / "p.safetensors")
    video = dance_video()[:, :, :5]
    assert torch.equal(load(tmp_path / "p.safetensors", COUNTS.fold).latents(video), principal.latents(video))


def test_a_piece_of_a_clip_is_a_clip_of_its_own_that_fits_its_mask() -> None:
    video = torch.arange(41.0 * FINE.width).view(1, 1, 41, 1, -1).expand(2, 3, 41, 4, -1)
    part, mask = piece(random.Random(1), video, video[:, :1])
    assert part.shape == (2, 3, PIECE, 4, PIECE_WIDTH)
    assert PIECE % 4 == 1
    assert (part[:, 0, 0, 0, 0] % FINE.width % CELL == 0).all()
    assert torch.equal(part[:, :1], mask)


@pytest.mark.parametrize("middle", [0, 40, 80, 159])
def test_a_piece_shows_the_middle_of_its_subject(middle: int) -> None:
    mask = torch.zeros(1, 1, 41, 4, FINE.width)
    mask[..., max(0, middle - 3) : middle + 4] = 1
    lefts = set()
    for seed in range(30):
        _, shown = piece(random.Random(seed), mask.expand(1, 3, -1, -1, -1), mask)
        assert shown.sum() == mask[:, :, :PIECE].sum()
        lefts.add(int(shown[0, 0, 0, 0].argmax()))
    assert len(lefts) > 1 or middle in {0, 159}


def test_what_changes_is_where_a_frame_differs_from_the_one_before() -> None:
    video = torch.zeros(1, 3, 4, 2, 2)
    video[:, 1, 2:, 0, 0] = 0.5
    found = changed(video)
    assert found.shape == (1, 1, 4, 2, 2)
    assert found.nonzero().tolist() == [[0, 0, 2, 0, 0]]


@pytest.mark.parametrize("made", [lesson("action", 4), talk(), dance()], ids=lambda each: each.kind)
def test_lessons_come_back_from_their_file(made: Lesson, tmp_path: Path) -> None:
    (first, second) = read_lessons(write_lessons(tmp_path, 7, [made, replace(made, latents=made.latents * 2)]))
    assert first.script == made.script
    assert torch.equal(second.latents, made.latents * 2)
    for name, tensor in vars(made).items():
        if isinstance(tensor, Tensor):
            assert torch.equal(getattr(first, name), tensor)


def test_lessons_of_two_kinds_are_not_mixed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="several"):
        write_lessons(tmp_path, 0, [lesson("action"), talk()])


@torch.no_grad()
def test_an_expert_begins_as_the_whole_model_that_sees_nothing_in_its_picture() -> None:
    whole = Student(SMALL).transformer
    torch.nn.init.normal_(whole.proj_out.weight)
    for block in whole.blocks:
        torch.nn.init.zeros_(block.attn2.add_v_proj.weight)
        torch.nn.init.zeros_(block.attn2.add_v_proj.bias)
    x, y = torch.randn(2, LATENT_CHANNELS, 2, 4, 4), torch.randn(2, 4 + LATENT_CHANNELS, 2, 4, 4)
    told = {"y": y, "text": torch.randn(2, 512, SMALL["text_dim"])}
    seen = predict(whole, x, torch.tensor([0.2, 0.9]), tokens=torch.randn(2, PICTURE_TOKENS, VISION_WIDTH), **told)
    blind = predict(expert_of(whole), x, torch.tensor([0.2, 0.9]), tokens=None, **told)
    assert torch.allclose(seen, blind, atol=1e-5)
    assert blind.abs().mean() > 0.1


@pytest.mark.parametrize("which", ["high", "low"])
def test_an_expert_learns_at_its_own_noise_levels_only(which: OneExpert) -> None:
    low, high = BOUNDS[which]
    sigma = sigmas_between(500, (low, high))
    assert low <= sigma.min()
    assert sigma.max() <= high
    assert sigma.max() - sigma.min() > 0.95 * (high - low)


@pytest.mark.parametrize(
    ("kind", "kept", "after"),
    [(SHOT, 1, "anchor"), (FILM, 2, "grey"), (FILM_START, 1, "grey"), (PRO, 2, "zero"), (PRO_START, 1, "zero")],
)
def test_a_condition_shows_what_its_family_knows_and_then_its_padding(kind: int, kept: int, after: str) -> None:
    x, anchor, grey = torch.randn(3, 11, 2, 2), torch.full((3, 2, 2), 5.0), torch.full((3,), 7.0)
    shown = known_latents(kind, x, anchor, grey)
    assert torch.equal(shown[:, :kept], x[:, :kept])
    assert torch.all(shown[:, kept:] == {"anchor": 5.0, "grey": 7.0, "zero": 0.0}[after])


PRO_PROFILE = family("film").model_copy(update={"hand_off": "latents", "num_motion_frames": 1})


@pytest.mark.parametrize(
    ("profile", "kind", "chained"),
    [
        (family("shot"), SHOT, True),
        (family("film"), FILM, True),
        (family("film"), FILM_START, False),
        (PRO_PROFILE, PRO, True),
        (PRO_PROFILE, PRO_START, False),
    ],
)
def test_conditions_are_those_of_the_engine(
    principal: PrincipalEncoder, profile: FamilyProfile, kind: int, chained: bool
) -> None:
    frames = Stage.of_seed("test").drawn("dance")[0][:13, 32:64, 64:96]
    x = principal.latents(to_video(frames)[None])[0]
    anchor = frames[-1:] if chained else frames[:1]
    still = principal.latents(to_video(anchor)[None])[0, :, 0]
    if kind == PRO:
        x = torch.cat([still[:, None], x[:, 1:]], 1)
    vae = AutoencoderKLWan(**VAE, latents_std=principal.latents_std.tolist(), latents_mean=[0.0] * LATENT_CHANNELS)
    write_encoder(vae, principal)
    carry = Carry(frames[: profile.num_motion_frames], x[None, :, 1:2]) if chained else None
    request = ClipRequest("", "", 0, 13, 1, 1.0, 5.0, anchor, carry)
    found = CONDITIONS[profile.hand_off](vae.eval(), profile)(request).y[0]
    grey = principal.latents(torch.zeros(1, 3, 1, 16, 16))[0, :, 0, 0, 0]
    assert (found[4:] - known_latents(kind, x, still, grey)).abs().max() < 0.1  # a written encoder is not quite exact
    assert torch.equal(found[:4].amax((0, 2, 3)), torch.tensor([1.0, 0, 0, 0]))


class Texts:
    """A text encoder that counts what it is asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, input_ids: Tensor, attention_mask: Tensor) -> Any:
        self.asked += len(input_ids)
        hidden = input_ids[..., None].float().expand(-1, -1, 64) / 100
        return type("Answer", (), {"last_hidden_state": hidden})()


@pytest.fixture
def pool(tmp_path: Path) -> LessonPool:
    for number, kind in enumerate((lesson, talk, dance)):
        lessons = [kind("action", seed) if kind is lesson else kind(seed) for seed in range(3)]
        write_lessons(tmp_path / "lessons", number, lessons)
    found = LessonPool(tmp_path / "lessons", Texts(), torch.zeros(LATENT_CHANNELS), random.Random(1))
    found.refresh()
    return found


def test_a_pool_follows_its_folder(pool: LessonPool) -> None:
    assert (len(pool), pool.files) == (9, 3)
    next(pool.folder.glob("*-talk.*")).unlink()
    write_lessons(pool.folder, 9, [lesson("action", 5)])
    pool.refresh()
    assert (len(pool), pool.files) == (7, 3)


def test_every_condition_of_a_clip_is_learned(pool: LessonPool) -> None:
    seen = set()
    for _ in range(60):
        batch = pool.batch({"action": 4})
        assert batch.condition.shape == (4, 4 + LATENT_CHANNELS, *CELLS)
        for x, y in zip(batch.latents, batch.condition, strict=True):
            known = [bool(torch.equal(y[4:, t], x[:, t])) for t in range(LATENT_FRAMES)]
            marked = y[:4].amax((0, 2, 3)).tolist()
            assert known[0]
            assert marked[0] == 1
            assert marked[-1] == known[-1]  # an end picture is given and marked, or neither
            assert not any(marked[1:-1])
            seen.add((known[1], known[-1], bool((y[4:, 5] == 0).all())))
    assert {(True, False, True), (False, False, False), (False, False, True), (True, True, True)} <= seen


def test_a_clip_of_pro_starts_from_the_anchor_and_sees_its_picture(pool: LessonPool) -> None:
    found = 0
    for _ in range(40):
        made = lesson("action", 1)
        batch = pool.batch_of([made])
        if torch.equal(batch.latents[0, :, 0], made.anchor.float()):
            found += 1
            assert torch.equal(batch.latents[0, :, 1:], made.latents[:, 1:].float())
            assert torch.equal(batch.picture[0], made.anchor_picture.float())
        else:
            assert torch.equal(batch.picture[0], made.picture.float())
    assert found


def test_talks_hear_and_nobody_else_does(pool: LessonPool) -> None:
    mixed, talks = pool.batch({"action": 2, "dance": 2}), pool.batch({"talk": 8})
    assert mixed.sound is None
    assert talks.sound is not None and talks.sound.shape == (8, 45, 2, 32)


def test_a_text_is_read_once(pool: LessonPool) -> None:
    made = [replace(lesson("dance"), script=Script(PUPPET, "dance"))]
    for _ in range(200):
        pool.batch_of(made)
    assert pool.text_encoder.asked < 150


def student() -> Student:
    torch.manual_seed(3)
    made = Student(SMALL)
    torch.nn.init.normal_(made.transformer.proj_out.weight, std=0.1)
    for block in made.sound.blocks:
        torch.nn.init.normal_(block.audio_cross_attn.proj.weight)
    torch.nn.init.normal_(made.skeleton.dwpose_embedding[-1].weight)
    return made


@torch.no_grad()
def test_training_computes_what_the_engine_computes(pool: LessonPool) -> None:
    """Short texts, products for attention, drawings that are small already: all of it is the same network."""
    ours, engines = student(), student()
    ours.learn()
    attach(engines.transformer, sound=engines.sound)
    batch = pool.batch({"dance": 6})
    assert batch.skeleton is not None and batch.led is not None and 0 < len(batch.led) < 6
    sigma = torch.linspace(0.1, 1, 6)
    x = torch.randn(batch.latents.shape)
    found = ours.velocity(x, sigma, batch)
    text = torch.nn.functional.pad(batch.text, (0, 0, 0, 512 - batch.text.shape[1]))
    for number in range(6):
        one = {name: tensor[number : number + 1] for name, tensor in
               {"y": batch.condition, "text": text, "tokens": batch.picture}.items()}  # fmt: skip
        where = (batch.led == number).nonzero()
        extra = {}
        if len(where):
            large = batch.skeleton[where[0]].repeat_interleave(2, -1).repeat_interleave(2, -2)
            extra[SKELETON] = engines.skeleton(large)
        expected = predict(engines.transformer, x[number : number + 1], sigma[number : number + 1], **one, extra=extra)
        assert (found[number] - expected[0]).abs().max() < 1e-3


def test_drawings_are_as_large_as_the_pose_encoder_wants_them() -> None:

    drawings = drawings_of(skeleton_of(PUPPET, (STILL,) * 2, FINE))
    assert drawings.shape == (3, 2, 48, 80)
    assert drawings.any()


def test_a_sound_changes_only_clips_that_hear_it(pool: LessonPool) -> None:
    made = student()
    made.learn()
    batch = pool.batch({"talk": 2})
    x, sigma = torch.randn(batch.latents.shape), torch.tensor([0.5, 0.5])
    with torch.no_grad():
        heard = made.velocity(x, sigma, batch)
        deaf = made.velocity(x, sigma, replace(batch, sound=None))
    assert (heard - deaf).abs().max() > 1e-3


RECIPE = TransformerRecipe(steps=6, actions=2, talks=2, dances=2, average_every=1, fewest_files=1, refresh_every=2)


@pytest.fixture
def small_training(pool: LessonPool, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(training, "Student", lambda: Student(SMALL))
    monkeypatch.setattr(training, "open_pool", lambda folder, mini: pool)
    return pool.folder.parent


def weights(folder: Path) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in load_file(folder / "transformer.safetensors").items() if "/" in name}


def test_a_stopped_training_goes_on_as_if_never_stopped(
    small_training: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "pace", lambda *_: 1.0)  # else it falls towards an earlier end
    for folder, sittings in ((tmp_path / "whole", (4,)), (tmp_path / "parts", (2, 4))):
        for steps in sittings:
            train_transformer(folder, small_training, replace(RECIPE, steps=steps))
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_training_learns_and_its_average_follows(small_training: Path, tmp_path: Path) -> None:
    start = Student(SMALL)
    averaged = train_transformer(tmp_path / "run", small_training, RECIPE)
    stored = weights(tmp_path / "run")
    assert (tmp_path / "run" / "transformer.safetensors").exists()
    assert not torch.equal(stored["now/transformer.proj_out.weight"], start.transformer.proj_out.weight)
    assert torch.equal(stored["averaged/transformer.proj_out.weight"], averaged.transformer.proj_out.weight.detach())
    for layer in (0, 12):
        drawn = start.skeleton.dwpose_embedding[layer].weight
        assert not torch.equal(stored[f"now/skeleton.dwpose_embedding.{layer}.weight"], drawn)


def test_the_loss_of_what_is_known_exactly_is_that_of_the_noise(pool: LessonPool) -> None:
    made = Student(SMALL)
    made.learn()
    batch = pool.batch({"action": 4})
    batch.latents.zero_()
    losses = flow_losses(made, batch)  # a fresh network says 0: what is left is the noise
    assert losses.shape == (4,)
    assert losses.mean().item() == pytest.approx(1, abs=0.05)


def test_lessons_of_all_kinds_are_made_and_the_oldest_make_room(
    principal: PrincipalEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "A_FILE", 1)
    mini = resource_path("models", "svi-mini")
    make_lessons(tmp_path, principal, mini, Kept(action=1), files=4)  # an action, a talk, an action, a dance
    make_lessons(tmp_path, principal, mini, Kept(action=1), files=1, share=(1, 3))
    paths = sorted(tmp_path.iterdir())
    assert [path.name.partition(".")[0] for path in paths] == ["000001-talk", "000003-dance", "000007-action"]
    talk, dance, action = (read_lessons(path)[0] for path in paths)
    assert talk.sound is not None and talk.sound.shape == (45, 2, 32)
    assert dance.skeleton is not None and dance.skeleton.shape == (3, 41, 48, 80)
    assert action.latents.shape == (LATENT_CHANNELS, *CELLS)
    assert action.weight.min() >= 1


def test_the_learning_rate_follows_the_work() -> None:
    rates = np.array([pace(at, 1000, 0.6, warmup_steps=10) for at in range(1001)])
    assert rates[0] == pytest.approx(0.1)
    assert rates[10] == rates[399] == pytest.approx(1)
    assert rates[-1] == pytest.approx(0.02)
    assert (np.diff(rates[400:]) < 0).all()


@pytest.fixture
def small_decoder(principal: PrincipalEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its training, with one clip to learn from and a decoder that is a fraction as wide."""
    clip = Stage.of_seed("one").drawn("dance")
    monkeypatch.setattr(decoding, "VAE", {**VAE, "decoder_base_dim": 4})
    monkeypatch.setattr(decoding, "read_components", lambda _: principal)
    monkeypatch.setattr(decoding.Stage, "any_drawn", lambda *_, **__: clip)
    monkeypatch.setattr(decoding, "judged_videos", dict)


@pytest.mark.usefixtures("small_decoder")
def test_a_decoder_learns_in_sittings_and_keeps_its_average(tmp_path: Path) -> None:
    recipe = DecoderRecipe(steps=2, batch=1, pool=1, renewed=0)
    train_decoder(tmp_path, recipe)
    first = load_file(tmp_path / "decoder.safetensors")
    averaged = train_decoder(tmp_path, replace(recipe, steps=4))
    second = load_file(tmp_path / "decoder.safetensors")
    name = "decoder.conv_out.weight"
    assert not torch.equal(first[f"now/{name}"], second[f"now/{name}"])
    assert torch.equal(second[f"averaged/{name}"], averaged.state_dict()[name])
    assert not torch.equal(second[f"averaged/{name}"], second[f"now/{name}"])


@pytest.mark.parametrize(
    ("family_name", "given"), [("film", {1, 2}), ("pro", {1, 2}), ("shot", {1}), ("talk", {1}), ("dance", {1})]
)
def test_error_recycling_gets_the_clips_of_its_family(family_name: str, given: set[int], pool: LessonPool) -> None:
    source = LessonBatches(pool, family_name, 8)
    batches = [source.next() for _ in range(6)]
    assert {each for batch in batches for each in batch.given} == given
    assert all((batch.sound is not None) is (family_name == "talk") for batch in batches)
    assert any(batch.skeleton is not None for batch in batches) is (family_name == "dance")
    source.restore({"next": 16})
    again = source.next()
    assert again.draws == batches[2].draws
    assert torch.equal(again.y, batches[2].y)
    assert torch.equal(again.text, batches[2].text)


@torch.no_grad()
def test_error_recycling_asks_the_networks_as_the_training_did(pool: LessonPool) -> None:
    made = student()
    made.learn()
    for kind, velocity in {
        "dance": lesson_velocity(made.transformer, None, made.skeleton),
        "talk": lesson_velocity(made.transformer, made.sound, None),
    }.items():
        batch = LessonBatches(pool, kind, 6).next()
        x, sigma = torch.randn(batch.latents.shape), torch.linspace(0.1, 1, 6)
        led = torch.tensor([number for number, unled in enumerate(batch.unled) if not unled])
        theirs = Batch(
            batch.latents, batch.y, batch.picture, batch.text, batch.weight, batch.sound, batch.skeleton, led
        )
        expected = made.velocity(x, sigma, theirs)
        assert (velocity(x, batch.y, sigma, batch) - expected).abs().max() < 0.05 * expected.abs().max()


@pytest.mark.slow
def test_a_training_can_be_taken_up_from_the_model_that_it_made(principal: PrincipalEncoder, tmp_path: Path) -> None:
    runs, again = tmp_path / "runs", tmp_path / "again"
    keep(principal, runs / "principal.safetensors")
    student, decoder = Student(), PlanarDecoder(AutoencoderKLWan(**VAE))
    for name, module in {"transformer": student, "decoder": decoder}.items():
        save_checkpoint(runs / f"{name}.safetensors", {"averaged": module}, [], Progress(5, 1.0))
    export_theatre(runs, resource_path("models", "svi-mini"), tmp_path / "svi-theatre")
    begin_again(tmp_path / "svi-theatre", again)
    taken, pixels = Student(), PlanarDecoder(AutoencoderKLWan(**VAE))
    progress = load_checkpoint(again / "transformer.safetensors", {"now": taken}, [])
    load_checkpoint(again / "decoder.safetensors", {"averaged": pixels}, [])
    assert progress == Progress()
    for ours, theirs in ((student, taken), (decoder, pixels)):
        for name, value in ours.state_dict().items():
            assert torch.equal(value.half().float(), theirs.state_dict()[name]), name
    video = dance_video()[:, :, :5]
    assert torch.allclose(
        load(again / "principal.safetensors", COUNTS.fold).latents(video), principal.latents(video), atol=0.02
    )
    with pytest.raises(FileExistsError):
        begin_again(tmp_path / "svi-theatre", again)
