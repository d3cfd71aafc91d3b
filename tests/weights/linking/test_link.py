"""Files that people own become a model where they lie: linked, described, checked, and let go again."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from svi_studio.disk.lock import locked
from svi_studio.domain.errors import BadInput, BadWeights, StudioError
from svi_studio.domain.film.filming import families_of
from svi_studio.weights.catalogue import find_model, find_models, look_at_model
from svi_studio.weights.content_hash import model_hash
from svi_studio.weights.linking import link, unlink
from svi_studio.weights.linking.describe import describe_parts
from svi_studio.weights.linking.filmable import what_can_be_filmed
from svi_studio.weights.linking.link import link_model
from svi_studio.weights.linking.part_configs import part_config
from svi_studio.weights.linking.unlink import unlink_model
from svi_studio.weights.model_folder import linked_files, read_card, read_json, weights_files
from svi_studio.weights.model_size import part_size, read_model_size
from tests.builders.linkable_files import (
    by_kind,
    quantised_experts,
    rows,
    text_encoder,
    text_encoder_of_llama,
    transformer,
    vae,
)
from tests.builders.weights_trees import gguf, safetensors

A14B, TI2V, I2V = "wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "wan2.1-i2v"


@pytest.mark.parametrize(
    ("kind", "frames", "films", "parts"),
    [
        (I2V, 81, ("shot", "film", "shot2"), 5),
        (A14B, 81, ("pro",), 5),
        (TI2V, 121, ("pro5b",), 4),
    ],
)
def test_a_comfyui_folder_becomes_models_that_film(
    place: Path, owned: Path, kind: str, frames: int, films: tuple[str, ...], parts: int
) -> None:
    filmable = by_kind(what_can_be_filmed(rows(owned)))[kind]
    assert filmable.ready and len(filmable.parts) == parts
    folder = link_model(filmable)
    assert folder.parent == place and not [*folder.rglob("*.safetensors")]
    (model,) = find_models()
    assert model.problem is None and model.card is not None and model.architecture is not None
    assert (model.architecture.name, model.card.num_frames) == (kind, frames)
    assert {*films} <= {*families_of(model.card, model.architecture)}
    assert find_model(filmable.name) == folder


def test_a_model_whose_file_says_that_it_is_distilled_films_in_few_steps(place: Path, owned: Path) -> None:
    unet = owned / "diffusion_models"
    for noise in ("high", "low"):
        old = unet / f"wan2.2_i2v_{noise}_noise_14B_fp16.safetensors"
        old.rename(unet / f"wan2.2_i2v_A14b_{noise}_noise_lightx2v_4step.safetensors")
    found = by_kind(what_can_be_filmed(rows(owned)))
    cards = [read_card(link_model(found[kind])) for kind in (A14B, TI2V)]
    assert [(each.num_inference_steps, each.guidance_scale) for each in cards] == [(4, 1.0), (None, None)]


def test_what_is_linked_is_read_where_it_lies(place: Path, owned: Path) -> None:
    folder = link_model(by_kind(what_can_be_filmed(rows(owned)))[A14B])
    unet = owned / "diffusion_models"
    assert weights_files(folder, "transformer") == (unet / "wan2.2_i2v_high_noise_14B_fp16.safetensors",)
    assert weights_files(folder, "transformer_2") == (unet / "wan2.2_i2v_low_noise_14B_fp16.safetensors",)
    assert linked_files(folder, "tokenizer") == (owned / "text_encoders" / "umt5_xxl_fp16.safetensors",)
    size = read_model_size(folder)
    assert (size.experts, size.blocks, size.width, size.text_width, size.channels) == (2, 2, 256, 16, 16)
    stored = part_size(weights_files(folder, "text_encoder"))
    assert stored.precision == "fp16" and stored.bytes == 2 * size.text_encoder


def test_quantised_files_are_linked_and_told_by_what_they_hold(place: Path, tmp_path: Path) -> None:
    models = tmp_path / "own"
    quantised_experts(models / "unet", "Q8_0")
    safetensors(models / "vae" / "wan_2.1_vae.safetensors", vae())
    told = {"general.architecture": "t5encoder", "tokenizer.ggml.model": "t5"}
    encoder = gguf(models / "te" / "umt5-xxl-encoder-Q8_0.gguf", text_encoder_of_llama(), told)
    (filmable,) = what_can_be_filmed(rows(models))
    assert filmable.name == "Wan2.2-I2V-A14B-Q8_0" and filmable.title == "Wan 2.2 I2V A14B, Q8_0"
    with pytest.raises(BadWeights, match=r"makes 32 values of a word, and .* needs 16: choose umt5-xxl"):
        link_model(filmable)
    encoder.unlink()
    safetensors(models / "te" / "umt5.safetensors", {"spiece_model": ("U8", (4,)), **text_encoder()})
    (filmable,) = what_can_be_filmed(rows(models))
    size = part_size(weights_files(link_model(filmable), "transformer"))
    assert size.precision == "Q8_0" and size.bytes < 2 * size.values


def test_the_names_of_llama_tell_a_text_encoders_sizes(tmp_path: Path) -> None:
    file = gguf(tmp_path / "umt5-xxl-encoder-Q8_0.gguf", text_encoder_of_llama(), {"general.architecture": "t5encoder"})
    config = part_config("text_encoder", [file])
    assert (config["vocab_size"], config["d_model"], config["num_heads"], config["num_layers"]) == (256_384, 32, 2, 2)


def test_a_linked_model_keeps_its_hash_wherever_its_files_go(place: Path, owned: Path, tmp_path: Path) -> None:
    cache = tmp_path / "hashes.json"
    first = link_model(by_kind(what_can_be_filmed(rows(owned)))[TI2V], name="one")
    before = model_hash(first, cache)
    moved = owned.rename(tmp_path / "elsewhere")
    renamed = moved / "diffusion_models" / "wan2.2_ti2v_5B_fp16.safetensors"
    renamed.rename(renamed.with_name("wan2.2-ti2v-5b-mine.safetensors"))
    second = link_model(by_kind(what_can_be_filmed(rows(moved)))[TI2V], name="two")
    assert model_hash(second, cache) == before
    with (moved / "vae" / "wan2.2_vae.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"x")
    assert model_hash(second, cache) != before


@pytest.fixture
def linked(place: Path, owned: Path) -> Path:
    return link_model(by_kind(what_can_be_filmed(rows(owned)))[A14B])


def test_a_file_that_vanished_is_named(linked: Path, owned: Path) -> None:
    (owned / "vae" / "wan_2.1_vae.safetensors").unlink()
    problem = str(look_at_model(linked).problem)
    assert "wan_2.1_vae.safetensors, which is not there: check that its drive is there" in problem
    told = {part.part: part.problem for part in describe_parts(linked)}
    assert told["vae"] == problem and not any(told[part] for part in told if part != "vae")
    with pytest.raises(BadWeights, match=r"wan_2\.1_vae\.safetensors, which is not there"):
        weights_files(linked, "vae")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content[:-10], "is cut short: 10 bytes are missing"),
        (lambda content: content[:-1] + b"x", "has changed since the model wan2.2_i2v_14B_fp16 was linked to it"),
        (lambda _: b"PK\x03\x04" + bytes(100), "is a zip archive, most likely a PyTorch pickle"),
        (lambda _: b"\x80\x04" + bytes(100), "is a Python pickle"),
    ],
)
def test_a_file_that_changed_since_it_was_linked_is_noticed(
    linked: Path, owned: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    file = owned / "diffusion_models" / "wan2.2_i2v_low_noise_14B_fp16.safetensors"
    file.write_bytes(change(file.read_bytes()))
    assert re.search(words, str(look_at_model(linked).problem))


def test_a_file_that_is_copied_or_touched_is_still_the_same(linked: Path, owned: Path) -> None:
    file = owned / "vae" / "wan_2.1_vae.safetensors"
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)
    os.utime(file, ns=(1, 1))
    assert look_at_model(linked).problem is None


def test_linking_the_same_files_again_keeps_the_model_and_its_card(linked: Path, owned: Path) -> None:
    card = read_json(linked / "svi_model.json")
    (linked / "svi_model.json").write_text(json.dumps({**card, "num_inference_steps": 8}))
    (linked / "sound.safetensors").write_bytes(b"mine")
    other = safetensors(owned / "vae" / "wan_2.1_vae.safetensors", vae(), {"by": "another"})
    assert "has changed since" in str(look_at_model(linked).problem)
    assert link_model(by_kind(what_can_be_filmed(rows(owned)))[A14B]) == linked
    model = look_at_model(linked)
    assert model.problem is None and model.card is not None and model.card.num_inference_steps == 8
    assert other.is_file() and (linked / "sound.safetensors").read_bytes() == b"mine"
    assert [path.name for path in linked.parent.iterdir() if path.is_dir()] == [linked.name]


def test_a_name_that_is_taken_gets_a_number_unless_it_was_asked_for(place: Path, owned: Path, linked: Path) -> None:
    found = by_kind(what_can_be_filmed(rows(owned)))
    assert link_model(found[TI2V].model_copy(update={"name": linked.name})).name == f"{linked.name}-2"
    with pytest.raises(BadInput, match=f'There is a model called "{linked.name}" already'):
        link_model(found[I2V], name=linked.name)


def test_two_who_link_at_once_take_turns(
    place: Path, owned: Path, linked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the second would take the first one's half-made folder for what a killed run left, and remove it."""
    monkeypatch.setattr(link, "PATIENCE_S", 0.1)
    monkeypatch.setattr(unlink, "PATIENCE_S", 0.1)
    found = by_kind(what_can_be_filmed(rows(owned)))[TI2V]
    with locked(place):
        with pytest.raises(StudioError, match="Another program is using"):
            link_model(found)
        with pytest.raises(StudioError, match="Another program is using"):
            unlink_model(linked)
    before = {path.name for path in place.iterdir() if path.is_dir()}
    assert link_model(found).name not in before


