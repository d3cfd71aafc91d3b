"""What a model follows its inputs by: from its folder, from a Dance LoRA, from the authors' original files."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.track import InputKind
from svi_studio.engine.chain.render_job import ready_models
from svi_studio.engine.conditions.files import load_sound_encoder
from svi_studio.engine.conditions.loading import with_inputs
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
from svi_studio.engine.conversion.convert import convert_folder
from svi_studio.engine.conversion.convert_inputs import convert_inputs
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.lora.apply import apply_loras
from svi_studio.weights.content_hash import input_hash, model_hash
from svi_studio.weights.input_networks import brought_by, check_input_networks
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.model_folder import SKELETON_FILE, SOUND_ENCODER, SOUND_FILE, read_card
from svi_studio.weights.model_size import read_model_size
from tests.builders.tiny_models import add_inputs, build_tiny_model
from tests.engine.original_layout import write_original_layout

SLOW = pytest.mark.slow  # each starts processes that import torch
BOTH = frozenset(InputKind)
DANCE = frozenset({InputKind.SKELETON})


@pytest.fixture(scope="module")
def follower(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model that follows both; read only."""
    return add_inputs(build_tiny_model(tmp_path_factory.mktemp("followers") / "tiny"))


@pytest.fixture
def copy(follower: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(follower, tmp_path / "copy"))


def write_dance_lora(path: Path, *, dim: int = 48, drop: str = "", value: float = 0.5) -> Path:
    """As the authors save it: a LoRA, the pose encoder, and a part that their own program does not read."""
    tensors = {"pipe.dit.randomref_embedding_pose.0.weight": torch.zeros(4, 4)}
    for block in range(2):
        for layer in ("self_attn.q", "self_attn.k"):
            name = f"pipe.dit.blocks.{block}.{layer}"
            tensors[f"{name}.lora_A.default.weight"] = torch.full((2, 48), 0.1)
            tensors[f"{name}.lora_B.default.weight"] = torch.full((48, 2), 0.1)
    network = SkeletonNetwork(dim, channels=8)
    for name, tensor in network.state_dict().items():
        if not drop or drop not in name:
            tensors[f"pipe.dit.{name}"] = torch.full_like(tensor, value)
    save_file(tensors, path)
    return path


def test_both_networks_come_with_the_model(follower: Path) -> None:
    models = ready_models(follower, (), "cpu", BOTH)
    stored = load_file(follower / SOUND_FILE)
    assert all(torch.equal(stored[name], tensor) for name, tensor in models.sound.state_dict().items())
    assert models.skeleton.state_dict().keys() == load_file(follower / SKELETON_FILE).keys()
    assert not any(each.requires_grad for each in models.sound.parameters())


def test_a_film_that_follows_nothing_loads_nothing(follower: Path) -> None:
    models = ready_models(follower, (), "cpu")
    assert (models.sound, models.skeleton) == (None, None)


def test_sound_is_computed_in_the_transformers_type_and_poses_in_float32(follower: Path) -> None:
    models = with_inputs(load_models(follower, device="cpu", dtype=torch.bfloat16), BOTH)
    assert models.sound.audio_proj.proj1.weight.dtype == torch.bfloat16
    assert models.skeleton.dwpose_embedding[0].weight.dtype == torch.float32


def test_a_dance_lora_brings_its_own_pose_encoder(follower: Path, tmp_path: Path) -> None:
    lora = write_dance_lora(tmp_path / "dance.safetensors")
    models = ready_models(follower, [LoraInUse(lora, 1.0)], "cpu", DANCE)
    assert all((tensor == 0.5).all() for tensor in models.skeleton.state_dict().values())
    plain = load_models(follower, device="cpu").transformer.blocks[0].attn1.to_q.weight
    assert not torch.equal(models.transformer.blocks[0].attn1.to_q.weight, plain)
    assert brought_by([LoraInUse(lora, 1.0)]) == DANCE
    assert brought_by([LoraInUse(lora, 0.0)]) == frozenset()


def test_a_lora_that_counts_for_nothing_brings_nothing(follower: Path, tmp_path: Path) -> None:
    lora = write_dance_lora(tmp_path / "dance.safetensors")
    models = ready_models(follower, [LoraInUse(lora, 0.0)], "cpu", DANCE)
    stored = load_file(follower / SKELETON_FILE)
    assert all(torch.equal(stored[name], tensor) for name, tensor in models.skeleton.state_dict().items())


def test_a_dance_lora_alone_makes_a_model_follow_skeletons(tmp_path: Path) -> None:
    plain = build_tiny_model(tmp_path / "plain")
    lora = write_dance_lora(tmp_path / "dance.safetensors")
    assert ready_models(plain, [LoraInUse(lora, 1.0)], "cpu", DANCE).skeleton is not None


def test_a_film_without_skeletons_refuses_a_dance_lora(follower: Path, tmp_path: Path) -> None:
    models = load_models(follower, device="cpu")
    lora = write_dance_lora(tmp_path / "dance.safetensors")
    with pytest.raises(BadWeights, match=r"Dance LoRA.*make it a Dance film"):
        apply_loras(models, [LoraInUse(lora, 1.0)])


