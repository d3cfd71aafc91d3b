"""Whether a model fits this computer, told from headers: nothing for a small one, a way out where it does not fit."""

from collections.abc import Callable
from pathlib import Path

import pytest

from svi_studio.document.models import model_fit as module
from svi_studio.document.models.model_fit import NOTHING_TO_TELL, model_fit
from svi_studio.domain.render.fitting import Fitting
from svi_studio.domain.render.memory_needs import MemoryNeeds
from svi_studio.domain.render.model_shape import ClipSize
from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from svi_studio.weights.catalogue import find_models, look_at_model
from svi_studio.weights.linking.filmable import what_can_be_filmed
from svi_studio.weights.linking.link import link_model
from tests.builders.linkable_files import by_kind, comfy, rows, text_encoder, transformer
from tests.builders.weights_trees import safetensors


def _computer(monkeypatch: pytest.MonkeyPatch, card: int, host: int) -> None:
    cards = (GraphicsCard("A card", card, card),) if card else ()
    hardware = Hardware("A processor", 8, host, cards, 10**12, memory_free=host)
    monkeypatch.setattr(module, "hardware_without_us", lambda _films: hardware)


def test_the_bundled_model_runs_anywhere_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _computer(monkeypatch, 0, 4 << 30)
    assert model_fit(find_models()[0]) == NOTHING_TO_TELL


def test_a_large_clip_fits_a_large_card_and_not_a_tiny_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    tree = comfy(tmp_path / "models_of_others")
    safetensors(tree / "diffusion_models" / "wan2.2_ti2v_5B_fp16.safetensors", transformer(48, text=4096))
    words = {"spiece_model": ("U8", (64,)), **text_encoder(width=4096)}  # 2.1 GB, none of it on the disk
    safetensors(tree / "text_encoders" / "umt5_xxl_fp16.safetensors", words)
    folder = link_model(by_kind(what_can_be_filmed(rows(tree)))["wan2.2-ti2v-5b"], place=tmp_path / "models")
    model = look_at_model(folder)
    _computer(monkeypatch, 48 << 30, 64 << 30)
    fit = model_fit(model)
    assert fit.fits and (not fit.sentence or fit.sentence.startswith("Fits"))
    _computer(monkeypatch, 1 << 30, 2 << 30)
    fit = model_fit(model)
    assert not fit.fits and fit.sentence.endswith(".")


def test_a_model_is_judged_as_a_film_that_is_begun_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """How often the transformer is called decides which plan is quick: none at all makes another one the best."""
    asked: list[int] = []

    def fit(needs_of: Callable[[ClipSize], MemoryNeeds], clip: ClipSize, _machine: object) -> Fitting:
        asked.append(needs_of(clip).calls)
        return Fitting(None, "", (), is_small=True)

    _computer(monkeypatch, 16 << 30, 64 << 30)
    monkeypatch.setattr(module, "fit_model", fit)
    model_fit(look_at_model(find_models()[0].folder))
    assert asked == [2 * 50]
