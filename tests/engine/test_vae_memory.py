"""What happens when the VAE runs out of memory or yields NaN."""

import gc
import weakref

import numpy as np
import pytest
import torch

from svi_studio.engine.latents import vae as vae_module
from svi_studio.engine.latents.vae import decode_frames
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.out_of_memory import retry_smaller

LATENTS = torch.linspace(-1, 1, 16 * 2 * 4 * 6).view(1, 16, 2, 4, 6)


def test_the_failed_attempt_is_freed_before_the_next() -> None:
    held: list[weakref.ref[torch.Tensor]] = []

    def large() -> bool:
        tensor = torch.zeros(1000)
        held.append(weakref.ref(tensor))
        raise torch.OutOfMemoryError("no room")

    def smaller() -> bool:
        return held[0]() is None

    gc.disable()
    try:
        assert retry_smaller(large, smaller)
    finally:
        gc.enable()


def test_other_errors_are_not_retried() -> None:
    def broken() -> None:
        raise RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes"):
        retry_smaller(broken, lambda: None)


def test_decoding_goes_on_in_tiles_after_running_out_of_memory(
    models: WanModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = decode_frames(models.vae, LATENTS)

    def no_room(*_: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(vae_module, "_frames", no_room)
    tiled = decode_frames(models.vae, LATENTS)
    assert tiled.shape == whole.shape
    assert np.abs(tiled.astype(int) - whole.astype(int)).max() <= 1  # one tile covers this picture


def test_latents_are_never_tiled_without_need(models: WanModels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vae_module, "_tiled_frames", None)
    assert decode_frames(models.vae, LATENTS).dtype == np.uint8


def test_nan_from_the_vae_is_noticed(models: WanModels) -> None:
    with pytest.raises(FloatingPointError):
        decode_frames(models.vae, LATENTS * torch.nan)
