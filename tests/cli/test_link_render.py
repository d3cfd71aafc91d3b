"""A folder of ComfyUI's files becomes a model and a film: the same pixels as from a model folder with all its parts."""

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import UMT5Config, UMT5EncoderModel

from svi_studio.media.video_reader import stream_frames
from tests.builders.linked_models import own_names, round_weights, write_weights
from tests.builders.tiny_models import CARD, END, PAD, TEXT_ENCODER, UNKNOWN, build_two_experts
from tests.cli.conftest import Run, write_storyboard

WORDS = 256_384
FILES = {
    "transformer": "diffusion_models/wan2.2_i2v_high_noise_14B_bf16.safetensors",
    "transformer_2": "diffusion_models/wan2.2_i2v_low_noise_14B_bf16.safetensors",
    "vae": "vae/wan_2.1_vae.safetensors",
    "text_encoder": "text_encoders/umt5_xxl_bf16.safetensors",
}


def write_words(folder: Path) -> None:
    """A tokenizer and a text encoder of as many words as umt5-xxl knows, which is how it is recognised."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    known = [PAD, END, UNKNOWN, *alphabet]
    words = {word: number for number, word in enumerate([*known, *(f"word {n}" for n in range(WORDS - len(known)))])}
    tokenizer = Tokenizer(models.BPE(vocab=words, merges=[], unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    (folder / "tokenizer").mkdir(exist_ok=True)
    tokenizer.save(str(folder / "tokenizer" / "tokenizer.json"))
    config = UMT5Config(vocab_size=WORDS, is_encoder_decoder=False, **{**TEXT_ENCODER, "d_model": 16, "d_kv": 4})
    UMT5EncoderModel(config).save_pretrained(folder / "text_encoder")


@pytest.fixture
def own(own_world: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model folder of two experts, and its parts as ComfyUI's files beside it."""
    monkeypatch.setenv("SVI_MODELS", "models")
    monkeypatch.setenv("HF_HUB_CACHE", "hub")
    folder = build_two_experts(Path("models/own"), num_attention_heads=1, attention_head_dim=48, text_dim=16)
    write_words(folder)
    round_weights(folder)
    for part, name in FILES.items():
        write_weights(Path("ComfyUI/models") / name, own_names(folder, part), "bf16")
    return folder


@pytest.mark.slow
def test_what_is_linked_films_as_its_folder_does(run: Run, own: Path) -> None:
    linked = run("models", "link", "ComfyUI", "--name", "linked", "--tokenizer", own / "tokenizer", "--json")
    assert linked.code == 0, linked.err
    card = Path("models/linked/svi_model.json")
    card.write_text(json.dumps({**CARD, "name": "linked"}))
    films = {}
    for name in ("linked", "tiny-two-experts"):
        story = write_storyboard(Path(f"{name}.json"), 2, schema_version=5, family="pro", model=name)
        ended = run("render", story, "-o", f"{name}.mkv")
        assert ended.code == 0, ended.err
        films[name] = np.concatenate(list(stream_frames(Path(f"{name}.mkv"))))
    assert np.array_equal(films["linked"], films["tiny-two-experts"])
