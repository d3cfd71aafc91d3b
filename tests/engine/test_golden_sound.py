"""The features of a sound are the authors': what the network hears, all layers, at the film's frame rate."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import Wav2Vec2Config, Wav2Vec2Model

from svi_studio.engine.conditions.sound_features import frames_of, sound_features, standardised
from tests.engine.golden_networks import Golden


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> Golden:
    return Golden(golden_dir, "audio_wav2vec")


@pytest.fixture(scope="module")
def encoder(golden: Golden) -> Any:
    network = Wav2Vec2Model(Wav2Vec2Config(**golden.facts["config"]))
    network.load_state_dict(golden.weights("w2v."), strict=True)
    return network.eval().requires_grad_(False)


def test_the_sound_that_the_network_hears_is_the_authors(golden: Golden) -> None:
    heard = standardised(golden["wav_loudness_normalized"])
    assert (heard - golden["feature_extractor_output"]).abs().max() <= 1e-5


def test_the_features_of_all_layers_are_the_authors(golden: Golden, encoder: Any) -> None:
    expected = golden["audio_embedding"]
    frames = frames_of(golden.facts["n_samples"], golden.facts["fps"])
    assert frames == len(expected) == golden.facts["num_embedding_frames"]
    features = sound_features(encoder, golden["feature_extractor_output"], frames)
    assert features.shape == expected.shape
    assert (features - expected).abs().max() <= 1e-5


def test_a_sound_shorter_than_a_frame_has_no_features(encoder: Any) -> None:
    with pytest.raises(ValueError, match="shorter than one frame"):
        sound_features(encoder, torch.zeros(100), 1)
