"""Gives a tiny model folder what Talk and Dance need beside it, with random weights; sounds and skeletons, too."""

import json
import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import Wav2Vec2Config, Wav2Vec2Model

from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.engine.conditions.files import save_network
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
from svi_studio.engine.conditions.sound_network import SoundNetwork, SoundSizes
from svi_studio.weights.model_folder import SKELETON_FILE, SOUND_ENCODER, SOUND_FILE
from tests.builders.tiny_models import TRANSFORMER

LAYERS, WIDTH = 2, 16

ENCODER = {
    "hidden_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "conv_dim": (8, 8, 8),
    "conv_stride": (20, 4, 4),
    "conv_kernel": (20, 8, 4),
    "num_conv_pos_embeddings": 8,
    "num_conv_pos_embedding_groups": 2,
}


def add_inputs(folder: Path, *, seed: int = 0) -> Path:
    """Adds the networks for sound and skeletons to a model of ``build_tiny_model``; returns ``folder``."""
    dim = int(TRANSFORMER["num_attention_heads"]) * int(TRANSFORMER["attention_head_dim"])  # type: ignore[call-overload]
    sizes = SoundSizes(dim=dim, heads=2, blocks=2, features=LAYERS * WIDTH, hidden=12, tokens=3, width=20)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        save_network(SoundNetwork(sizes), folder / SOUND_FILE)
        save_network(SkeletonNetwork(dim, channels=4), folder / SKELETON_FILE)
        Wav2Vec2Model(Wav2Vec2Config(**ENCODER)).save_pretrained(folder / SOUND_ENCODER)
    card = json.loads((folder / "svi_model.json").read_text("utf-8"))
    card["inputs"] = ["sound", "skeleton"]
    (folder / "svi_model.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def write_tone(path: Path, seconds: float, *, level: float = 0.2, rate: int = 16_000) -> Path:
    """A tone that swells and fades three times a second, as 16-bit WAV."""
    time = np.arange(round(seconds * rate)) / rate
    sound = level * np.sin(2 * np.pi * 220 * time) * (0.55 - 0.45 * np.cos(2 * np.pi * 3 * time))
    return _written(path, sound, rate)


def write_babble(path: Path, seconds: float, *, seed: int = 0, rate: int = 16_000) -> Path:
    """A buzz whose loudness goes up and down without a rule, as speech does."""
    rng = np.random.default_rng(seed)
    count = round(seconds * rate)
    levels = np.interp(np.arange(count), np.arange(0, count + rate, rate // 6), rng.random(round(seconds * 6) + 7))
    buzz = np.sign(np.sin(2 * np.pi * 140 * np.arange(count) / rate))
    return _written(path, 0.3 * levels**2 * buzz, rate)


def _written(path: Path, sound: NDArray[np.float64], rate: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return path


def dancer(num_frames: int, fps: int = 8, width: int = 96, height: int = 64) -> Skeleton:
    """Somebody who stands in the middle and waves both arms."""
    body = np.zeros((num_frames, 20, 3), np.float32)
    places = [(48, 12), (48, 20), (42, 20), (38, 28), (36, 36), (54, 20), (58, 28), (60, 36), (45, 38), (44, 48)]
    places += [(44, 58), (51, 38), (52, 48), (52, 58), (47, 11), (49, 11), (46, 12), (50, 12), (53, 60), (43, 60)]
    body[:, :, :2] = np.array(places, np.float32) * (width / 96, height / 64)
    body[:, :, 2] = 1
    swing = np.sin(np.arange(num_frames) / fps * 2 * np.pi)[:, None] * np.array([0.5, 1.0]) * height / 6
    body[:, (3, 4), 1] += swing
    body[:, (6, 7), 1] -= swing
    return Skeleton.of_body(Fraction(fps), width, height, body)
