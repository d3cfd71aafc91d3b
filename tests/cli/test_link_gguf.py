"""A folder of GGUF files, with the vocabulary inside the text encoder, films as the values that they stand for."""

import json
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import UMT5Config, UMT5EncoderModel

from svi_studio.engine.loading.encoder_names import LLAMA_CPP_T5
from svi_studio.engine.loading.sentence_pieces import import_protobuf
from svi_studio.weights.key_names import DIT, NameTable
from tests.builders.linked_models import llama_cpp_names, own_names, round_weights, write_weights
from tests.builders.tiny_models import TEXT_ENCODER, build_two_experts
from tests.cli.conftest import Run
from tests.cli.test_link_render import WORDS, film
from tests.engine.test_tokenizers import SMALL

COMFY = Path("ComfyUI/models")
EXPERTS = {
    "transformer": "unet/HighNoise/Wan2.2-I2V-A14B-HighNoise-Q4_K_M.gguf",
    "transformer_2": "unet/LowNoise/Wan2.2-I2V-A14B-LowNoise-Q4_K_M.gguf",
}
TEXT = "text_encoders/umt5-xxl-encoder-Q8_0.gguf"


def whole_vocabulary() -> bytes:
    """A sentencepiece model of as many words as umt5-xxl knows."""
    model = import_protobuf().ModelProto()
    model.ParseFromString(SMALL.read_bytes())
    for number in range(WORDS - len(model.pieces)):
        model.pieces.add(piece=f"word{number}", score=-99.0, type=1)
    content: bytes = model.SerializeToString()
    return content


def write_text_encoder(path: Path, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """As llama.cpp's tools write umT5, with a vocabulary of as many words; returns the values of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    model = import_protobuf().ModelProto()
    model.ParseFromString(whole_vocabulary())
    writer, kind = gguf.GGUFWriter(path, "t5encoder"), gguf.GGMLQuantizationType.Q8_0
    writer.add_tokenizer_model("t5")
    writer.add_token_list([piece.piece.encode() for piece in model.pieces])
    writer.add_token_scores([piece.score for piece in model.pieces])
    writer.add_token_types([piece.type for piece in model.pieces])
    writer.add_precompiled_charsmap(model.normalizer_spec.precompiled_charsmap)
    values = {}
    for name, tensor in tensors.items():
        array = tensor.float().numpy()
        quantised = array.ndim == 2 and array.shape[1] % 32 == 0
        raw = gguf.quants.quantize(array, kind) if quantised else array
        writer.add_tensor(name, raw, raw_dtype=kind if quantised else None)
        values[name] = torch.from_numpy(gguf.quants.dequantize(raw, kind) if quantised else array.copy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return values


def replace_weights(file: Path, values: dict[str, torch.Tensor], names: NameTable) -> None:
    """Gives the model folder's own file the values of another, under its own names."""
    own = {str(names.new(name)): value.contiguous() for name, value in values.items()}
    assert own.keys() == load_file(file).keys() - {"encoder.embed_tokens.weight"}
    save_file(own, file, {"format": "pt"})


@pytest.mark.slow
def test_gguf_files_film_as_the_values_that_they_stand_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVI_MODELS", "models")
    monkeypatch.setenv("HF_HUB_CACHE", "hub")
    own = build_two_experts(Path("models/own"), card={"name": "own"}, attention_head_dim=128, ffn_dim=256)
    UMT5EncoderModel(UMT5Config(vocab_size=WORDS, is_encoder_decoder=False, **TEXT_ENCODER)).save_pretrained(
        own / "text_encoder"
    )
    round_weights(own)
    for part, name in EXPERTS.items():
        values = write_weights(COMFY / name, own_names(own, part), "Q4_K")
        replace_weights(own / part / "diffusion_pytorch_model.safetensors", values, DIT)
    values = write_text_encoder(COMFY / TEXT, llama_cpp_names(own))
    replace_weights(own / "text_encoder" / "model.safetensors", values, LLAMA_CPP_T5)
    write_weights(COMFY / "vae/wan_2.1_vae.safetensors", own_names(own, "vae"), "bf16")
    linked = run("models", "link", "ComfyUI", "--name", "linked", "--json")
    assert linked.code == 0, linked.err
    card = json.loads((own / "svi_model.json").read_text())
    Path("models/linked/svi_model.json").write_text(json.dumps({**card, "name": "linked"}))
    (own / "tokenizer" / "tokenizer.json").unlink()
    (own / "tokenizer" / "spiece.model").write_bytes(whole_vocabulary())
    assert np.array_equal(film(run, "linked", "pro"), film(run, "own", "pro"))
