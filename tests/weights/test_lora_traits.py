"""What a LoRA file says of itself: its form, its strength in every type of number, what it was made for."""

import struct
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B
from svi_studio.domain.film.lora_traits import SVI_2_WITHOUT_PRO
from svi_studio.domain.training.card import CARD_METADATA
from svi_studio.project.media.lora_import import lora_label
from svi_studio.weights.lora_traits import is_distilled_model, read_lora_traits
from svi_studio.weights.safetensors_header import read_header
from tests.builders.header_files import entry, write_safetensors
from tests.builders.outline_models import write_two_expert_outline
from tests.trainer.lora.recipes import CARD

Q = "diffusion_model.blocks.0.self_attn.q"


def lora(path: Path, *names: str, rank: int = 2, alpha: bytes = b"", dtype: str = "F32", **notes: str) -> Path:
    """A LoRA of one layer with an alpha of these bytes, and further tensors of one number each."""
    header: dict[str, object] = {"__metadata__": notes} if notes else {}
    header[f"{Q}.lora_down.weight"] = entry([rank, 1], 0, 4 * rank)
    header[f"{Q}.lora_up.weight"] = entry([1, rank], 4 * rank, 8 * rank)
    at = 8 * rank
    for name in names:
        header[name] = entry([1], at, at + 4)
        at += 4
    content = bytes(at)
    if alpha:
        header[f"{Q}.alpha"] = entry([], at, at + len(alpha), dtype)
        content += alpha
    return write_safetensors(path, header, content)


@pytest.mark.parametrize(
    ("dtype", "alpha"),
    [
        ("I64", struct.pack("<q", 8)), ("I32", struct.pack("<i", 8)), ("F32", struct.pack("<f", 8)),
        ("F64", struct.pack("<d", 8)), ("F16", struct.pack("<e", 8)), ("BF16", struct.pack("<f", 8)[2:]),
    ],
)  # fmt: skip
def test_the_factor_is_alpha_by_rank_in_every_type_of_number(tmp_path: Path, dtype: str, alpha: bytes) -> None:
    traits = read_lora_traits(lora(tmp_path / "x.safetensors", rank=64, alpha=alpha, dtype=dtype))
    assert (traits.ranks, traits.factors, traits.modules) == ((64,), (0.125,), 1)


def test_ranks_are_mixed_and_without_alpha_the_factor_is_one(tmp_path: Path) -> None:
    names = [f"diffusion_model.blocks.{block}.ffn.0.lora_{side}.weight" for block in (1, 2) for side in "AB"]
    traits = read_lora_traits(lora(tmp_path / "x.safetensors", *names, rank=8))
    assert (traits.modules, traits.ranks, traits.factors) == (3, (1, 8), (1.0,))


def test_an_alpha_that_is_no_number_gives_no_factor(tmp_path: Path) -> None:
    path = lora(tmp_path / "x.safetensors", alpha=struct.pack("<f", float("nan")))
    assert read_lora_traits(path).factors == ()


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("svi-film", "film"),
        ("SVI_Shot_v1", "shot"),
        ("SVI_Wan2.1-I2V-14B_lora_v2.0", "shot2"),
        ("SVI_Wan2.2-I2V-A14B_high_noise_lora_v2.0_pro", "pro"),
        ("SVI_v2_PRO_Wan2.2-I2V-A14B_LOW_lora_rank_128_fp16", "pro"),
        ("SVI_Wan2.2-I2V-A14B_low_noise_lora_v2.0", SVI_2_WITHOUT_PRO),
        ("SVI-dancer-v2-wan22-high", None),
        ("my film look", None),
    ],
)
def test_the_authors_files_say_their_family_by_their_names(tmp_path: Path, name: str, family: str | None) -> None:
    traits = read_lora_traits(lora(tmp_path / f"{name}.safetensors"))
    assert (traits.family, traits.recycles) == (family, None)


@pytest.mark.parametrize("recycles", [True, False])
def test_a_lora_that_was_trained_here_says_its_family_and_whether_it_learned_of_errors(
    tmp_path: Path, recycles: bool
) -> None:
    card = CARD.model_copy(update={"family": "talk", "error_recycling": recycles})
    path = lora(tmp_path / "svi-film.safetensors", **{CARD_METADATA: card.model_dump_json()})
    traits = read_lora_traits(path)
    assert (traits.family, traits.recycles) == ("talk", recycles)


