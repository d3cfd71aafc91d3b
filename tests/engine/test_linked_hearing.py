"""What follows a sound is loaded from files elsewhere as from the model's own folder."""

import json
from pathlib import Path

import torch

from svi_studio.domain.film.track import InputKind
from svi_studio.engine.conditions.files import load_sound_encoder, load_sound_network
from svi_studio.weights.content_hash import input_hash
from tests.builders.tiny_models import add_inputs, build_tiny_model

CPU = torch.device("cpu")


def test_linked_networks_are_those_of_the_folder(tmp_path: Path) -> None:
    model, away = add_inputs(build_tiny_model(tmp_path / "model")), tmp_path / "away"
    before = load_sound_network(model, 2, CPU, torch.float32).state_dict()
    heard, told = load_sound_encoder(model, CPU).state_dict(), input_hash(model, InputKind.SOUND, tmp_path / "c.json")
    away.mkdir()
    parts = {"sound": "sound.safetensors", "audio_encoder": "audio_encoder/model.safetensors"}
    for part, name in parts.items():
        (model / name).rename(away / f"{part}-mine.safetensors")
    listed = {part: {"files": [str(away / f"{part}-mine.safetensors")]} for part in parts}
    (model / "svi_parts.json").write_text(json.dumps({"architecture": "wan2.1-i2v", "parts": listed}))
    after, hears = load_sound_network(model, 2, CPU, torch.float32).state_dict(), load_sound_encoder(model, CPU)
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert all(torch.equal(value, hears.state_dict()[name]) for name, value in heard.items())
    assert input_hash(model, InputKind.SOUND, tmp_path / "c.json") == told
