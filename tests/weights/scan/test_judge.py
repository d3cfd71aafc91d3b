"""What looks like a plain Wan or like a part of one, and is something else, is named for what it is."""

from pathlib import Path

import pytest

from svi_studio.domain.film.model_file import ModelFile
from svi_studio.weights.scan.evidence import read_evidence
from svi_studio.weights.scan.judge import TALK, judged
from tests.builders.linkable_files import talk
from tests.builders.weights_trees import Shapes, safetensors, scaled, wan

SOUND: Shapes = {
    "audio_proj.audio_proj_glob_1.layer.weight": ("F16", (512, 6400)),
    "blocks.0.audio_cross_attn_wrapper.audio_cross_attn.k.weight": ("F16", (5120, 1536)),
}
SKELETON: Shapes = {"dwpose_embedding.0.weight": ("F16", (128, 3, 3, 3, 3))}


def row_of(path: Path, shapes: Shapes) -> ModelFile:
    file = safetensors(path, shapes)
    return judged(file, file.stat().st_size, read_evidence(file))


@pytest.mark.parametrize("sees", [False, True])
@pytest.mark.parametrize("prefix", ["", "model.diffusion_model."])
@pytest.mark.parametrize(("more", "what", "kind"), [(SOUND, "a sound", "talk"), (SKELETON, "a skeleton", "dance")])
def test_layers_merged_into_a_transformer_are_named(
    tmp_path: Path, more: Shapes, what: str, kind: str, prefix: str, sees: bool
) -> None:
    """Loaded as a plain I2V, a model would lose them without a word."""
    shapes = {prefix + name: shape for name, shape in {**scaled(wan(36, sees=sees), 1), **more}.items()}
    row = row_of(tmp_path / "Wan2_1-HuMo-17B_fp8_e4m3fn_scaled_KJ.safetensors", shapes)
    assert (row.kind, row.architecture, row.usable, row.asks) == ("transformer", f"wan-{kind}-14b", False, None)
    assert f"has layers inside that follow {what}" in row.why


def test_the_layers_alone_stay_what_they_are(tmp_path: Path) -> None:
    file = talk(tmp_path) / "multitalk.safetensors"
    row = judged(file, file.stat().st_size, read_evidence(file))
    assert (row.kind, row.architecture, row.usable) == ("other", TALK, True)


def test_a_clip_for_texts_is_the_text_encoder_of_another_model(tmp_path: Path) -> None:
    shapes: Shapes = {
        "text_model.embeddings.token_embedding.weight": ("F16", (49_408, 768)),
        "text_model.encoder.layers.0.self_attn.q_proj.weight": ("F16", (768, 768)),
    }
    row = row_of(tmp_path / "clip_l.safetensors", shapes)
    assert (row.kind, row.usable) == ("text_encoder", False)
    assert "is the text encoder of another model" in row.why


def test_a_clip_with_its_half_for_texts_is_a_picture_encoder(tmp_path: Path) -> None:
    """As Wan2GP and DiffSynth have the authors' file: that half is called as umT5 is."""
    shapes: Shapes = {
        "visual.patch_embedding.weight": ("BF16", (1280, 3, 14, 14)),
        "visual.transformer.0.attn.to_qkv.weight": ("BF16", (3840, 1280)),
        "textual.token_embedding.weight": ("BF16", (250_002, 1024)),
        "textual.blocks.0.attn.q.weight": ("BF16", (1024, 1024)),
        "log_scale": ("BF16", ()),
    }
    row = row_of(tmp_path / "models_clip_open-clip-xlm-roberta-large-vit-huge-14-bf16.safetensors", shapes)
    assert (row.kind, row.architecture, row.usable) == ("picture_encoder", "clip-vit-h", True)


def test_other_networks_in_the_same_file_do_not_say_how_its_transformer_is_stored(tmp_path: Path) -> None:
    own = {
        f"model.diffusion_model.{name}": shape for name, shape in wan(36, kind="F8_E4M3", width=256, sees=True).items()
    }
    words: Shapes = {"text_encoders.umt5xxl.transformer.shared.weight": ("F16", (256_384, 4096))}
    row = row_of(tmp_path / "wan2.1-i2v-all-in-one.safetensors", {**own, **words})
    assert (row.kind, row.precision) == ("transformer", "fp8")