@pytest.mark.parametrize(
    ("names", "kind"),
    [((), "LoRA"), ((f"{Q}.dora_scale",), "DoRA"), ((f"{Q}.hada_w1_b",), "LoHa"), ((f"{Q}.lokr_w1",), "LoKr")],
)
def test_its_form_is_named(tmp_path: Path, names: tuple[str, ...], kind: str) -> None:
    assert read_lora_traits(lora(tmp_path / "x.safetensors", *names)).kind == kind


def test_what_looks_at_pictures_is_of_wan_2_1_unless_the_name_says_otherwise(tmp_path: Path) -> None:
    names = ("diffusion_model.blocks.0.cross_attn.k_img.diff_b", "diffusion_model.img_emb.proj.1.diff")
    traits = read_lora_traits(lora(tmp_path / "dancer.safetensors", *names))
    assert (traits.base, traits.differences) == (WAN_2_1_I2V, 2)
    assert traits.for_pictures == ("blocks.0.cross_attn.k_img", "img_emb.proj.1")
    assert read_lora_traits(lora(tmp_path / "wan22_dancer.safetensors", *names)).base == WAN_2_2_I2V_A14B


def test_a_file_that_a_film_calls_by_its_content_is_known_by_its_label(tmp_path: Path) -> None:
    at = f"media/{'5b' * 32}.safetensors"
    path = lora(tmp_path / "x.safetensors")
    silent = read_lora_traits(path, at=at)
    assert (silent.expert, silent.base, silent.distilled) == (None, None, False)
    told = read_lora_traits(path, called=("wan2.2_i2v_lightx2v_4steps_lora_v1_low_noise",), at=at)
    assert (told.expert, told.base, told.distilled) == ("low", WAN_2_2_I2V_A14B, True)


def test_its_own_notes_count_too(tmp_path: Path) -> None:
    path = lora(tmp_path / "x.safetensors", **{"model_type": "Wan22-I2V-A14B-low", "ss_output_name": "SVI look"})
    traits = read_lora_traits(path)
    assert (traits.expert, traits.base, traits.svi) == ("low", WAN_2_2_I2V_A14B, True)


def test_a_pickle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.safetensors").write_bytes(b"PK\x03\x04" + bytes(64))
    with pytest.raises(BadWeights, match="pickle"):
        read_lora_traits(tmp_path / "x.safetensors")


def test_the_label_keeps_what_only_the_folder_tells(tmp_path: Path) -> None:
    folder = tmp_path / "Wan2.2-I2V-A14B-4steps-lora-rank64-Seko-V1"
    file = lora(folder / "high_noise_model.safetensors")
    assert lora_label(file, {}) == f"{folder.name}/high_noise_model"
    plain = lora(tmp_path / "dancer_high.safetensors", **{"modelspec.title": "The dancer"})
    assert lora_label(plain, read_header(plain).metadata) == "dancer_high"
    assert lora_label(lora(tmp_path / "dancer.safetensors"), {"modelspec.title": "The dancer"}) == "The dancer"
    pro = lora(tmp_path / "SVI_v2_PRO_Wan22_HIGH.safetensors")
    assert lora_label(pro, {"modelspec.title": "SVI Wan22 HIGH"}) == "SVI_v2_PRO_Wan22_HIGH"
    words = lora(tmp_path / "wan22_T2V_lightning_HIGH.safetensors")
    assert lora_label(words, {"modelspec.title": "Wan22 lightning HIGH"}) == "wan22_T2V_lightning_HIGH"


@pytest.mark.parametrize(
    ("name", "distilled"),
    [("wan22EnhancedLightning", True), ("wan2.2-rapid-mega-aio", True), ("Wan2.2-I2V-A14B", False)],
)
def test_a_distilled_model_is_known_by_its_name(tmp_path: Path, name: str, distilled: bool) -> None:
    assert is_distilled_model(write_two_expert_outline(tmp_path, name), ("", "A model")) is distilled
