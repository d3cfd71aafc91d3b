"""Writes the configuration of a network as a model folder has it, from its files alone: sizes from their shapes."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.filmable import WORDS_FOR_PART
from svi_studio.domain.film.model_parts import PartName
from svi_studio.weights.linking.hearing import encoder_config
from svi_studio.weights.linking.part_shapes import original_shapes
from svi_studio.weights.model_folder import SOUND_ENCODER, read_json
from svi_studio.weights.network_config import CLIP_HEADS, Shapes, image_config, text_config, transformer_config
from svi_studio.weights.vae_config import MEAN_48, STD_48, vae_config

_CLIP_HEAD = 64
_WRONG = (KeyError, IndexError, ValueError, ZeroDivisionError, TypeError, OverflowError)

VAE_16: Mapping[str, Any] = {
    "_class_name": "AutoencoderKLWan",
    "base_dim": 96,
    "z_dim": 16,
    "dim_mult": [1, 2, 4, 4],
    "num_res_blocks": 2,
    "temperal_downsample": [False, True, True],
}
VAE_48: Mapping[str, Any] = {
    "_class_name": "AutoencoderKLWan",
    "base_dim": 160,
    "decoder_base_dim": 256,
    "z_dim": 48,
    "dim_mult": [1, 2, 4, 4],
    "num_res_blocks": 2,
    "temperal_downsample": [False, True, True],
    "is_residual": True,
    "in_channels": 12,
    "out_channels": 12,
    "patch_size": 2,
    "scale_factor_spatial": 16,
    "scale_factor_temporal": 4,
    "latents_mean": list(MEAN_48),
    "latents_std": list(STD_48),
}
"""The two VAEs of Wan, as diffusers publishes their configurations: for files with the names of its class."""


def part_config(part: PartName, files: Sequence[Path]) -> dict[str, Any]:
    """The configuration of the network in ``files``, in the form of diffusers or transformers.

    A number that no shape tells is the published one, or that of a ``config.json`` beside the files. Reads headers
    only. Raises BadWeights when they are of another network, damaged, or only a part of it.
    """
    if part == SOUND_ENCODER:
        return encoder_config(files)
    shapes = original_shapes(part, files)
    try:
        return _config(part, shapes, _beside(part, files))
    except _WRONG as error:
        why = f"{str(error.args[0])[:80]} is not in it" if isinstance(error, KeyError) else "its sizes do not fit"
        raise BadWeights(
            f"{files[0]} is no {WORDS_FOR_PART[part].split()[0]} of Wan that can be used ({why}): choose another file."
        ) from error


def _config(part: PartName, shapes: Shapes, beside: Mapping[str, Any]) -> dict[str, Any]:
    if part in ("transformer", "transformer_2"):
        heads = beside.get("num_heads") or beside.get("num_attention_heads")
        config = transformer_config(shapes, {**beside, "num_heads": heads})
        if (
            config["num_attention_heads"] < 1
            or config["num_attention_heads"] * config["attention_head_dim"] != shapes["patch_embedding.weight"][0]
        ):
            raise ValueError("heads")
        return config
    if part == "text_encoder":
        return text_config(shapes)
    if part == "image_encoder":
        width = shapes["visual.patch_embedding.weight"][0]
        known = beside.get("num_attention_heads") or (None if width in CLIP_HEADS else max(1, width // _CLIP_HEAD))
        return image_config(shapes, known)
    return vae_config(shapes) if "encoder.conv1.weight" in shapes else _vae_of_diffusers(shapes, beside)


def _vae_of_diffusers(shapes: Shapes, beside: Mapping[str, Any]) -> dict[str, Any]:
    """The numbering of diffusers hides how many stages there are, so only known ones are told without a word."""
    width, latents = shapes["encoder.conv_in.weight"][0], shapes["post_quant_conv.weight"][0]
    told = {name: beside[name] for name in VAE_48 if name in beside}
    for known in ({**VAE_16, **told} if told else VAE_16, VAE_16, VAE_48):
        if (known["base_dim"], known["z_dim"]) == (width, latents):
            return dict(known)
    raise ValueError("no published VAE")


def _beside(part: PartName, files: Sequence[Path]) -> dict[str, Any]:
    """What a ``config.json`` beside the files says, where it is that of this network."""
    names = {"vae": "AutoencoderKLWan", "image_encoder": "CLIPVisionModel", "text_encoder": "UMT5EncoderModel"}
    with suppress(BadWeights):
        told = read_json(files[0].parent / "config.json")
        said = [told.get("_class_name"), told.get("model_type"), *_words(told.get("architectures"))]
        wanted = {names.get(part, "WanTransformer3DModel"), "WanModel", "i2v", "ti2v"}
        if any(str(each).removesuffix("WithProjection") in wanted for each in said):
            return told
    return {}


def _words(value: object) -> list[object]:
    return value if isinstance(value, list) else []
