"""Content hashes: of what decides pixels, read once, never stale."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.weights import content_hash
from svi_studio.weights.content_hash import file_hash, model_hash, unread_bytes
from tests.builders.header_files import entry, write_safetensors


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "hashes.json"


def a_model(folder: Path) -> Path:
    for part, stem in (
        ("transformer", "diffusion_pytorch_model"),
        ("vae", "diffusion_pytorch_model"),
        ("text_encoder", "model"),
    ):
        write_safetensors(folder / part / f"{stem}.safetensors", {"a": entry([1], 0, 4)}, bytes(4))
        (folder / part / "config.json").write_text("{}")
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer" / "tokenizer.json").write_text("{}")
    return folder


def test_a_file_hash_is_the_sha256_of_its_content(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert file_hash(path, cache) == hashlib.sha256(b"abc").hexdigest()


def test_a_known_file_is_not_read_again(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    first = file_hash(path, cache)
    monkeypatch.setattr(content_hash, "_sha256", lambda _: pytest.fail("read again"))
    assert file_hash(path, cache) == first


def test_a_changed_file_gets_a_new_hash(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    file_hash(path, cache)
    path.write_bytes(b"abd")
    os.utime(path, ns=(1, 1))
    assert file_hash(path, cache) == hashlib.sha256(b"abd").hexdigest()


def test_files_of_one_size_and_time_that_change_places_change_their_hashes(tmp_path: Path, cache: Path) -> None:
    """As the two experts of a model do, unpacked from one archive and named the wrong way round at first."""
    high, low = tmp_path / "high", tmp_path / "low"
    for path, content in ((high, b"abc"), (low, b"abd")):
        path.write_bytes(content)
        os.utime(path, ns=(1, 1))
    before = file_hash(high, cache), file_hash(low, cache)
    high.rename(tmp_path / "other")
    low.rename(high)
    (tmp_path / "other").rename(low)
    assert (file_hash(low, cache), file_hash(high, cache)) == before


@pytest.mark.parametrize("content", ["", "[]", '{"x": 1}', "\x00"])
def test_a_broken_cache_is_only_a_slower_cache(tmp_path: Path, cache: Path, content: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    cache.parent.mkdir()
    cache.write_text(content)
    assert file_hash(path, cache) == hashlib.sha256(b"abc").hexdigest()


def test_a_missing_file_is_named(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(BadWeights, match=r"none\.safetensors"):
        file_hash(tmp_path / "none.safetensors", cache)


def test_a_models_hash_does_not_depend_on_where_it_lies(tmp_path: Path, cache: Path) -> None:
    assert model_hash(a_model(tmp_path / "a"), cache) == model_hash(a_model(tmp_path / "b"), cache)


def test_a_models_hash_ignores_its_card(tmp_path: Path, cache: Path) -> None:
    folder = a_model(tmp_path / "a")
    before = model_hash(folder, cache)
    (folder / "svi_model.json").write_text("{}")
    assert model_hash(folder, cache) == before


@pytest.mark.parametrize(
    "name", ["vae/config.json", "vae/diffusion_pytorch_model.safetensors", "tokenizer/tokenizer.json"]
)
def test_a_models_hash_changes_with_every_part(tmp_path: Path, cache: Path, name: str) -> None:
    folder = a_model(tmp_path / "a")
    before = model_hash(folder, cache)
    (folder / name).write_bytes(b"changed")
    assert model_hash(folder, cache) != before


def test_a_model_without_a_part_has_no_hash(tmp_path: Path, cache: Path) -> None:
    folder = a_model(tmp_path / "a")
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(BadWeights, match="vae"):
        model_hash(folder, cache)


@pytest.mark.parametrize(
    "evil", ["../../etc/passwd.safetensors", "/etc/x.safetensors", "..\\x.safetensors", "x.bin", 3]
)
def test_an_index_that_names_files_elsewhere_is_refused(tmp_path: Path, cache: Path, evil: object) -> None:
    folder = a_model(tmp_path / "a")
    index = folder / "vae" / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": evil}}))
    with pytest.raises(BadWeights, match="not beside it"):
        model_hash(folder, cache)


def test_what_is_remembered_does_not_have_to_be_read(tmp_path: Path, cache: Path) -> None:
    model = a_model(tmp_path / "model")
    whole = unread_bytes(model, cache)
    assert whole == sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
    model_hash(model, cache)
    assert unread_bytes(model, cache) == 0
