"""Notes of other programs beside a LoRA: read where they are sound, without effect where they are not."""

import json
from pathlib import Path

import pytest

from svi_studio.weights.lora_notes import LoraNotes, read_lora_notes
from svi_studio.weights.safetensors_header import read_header
from tests.builders.weights_trees import lora, safetensors


def _notes(path: Path, metadata: dict[str, str] | None = None) -> LoraNotes:
    safetensors(path, lora(), metadata)
    return read_lora_notes(path, read_header(path).metadata)


def test_a_picture_beside_it_and_words_inside_it(tmp_path: Path) -> None:
    (tmp_path / "Snow.preview.png").write_bytes(b"picture")
    notes = _notes(tmp_path / "Snow.safetensors", {"modelspec.trigger_phrase": "snowfall,  soft\nlight"})
    assert notes == LoraNotes(tmp_path / "Snow.preview.png", ("snowfall", "soft light"))


@pytest.mark.parametrize(
    ("ending", "content", "triggers", "strength"),
    [
        (".civitai.info", {"trainedWords": ["a", "b, c"]}, ("a", "b", "c"), None),
        (".json", {"activation text": "glow", "preferred weight": 0.7}, ("glow",), 0.7),
        (".metadata.json", {"civitai": {"trainedWords": ["x"]}, "usage_tips": '{"strength": 1.2}'}, ("x",), 1.2),
        (".cm-info.json", {"TrainedWords": ["y"]}, ("y",), None),
    ],
)
def test_notes_of_each_program(
    tmp_path: Path, ending: str, content: object, triggers: tuple[str, ...], strength: float | None
) -> None:
    (tmp_path / f"It{ending}").write_text(json.dumps(content))
    notes = _notes(tmp_path / "It.safetensors")
    assert (notes.triggers, notes.strength) == (triggers, strength)


@pytest.mark.parametrize(
    "content",
    [
        "[1, 2",
        "[" * 100_000,
        '"text"',
        '{"trainedWords": 7, "civitai": [], "usage_tips": "[[", "activation text": {}}',
        '{"preferred weight": 99, "usage_tips": {"strength": true}, "trainedWords": [1, null, {"a": 1}]}',
        '{"preferred weight": NaN}',
        '{"activation text": "' + "x" * 2_000_000 + '"}',
    ],
)
def test_what_is_no_note_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "It.json").write_text(content)
    notes = _notes(tmp_path / "It.safetensors")
    assert (notes.triggers, notes.strength) == ((), None)


def test_words_are_few_and_short(tmp_path: Path) -> None:
    (tmp_path / "It.json").write_text(json.dumps({"activation text": ",".join(f"{n}" + "x" * 500 for n in range(50))}))
    triggers = _notes(tmp_path / "It.safetensors").triggers
    assert len(triggers) == 12 and max(map(len, triggers)) == 200
