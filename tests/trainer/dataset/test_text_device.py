"""Captions are encoded on the card, or by the processor where the text encoder does not fit there."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from svi_studio.domain.training.events import Preparing, TrainingEvent
from svi_studio.domain.training.phase_memory import LIBRARIES, text_parts
from svi_studio.domain.training.phases import total
from svi_studio.weights.model_size import read_model_size
from tests.trainer.dataset.small_data import dataset
from trainer.dataset.encoders import TextEncoder
from trainer.dataset.fill_cache import ALONE, CacheFiller
from trainer.dataset.text_device import text_device

CARD, PROCESSOR = torch.device("cuda"), torch.device("cpu")


@pytest.fixture
def needed(tiny_model: Path) -> int:
    """Bytes for encoding captions with the tiny model, without a card's own libraries."""
    return total(text_parts(read_model_size(tiny_model), 4))


def room(monkeypatch: pytest.MonkeyPatch, free: int, whole: int) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _device: (free, whole))


@pytest.mark.parametrize(
    ("free", "whole", "device"),
    [
        (0, 10 * LIBRARIES, CARD),
        (-1, 10 * LIBRARIES, PROCESSOR),  # other programs have the rest
        (10 * LIBRARIES, LIBRARIES, PROCESSOR),  # a card that never holds it
    ],
)
def test_a_card_encodes_what_it_has_room_for(
    tiny_model: Path, needed: int, monkeypatch: pytest.MonkeyPatch, free: int, whole: int, device: torch.device
) -> None:
    room(monkeypatch, needed + free, whole)
    assert text_device(tiny_model, torch.float32, CARD) == device


def test_what_the_encoder_before_it_left_is_room(
    tiny_model: Path, needed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room(monkeypatch, needed - 1, 10 * LIBRARIES)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: room(monkeypatch, needed, 10 * LIBRARIES))
    assert text_device(tiny_model, torch.float32, CARD) == CARD


@pytest.mark.parametrize("kind", ["cpu", "mps"])
def test_other_devices_are_not_asked(tiny_model: Path, kind: str) -> None:
    assert text_device(tiny_model, torch.float32, torch.device(kind)) == torch.device(kind)


def test_the_processor_encodes_the_same_features(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, 0, 8 * LIBRARIES)
    aside = TextEncoder.load(tiny_model, dtype=torch.float32, device=CARD)
    usual = TextEncoder.load(tiny_model, dtype=torch.float32, device=PROCESSOR)
    assert (aside.aside, usual.aside) == (True, False)
    assert torch.equal(aside("A red boat."), usual("A red boat."))


def names(events: Sequence[TrainingEvent]) -> list[str]:
    return [str(event.name) for event in events if isinstance(event, Preparing)]


def test_it_is_said_while_the_processor_works(tiny_model: Path, tmp_path: Path) -> None:
    data, told = dataset(tiny_model), list[TrainingEvent]()
    encoder = replace(TextEncoder.load(tiny_model, dtype=torch.float32, device=PROCESSOR), aside=True)
    filler = CacheFiller(data.cache(tmp_path), data.clips, 1, ALONE, told.append, lambda: False)
    filler.fill(lambda: encoder, data._picture_encoders, data.sound_encoder)
    assert f"on the processor: {sorted(clip.caption for clip in data.clips)[0]}" in names(told)
