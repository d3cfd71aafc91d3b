"""Encoded texts on disk: found again by the encoder's content and the text, and never trusted when damaged."""

from pathlib import Path

import pytest
import torch

from svi_studio.engine.denoising import kept_texts
from svi_studio.engine.denoising.kept_texts import KeptTexts, UnwrittenTexts
from tests.builders.tiny_models import build_tiny_model


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "other", seed=5)


@pytest.fixture(autouse=True)
def _own_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(kept_texts, "UNWRITTEN", UnwrittenTexts())


def features(length: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    found = torch.zeros(1, 512, 32, dtype=dtype)
    found[0, :length] = torch.randn(length, 32, generator=torch.Generator().manual_seed(length)).to(dtype)
    return found


def texts(model: Path, tmp_path: Path, dtype: torch.dtype = torch.float32, where: str = "cpu") -> KeptTexts:
    return KeptTexts(model, dtype, where, tmp_path / "texts")


@pytest.mark.parametrize("length", [0, 1, 40, 512])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_is_kept_is_found_bit_for_bit(tiny_model: Path, tmp_path: Path, length: int, dtype: torch.dtype) -> None:
    texts(tiny_model, tmp_path, dtype).keep("a ball", features(length, dtype))
    found = texts(tiny_model, tmp_path, dtype).find("a ball", 512)
    assert found is not None and found.dtype == dtype and torch.equal(found, features(length, dtype))
    (file,) = (tmp_path / "texts").iterdir()
    assert file.stat().st_size < length * 32 * dtype.itemsize + 200, "the padding is not written"


def test_only_the_same_text_of_the_same_encoder_is_found(tiny_model: Path, other_model: Path, tmp_path: Path) -> None:
    texts(tiny_model, tmp_path).keep("a ball", features(3))
    assert texts(tiny_model, tmp_path).find("a  ball", 512) is None
    assert texts(other_model, tmp_path).find("a ball", 512) is None
    assert texts(tiny_model, tmp_path, torch.bfloat16).find("a ball", 512) is None
    assert texts(tiny_model, tmp_path, where="cuda").find("a ball", 512) is None


def test_half_a_surrogate_is_a_text_as_well(tiny_model: Path, tmp_path: Path) -> None:
    texts(tiny_model, tmp_path).keep("\ud800", features(3))
    assert texts(tiny_model, tmp_path).find("\ud800", 512) is not None


@pytest.mark.parametrize("damage", [b"", b"not a file of weights", b"\xff" * 4000])
def test_a_damaged_file_is_as_if_it_were_not_there(tiny_model: Path, tmp_path: Path, damage: bytes) -> None:
    kept = texts(tiny_model, tmp_path)
    kept.keep("a ball", features(3))
    (file,) = (tmp_path / "texts").iterdir()
    file.write_bytes(damage)
    assert kept.find("a ball", 512) is None
    kept.keep("a ball", features(3))
    assert kept.find("a ball", 512) is not None


def test_numbers_that_are_not_finite_are_not_believed(tiny_model: Path, tmp_path: Path) -> None:
    kept = texts(tiny_model, tmp_path)
    kept.keep("a ball", features(3) + torch.nan)
    assert kept.find("a ball", 512) is None


def test_what_cannot_be_written_stays_in_memory_and_says_so(tiny_model: Path, tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("a file where the folder should be")
    texts(tiny_model, tmp_path).keep("a ball", features(3))
    again = texts(tiny_model, tmp_path).find("a ball", 512)
    assert again is not None and torch.equal(again, features(3))
    assert texts(tiny_model, tmp_path).find("another", 512) is None
    problem = kept_texts.UNWRITTEN.problem
    assert problem.startswith(f"The encoded prompts cannot be written to {tmp_path / 'texts'} (")
    (tmp_path / "texts").unlink()
    texts(tiny_model, tmp_path).keep("another", features(4))
    assert not kept_texts.UNWRITTEN.problem


def test_of_what_cannot_be_written_no_more_stays_in_memory_than_would_on_the_disk(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "texts").write_text("a file where the folder should be")
    monkeypatch.setattr(kept_texts, "_MOST_KEPT", 2 * features(3)[0, :3].nbytes)
    kept = texts(tiny_model, tmp_path)
    for text in ("one", "two", "three"):
        kept.keep(text, features(3))
    assert [kept.find(text, 512) is not None for text in ("one", "two", "three")] == [False, True, True]
    kept.keep("four", features(3) + torch.nan)
    assert kept.find("four", 512) is None, "never believed"


def test_what_was_not_used_for_the_longest_time_goes_first(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = texts(tiny_model, tmp_path)
    kept.keep("one", features(9))
    (first,) = (tmp_path / "texts").iterdir()
    monkeypatch.setattr(kept_texts, "_MOST_KEPT", 2 * first.stat().st_size)
    import os

    os.utime(first, (1, 1))
    for text in ("two", "three"):
        kept.keep(text, features(9))
    assert [kept.find(text, 512) is not None for text in ("one", "two", "three")] == [False, True, True]