@pytest.mark.parametrize(
    ("changes", "sentence"), [({"drop": "12."}, "is not whole"), ({"dim": 64}, "is 64 wide, and this transformer 48")]
)
def test_a_pose_encoder_that_does_not_fit_is_one_sentence(
    follower: Path, tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    lora = write_dance_lora(tmp_path / "dance.safetensors", **changes)
    with pytest.raises(BadWeights, match=sentence):
        ready_models(follower, [LoraInUse(lora, 1.0)], "cpu", DANCE)


def test_a_sound_network_of_another_model_is_one_sentence(copy: Path, tmp_path: Path) -> None:
    other = add_inputs(build_tiny_model(tmp_path / "other", num_layers=3))
    shutil.copy(other / SOUND_FILE, copy / SOUND_FILE)
    with pytest.raises(BadWeights, match="3 blocks, and this transformer 48 with 2"):
        ready_models(copy, (), "cpu", BOTH)


@pytest.mark.parametrize("name", [SOUND_FILE, SKELETON_FILE, f"{SOUND_ENCODER}/config.json"])
def test_a_file_that_a_model_promises_and_lacks_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(BadWeights, match=f'lacks "{name}"'):
        check_input_networks(copy, read_card(copy), BOTH)


def spread(path: Path, first: str, second: str, *, index: bool) -> None:
    """The tensors of the file `path` in two files of these names beside it, in turns; an index says where each is."""
    tensors = load_file(path)
    places = {name: (first, second)[number % 2] for number, name in enumerate(sorted(tensors))}
    for file in (first, second):
        save_file({name: tensors[name] for name in tensors if places[name] == file}, path.with_name(file))
    path.unlink()
    if index:
        path.with_name(f"{path.name}.index.json").write_text(json.dumps({"weight_map": places}))


@pytest.mark.parametrize("name", [SOUND_FILE, SKELETON_FILE])
def test_a_model_may_have_what_it_follows_by_in_shards(copy: Path, follower: Path, name: str) -> None:
    kind = InputKind.SOUND if name == SOUND_FILE else InputKind.SKELETON
    size = read_model_size(copy)
    spread(copy / name, "one.safetensors", "two.safetensors", index=True)
    check_input_networks(copy, read_card(copy), BOTH)
    assert read_model_size(copy) == size
    assert input_hash(copy, kind) not in (None, input_hash(follower, kind))
    ours, theirs = (ready_models(each, (), "cpu", BOTH) for each in (copy, follower))
    for one, other in ((ours.sound, theirs.sound), (ours.skeleton, theirs.skeleton)):
        assert one is not None and other is not None
        same = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
        assert all(torch.equal(a, b) for a, b in same)
    (copy / "two.safetensors").unlink()
    with pytest.raises(BadWeights, match=r"lacks two\.safetensors"):
        check_input_networks(copy, read_card(copy), BOTH)


def test_a_damaged_sound_network_is_one_sentence(copy: Path) -> None:
    tensors = load_file(copy / SOUND_FILE)
    save_file({name: tensor for name, tensor in tensors.items() if "proj2" not in name}, copy / SOUND_FILE)
    with pytest.raises(BadWeights, match="lack 2 tensors"):
        ready_models(copy, (), "cpu", BOTH)


def test_what_hears_is_read_under_the_names_of_older_files(copy: Path) -> None:
    before = load_sound_encoder(copy, torch.device("cpu")).state_dict()
    path = copy / SOUND_ENCODER / "model.safetensors"
    old = {"parametrizations.weight.original0": "weight_g", "parametrizations.weight.original1": "weight_v"}
    renamed = {"lm_head.weight": torch.zeros(2), "quantizer.codevectors": torch.zeros(2)}
    for name, tensor in load_file(path).items():
        new = next((name.replace(ours, theirs) for ours, theirs in old.items() if name.endswith(ours)), name)
        renamed[f"wav2vec2.{new}"] = tensor
    save_file(renamed, path)
    after = load_sound_encoder(copy, torch.device("cpu")).state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_what_a_model_follows_by_has_a_hash_of_its_own(copy: Path, tmp_path: Path) -> None:
    cache = tmp_path / "hashes.json"
    whole, sound = model_hash(copy, cache), input_hash(copy, InputKind.SOUND, cache)
    path = copy / SOUND_ENCODER / "model.safetensors"
    save_file({name: tensor + 1 for name, tensor in load_file(path).items()}, path)
    assert model_hash(copy, cache) == whole
    assert input_hash(copy, InputKind.SOUND, cache) not in (sound, None)
    (copy / SKELETON_FILE).unlink()
    assert input_hash(copy, InputKind.SKELETON, cache) is None


@pytest.fixture(scope="module")
def original(follower: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model in the authors' layout, Talk's weights, a Dance LoRA and what hears beside it; read only."""
    source = write_original_layout(follower, tmp_path_factory.mktemp("original") / "wan", shards=2)
    talk = source / "multitalk"
    talk.mkdir()
    shutil.copy(follower / SOUND_FILE, talk / "multitalk.safetensors")
    write_dance_lora(source / "svi-dance.safetensors")
    hears = source / "wav2vec2-base"
    hears.mkdir()
    shutil.copy(follower / SOUND_ENCODER / "config.json", hears)
    torch.save(load_file(follower / SOUND_ENCODER / "model.safetensors"), hears / "pytorch_model.bin")
    return source


@SLOW
def test_original_files_of_talk_and_dance_are_converted(original: Path, follower: Path, tmp_path: Path) -> None:
    folder = convert_folder(original, tmp_path / "wan", image_heads=2)
    assert set(read_card(folder).inputs) == BOTH
    check_input_networks(folder, read_card(folder), BOTH)
    assert sorted(path.name for path in (folder / SOUND_ENCODER).iterdir()) == ["config.json", "model.safetensors"]
    ours, theirs = (ready_models(each, (), "cpu", BOTH) for each in (folder, follower))
    same = zip(ours.sound.state_dict().values(), theirs.sound.state_dict().values(), strict=True)
    assert all(torch.equal(a, b) for a, b in same)
    assert all((tensor == 0.5).all() for tensor in ours.skeleton.state_dict().values())


@SLOW
def test_weights_of_talk_within_the_transformers_files_are_kept_apart(original: Path, tmp_path: Path) -> None:
    source = Path(shutil.copytree(original, tmp_path / "source"))
    (shard, *_) = sorted(source.glob("diffusion_pytorch_model*.safetensors"))
    save_file(load_file(shard) | load_file(source / "multitalk" / "multitalk.safetensors"), shard)
    shutil.rmtree(source / "multitalk")
    folder = convert_folder(source, tmp_path / "wan", image_heads=2)
    assert ready_models(folder, (), "cpu", BOTH).sound is not None


def beside(follower: Path, source: Path, *names: str) -> Path:
    """Original files of Talk and Dance alone, as they lie beside a model."""
    source.mkdir()
    if "talk" in names:
        shutil.copy(follower / SOUND_FILE, source / "multitalk.safetensors")
    if "dance" in names:
        write_dance_lora(source / "svi-dance.safetensors")
    if "hears" in names:
        shutil.copytree(follower / SOUND_ENCODER, source / "wav2vec2-base")
    return source


@pytest.mark.parametrize(
    ("names", "follows"),
    [
        (("talk", "dance", "hears"), (InputKind.SOUND, InputKind.SKELETON)),
        (("talk", "hears"), (InputKind.SOUND,)),
        (("dance", "hears"), (InputKind.SKELETON,)),
        (("talk", "dance"), (InputKind.SKELETON,)),
        ((), ()),
    ],
    ids=str,
)
def test_what_lies_there_is_converted_and_no_more(
    follower: Path, tmp_path: Path, names: tuple[str, ...], follows: tuple[InputKind, ...]
) -> None:
    source, folder, said = beside(follower, tmp_path / "source", *names), tmp_path / "new", []
    folder.mkdir()
    assert convert_inputs(source, folder, said.append) == follows
    assert (folder / SOUND_FILE).exists() == (InputKind.SOUND in follows)
    assert any("no folder of a wav2vec2 network" in line for line in said) == (names == ("talk", "dance"))


@pytest.mark.parametrize("index", [True, False])
def test_weights_of_talk_may_lie_in_two_shards(follower: Path, tmp_path: Path, index: bool) -> None:
    source, folder = beside(follower, tmp_path / "source", "talk", "dance", "hears"), tmp_path / "new"
    folder.mkdir()
    numbers = ("one", "two") if index else ("m-00001-of-00002", "m-00002-of-00002")
    names = tuple(f"{number}.safetensors" for number in numbers)
    spread(source / "multitalk.safetensors", names[0], names[1], index=index)
    assert convert_inputs(source, folder, print) == (InputKind.SOUND, InputKind.SKELETON)
    written, whole = load_file(folder / SOUND_FILE), load_file(follower / SOUND_FILE)
    assert written.keys() == whole.keys() and all(torch.equal(written[name], whole[name]) for name in whole)
    (source / names[1]).unlink()
    with pytest.raises(BadWeights, match="lacks two" if index else "not all that belongs to it"):
        convert_inputs(source, tmp_path / "other", print)


@pytest.mark.parametrize(
    ("name", "lacks"), [("multitalk", "audio_proj.proj2.bias"), ("svi-dance", "dwpose_embedding.12.weight")]
)
def test_original_files_that_are_not_whole_are_refused(follower: Path, tmp_path: Path, name: str, lacks: str) -> None:
    source, folder = beside(follower, tmp_path / "source", "talk", "dance", "hears"), tmp_path / "new"
    folder.mkdir()
    path = source / f"{name}.safetensors"
    save_file({each: tensor for each, tensor in load_file(path).items() if lacks not in each}, path)
    with pytest.raises(BadWeights, match=f"not all that belongs to it .*{lacks}"):
        convert_inputs(source, folder, print)