def test_unlinking_leaves_the_files_and_all_that_is_not_ours(linked: Path, owned: Path, tmp_path: Path) -> None:
    before = sorted(path for path in owned.rglob("*"))
    (linked / "mine.txt").write_text("keep")
    unlink_model(linked)
    assert [path.name for path in linked.rglob("*")] == ["mine.txt"] and find_models() == ()
    assert sorted(path for path in owned.rglob("*")) == before
    with pytest.raises(BadInput, match="was not linked: it holds its own weights"):
        unlink_model(linked)


def test_unlinking_leaves_a_part_that_its_user_put_beside_the_linked_ones(linked: Path) -> None:
    """As with the network by which a model hears: its configuration was there before, and is no link's."""
    own = linked / "audio_encoder"
    own.mkdir()
    for name in ("config.json", "model.safetensors"):
        (own / name).write_text("mine")
    (linked / "vae" / "notes.txt").write_text("of a part that is linked")
    unlink_model(linked)
    left = sorted(path.relative_to(linked).as_posix() for path in linked.rglob("*") if path.is_file())
    assert left == ["audio_encoder/config.json", "audio_encoder/model.safetensors", "vae/notes.txt"]


def test_unlinking_what_says_no_more_where_its_parts_lie_leaves_what_has_weights(linked: Path) -> None:
    (linked / "svi_parts.json").write_text("{")
    (linked / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(b"mine")
    unlink_model(linked)
    left = sorted(path.name for path in linked.rglob("*") if path.is_file())
    assert left == ["config.json", "diffusion_pytorch_model.safetensors"]


def test_a_name_that_is_no_text_is_refused(place: Path, owned: Path) -> None:
    (owned / "vae" / "wan2.2_vae.safetensors").rename(owned / "vae" / os.fsdecode(b"v\xff.safetensors"))
    with pytest.raises(BadInput, match="has characters in its name that cannot be kept"):
        link_model(by_kind(what_can_be_filmed(rows(owned)))[TI2V])


def test_a_number_in_a_name_never_makes_more_layers_than_there_are_tensors(tmp_path: Path) -> None:
    """A hundred thousand million stages would take all memory before anything was refused."""
    stages = {
        "encoder.conv1.weight": ("F16", (160, 12, 3, 3, 3)),
        "encoder.downsamples.0.downsamples.0.residual.2.weight": ("F16", (160, 1)),
        "encoder.downsamples.99999999999.downsamples.0.residual.2.weight": ("F16", (160, 1)),
    }
    with pytest.raises(BadWeights, match="its sizes do not fit"):
        part_config("vae", [safetensors(tmp_path / "vae.safetensors", stages)])


@pytest.mark.parametrize("heads", [0, -1, 7, "x", [1], 1e400, None])
def test_a_hostile_configuration_beside_a_file_is_refused_or_unused(tmp_path: Path, heads: object) -> None:
    file = safetensors(tmp_path / "diffusion_pytorch_model.safetensors", transformer())
    told = {"_class_name": "WanTransformer3DModel", "num_attention_heads": heads, "in_channels": 99}
    (tmp_path / "config.json").write_text(json.dumps(told))
    if heads in (0, None):
        assert part_config("transformer", [file])["num_attention_heads"] == 2
    else:
        with pytest.raises(BadWeights, match="is no transformer of Wan that can be used"):
            part_config("transformer", [file])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "is not a JSON object"),
        (
            '{"architecture": "wan2.2-ti2v-5b", "parts": {"vae": {"files": ["vae.safetensors"]}}}',
            "is no full path of a",
        ),
        ('{"architecture": "wan2.2-ti2v-5b", "parts": {"vae": {"files": []}}}', "does not say where the parts of this"),
        ('{"architecture": "x", "parts": {"evil": {"files": ["/dev/zero"]}}}', "does not say where the parts of this"),
        (r'{"architecture": "x", "parts": {"vae": {"files": ["\\\\evil\\share\\a"]}}}', "is no full path of a file"),
        ('{"architecture": "x", "parts": {"vae": {"files": ["//evil/share/a"]}}}', "is no full path of a file"),
        ('{"version": 2, "architecture": "x", "parts": {}}', "does not say where the parts of this model lie"),
        ('{"architecture": "x", "parts": {"vae": {"files": ["/dev/zero"]}}}', "is incomplete"),
    ],
)
def test_a_list_of_parts_that_is_wrong_is_said_and_breaks_no_list(linked: Path, content: str, words: str) -> None:
    (linked / "svi_parts.json").write_text(content)
    (model,) = find_models()
    assert words in str(model.problem)


def test_a_file_on_another_computer_without_a_drive_letter_is_not_linked(place: Path, owned: Path) -> None:
    filmable = by_kind(what_can_be_filmed(rows(owned)))[TI2V]
    shared = filmable.parts["vae"].model_copy(update={"files": (r"\\nas\models\wan2.2_vae.safetensors",)})
    with pytest.raises(BadInput, match="give that share a drive letter first"):
        link_model(filmable.model_copy(update={"parts": {**filmable.parts, "vae": shared}}))
