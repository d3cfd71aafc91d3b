"""The authors' original layout becomes a model folder that computes the same; nothing half-done or unsafe remains."""

import json
import os
import pickle
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import torch

from svi_studio.disk.publish import make_part_folder
from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.engine.conversion import convert
from svi_studio.engine.conversion.convert import convert_folder
from svi_studio.engine.conversion.original_layout import IMAGE_FILE, TEXT_FILE, VAE_FILE
from svi_studio.engine.conversion.pth_process import pth_to_safetensors
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.weights.safetensors_header import read_header
from tests.engine.lora_files import write_lora
from tests.engine.original_layout import write_original_layout
from tests.patience import felt_time

HEADS = 2

SLOW = pytest.mark.slow  # each starts a process that imports torch; one of a kind is enough every time


@pytest.fixture(scope="module")
def original(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model in the authors' layout; read only."""
    return write_original_layout(tiny_model, tmp_path_factory.mktemp("original") / "wan")


@pytest.fixture(scope="module")
def before(original: Path) -> dict[Path, bytes]:
    """The files of the original, before anything was converted."""
    return {file: file.read_bytes() for file in original.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def converted(original: Path, before: dict[Path, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The original, converted beside what a killed conversion had left."""
    target = tmp_path_factory.mktemp("converted") / "wan-tiny"
    (make_part_folder(target) / "transformer").mkdir(parents=True)
    return convert_folder(original, target, image_heads=HEADS)


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    target = tmp_path / "copy"
    for file in original.rglob("*"):
        if file.is_file():
            (target / file.relative_to(original)).parent.mkdir(parents=True, exist_ok=True)
            (target / file.relative_to(original)).write_bytes(file.read_bytes())
    return target


def outputs(models: WanModels) -> list[torch.Tensor]:
    """What each of the four networks computes from fixed inputs."""
    noise = torch.Generator().manual_seed(1)
    latents = torch.randn(1, 36, 2, 4, 6, generator=noise)
    tokens = models.tokenizer(["a cat"], padding="max_length", max_length=512, truncation=True, return_tensors="pt")
    picture = torch.randn(1, 3, 224, 224, generator=noise)
    assert models.image_encoder is not None
    with torch.no_grad():
        text = models.text_encoder(tokens.input_ids, tokens.attention_mask)[0]
        seen = models.image_encoder(picture, output_hidden_states=True).hidden_states[-2]
        velocity = models.transformer(latents, torch.tensor([500.0]), text, seen).sample
        frames = models.vae.decode(latents[:, :16]).sample
    return [text, seen, velocity, frames]


def test_both_layouts_compute_identical_outputs(tiny_model: Path, converted: Path) -> None:
    ours = outputs(load_models(converted, device="cpu", dtype=torch.float32))
    theirs = outputs(load_models(tiny_model, device="cpu", dtype=torch.float32))
    assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))


def test_the_result_is_in_as_many_shards_as_the_original(converted: Path) -> None:
    assert len(list((converted / "transformer").glob("*.safetensors"))) == 7


def test_nothing_but_the_model_is_left_not_even_of_a_conversion_that_was_killed(converted: Path) -> None:
    parts = {"transformer", "vae", "text_encoder", "image_encoder", "tokenizer", "svi_model.json"}
    assert {path.name for path in converted.iterdir()} == parts
    assert [path.name for path in converted.parent.iterdir()] == [converted.name]


def test_the_transformer_can_be_stored_in_bfloat16(original: Path, converted: Path, tmp_path: Path) -> None:
    folder = convert_folder(original, tmp_path / "half", dtype=torch.bfloat16, image_heads=HEADS)
    loaded = load_models(folder, device="cpu", dtype=torch.bfloat16).transformer.state_dict()
    direct = load_models(converted, device="cpu", dtype=torch.bfloat16).transformer.state_dict()
    assert all(torch.equal(tensor, direct[name]) for name, tensor in loaded.items())


def test_its_configurations_are_the_same_bytes_on_every_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_text
    as_windows = lambda self, text, newline="\r\n", **how: write(self, text, newline=newline, **how)  # noqa: E731
    monkeypatch.setattr(Path, "write_text", as_windows)
    convert._write_json(tmp_path / "config.json", {"dim": 5})
    assert (tmp_path / "config.json").read_bytes() == b'{\n  "dim": 5\n}\n', "or the model's hash is another one"


@pytest.mark.usefixtures("converted")
def test_the_original_is_left_as_it_was(original: Path, before: dict[Path, bytes]) -> None:
    assert {file: file.read_bytes() for file in original.rglob("*") if file.is_file()} == before


def refusal(source: Path, target: Path) -> str:
    """The sentence of the refusal; also makes sure that nothing was left behind."""
    before = set(target.parent.iterdir())
    with pytest.raises((BadWeights, BadInput)) as caught:
        convert_folder(source, target, image_heads=HEADS)
    assert set(target.parent.iterdir()) == before
    return str(caught.value)


def test_a_pickle_that_wants_to_run_code_never_runs(copy: Path, tmp_path: Path) -> None:
    canary = tmp_path / "canary"

    class Payload:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return (os.mkdir, (str(canary),))

    for writer in (pickle.dumps, None):
        if writer:
            (copy / f"{VAE_FILE}.pth").write_bytes(writer(Payload()))
        else:
            torch.save({"a": Payload()}, copy / f"{VAE_FILE}.pth")
        assert f"{VAE_FILE}.pth could not be read" in refusal(copy, tmp_path / "new")
        assert not canary.exists()


def test_a_pth_that_takes_too_long_is_left_alone(original: Path, tmp_path: Path) -> None:
    with felt_time() as seconds:
        with pytest.raises(BadWeights, match="took longer"):
            pth_to_safetensors(original / f"{VAE_FILE}.pth", tmp_path / "x", seconds=0.05)
        assert seconds() < 30


@pytest.mark.parametrize("stem", [VAE_FILE, *(pytest.param(stem, marks=SLOW) for stem in (TEXT_FILE, IMAGE_FILE))])
def test_a_truncated_pth_is_refused(copy: Path, tmp_path: Path, stem: str) -> None:
    path = copy / f"{stem}.pth"
    path.write_bytes(path.read_bytes()[:-5000])
    assert f"{stem}.pth" in refusal(copy, tmp_path / "new")


@pytest.mark.parametrize(
    "content",
    [{"a": 1}, *(pytest.param(each, marks=SLOW) for each in ({}, [torch.zeros(2)], {3: torch.zeros(2)}))],
)
def test_a_pth_that_is_no_table_of_tensors_is_refused(copy: Path, tmp_path: Path, content: Any) -> None:
    torch.save(content, copy / f"{TEXT_FILE}.pth")
    assert "table of tensors" in refusal(copy, tmp_path / "new")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (subprocess.Popen, "it holds something else than tensors, and none of it was run"),
        ({"a": 1}, "'a' is not a tensor"),
        (None, "it is damaged or cut short"),
    ],
)
def test_what_is_wrong_with_a_pth_is_said_in_plain_words(tmp_path: Path, content: Any, reason: str) -> None:
    """Above all, nobody is advised to trust the file."""
    file = tmp_path / "x.pth"
    torch.save(content, file)
    if content is None:
        file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(BadWeights) as caught:
        pth_to_safetensors(file, tmp_path / "y.safetensors")
    assert f"could not be read as a table of tensors: {reason}; download it again" in str(caught.value)
    assert not any(word in str(caught.value) for word in ("weights_only", "Error", "pickle", "torch"))


def test_a_truncated_shard_is_refused(copy: Path, tmp_path: Path) -> None:
    shard = sorted(copy.glob("*.safetensors"))[3]
    shard.write_bytes(shard.read_bytes()[:-10])
    assert "cut short" in refusal(copy, tmp_path / "new")


def test_a_missing_shard_is_refused(copy: Path, tmp_path: Path) -> None:
    sorted(copy.glob("*.safetensors"))[3].unlink()
    assert refusal(copy, tmp_path / "new")


@pytest.mark.parametrize("name", [f"{VAE_FILE}.pth", "google/umt5-xxl/tokenizer.json"])
def test_a_missing_file_is_named(copy: Path, tmp_path: Path, name: str) -> None:
    (copy / name).unlink()
    assert Path(name).stem in refusal(copy, tmp_path / "new")


def test_a_tensor_of_another_kind_of_model_is_refused(copy: Path, tmp_path: Path) -> None:
    write_lora(
        copy / "diffusion_pytorch_model-extra.safetensors", {"blocks.0.audio_cross_attn.proj.weight": torch.zeros(2)}
    )
    assert "audio_cross_attn" in refusal(copy, tmp_path / "new")


def test_an_existing_folder_is_never_written_over(original: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert "there already" in refusal(original, tmp_path / "new")


def test_stopping_half_way_leaves_nothing_behind(original: Path, tmp_path: Path) -> None:
    def stop(line: str) -> None:
        if "vae" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert_folder(original, tmp_path / "new", image_heads=HEADS, say=stop)
    assert not list(tmp_path.iterdir())


def test_too_little_space_is_said_before_anything_is_written(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    with pytest.raises(Exception, match="Converting needs 1 GB"):
        convert_folder(original, tmp_path / "new", image_heads=HEADS)
    assert not list(tmp_path.iterdir())


def test_the_index_names_every_tensor(converted: Path) -> None:
    folder = converted / "transformer"
    index = json.loads((folder / "diffusion_pytorch_model.safetensors.index.json").read_text())
    found = {name: file.name for file in folder.glob("*.safetensors") for name in read_header(file).tensors}
    assert index["weight_map"] == found
