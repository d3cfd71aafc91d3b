"""A folder of ComfyUI's files becomes a model and a film: the same pixels as from a model folder with all its parts."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import UMT5Config, UMT5EncoderModel

from svi_studio.media.frames import Frames
from svi_studio.media.video_reader import stream_frames
from svi_studio.weights.vae_config import MEAN_48, STD_48
from tests.builders.linked_models import own_names, round_weights, write_weights
from tests.builders.tiny_models import END, PAD, TEXT_ENCODER, UNKNOWN, build_held_model, build_two_experts
from tests.cli.conftest import Run, write_storyboard

WORDS = 256_384
SMALL = {"num_attention_heads": 1, "attention_head_dim": 48, "text_dim": 16}
BOTH = {
    "transformer": "diffusion_models/wan2.2_i2v_high_noise_14B_bf16.safetensors",
    "transformer_2": "diffusion_models/wan2.2_i2v_low_noise_14B_bf16.safetensors",
    "vae": "vae/wan_2.1_vae.safetensors",
    "text_encoder": "text_encoders/umt5_xxl_bf16.safetensors",
}
ONE = {
    "transformer": "diffusion_models/wan2.2_ti2v_5B_bf16.safetensors",
    "vae": "vae/wan2.2_vae.safetensors",
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


def use_published_latents(folder: Path) -> None:
    """What the 48 channels of a VAE are scaled by stands in no file of weights; Wan 2.2's are published."""
    path = folder / "vae" / "config.json"
    config = json.loads(path.read_text())
    if config["z_dim"] == len(MEAN_48):
        path.write_text(json.dumps({**config, "latents_mean": MEAN_48, "latents_std": STD_48}))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("build", "files", "family"), [(build_two_experts, BOTH, "pro"), (build_held_model, ONE, "pro5b")]
)
def test_what_is_linked_films_as_its_folder_does(
    run: Run, monkeypatch: pytest.MonkeyPatch, build: Callable[..., Path], files: dict[str, str], family: str
) -> None:
    monkeypatch.setenv("SVI_MODELS", "models")
    monkeypatch.setenv("HF_HUB_CACHE", "hub")
    own = build(Path("models/own"), card={"name": "own"}, **SMALL)
    write_words(own)
    round_weights(own)
    use_published_latents(own)
    for part, name in files.items():
        write_weights(Path("ComfyUI/models") / name, own_names(own, part), "bf16")
    linked = run("models", "link", "ComfyUI", "--name", "linked", "--tokenizer", own / "tokenizer", "--json")
    assert linked.code == 0, linked.err
    card = json.loads((own / "svi_model.json").read_text())
    Path("models/linked/svi_model.json").write_text(json.dumps({**card, "name": "linked"}))
    films = [film(run, name, family) for name in ("linked", "own")]
    assert np.array_equal(*films)


def film(run: Run, model: str, family: str) -> Frames:
    """All frames of a film of two clips."""
    story = write_storyboard(Path(f"{model}.json"), 2, schema_version=5, family=family, model=model)
    ended = run("render", story, "-o", f"{model}.mkv")
    assert ended.code == 0, ended.err
    return np.concatenate(list(stream_frames(Path(f"{model}.mkv"))))
