"""What can be filmed with files that lie about is told rightly, with one question for what only the user knows."""

from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.hub.known_models import known_models
from svi_studio.weights.catalogue import look_at_model
from svi_studio.weights.linking.filmable import what_can_be_filmed
from svi_studio.weights.linking.link import link_model
from svi_studio.weights.scan.answers import remember_expert, with_answers
from tests.builders.linkable_files import by_kind, comfy, quantised_experts, rows, text_encoder, transformer
from tests.builders.weights_trees import safetensors

A14B, TI2V, I2V = "wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "wan2.1-i2v"


def without(all_rows: tuple[ModelFile, ...], *kinds: str) -> tuple[ModelFile, ...]:
    return tuple(row for row in all_rows if row.kind not in kinds)


def test_every_missing_part_is_named_with_how_to_get_it(place: Path, owned: Path) -> None:
    all_rows = rows(owned)
    found = by_kind(what_can_be_filmed(without(all_rows, "vae", "text_encoder", "picture_encoder")))
    lacks = {kind: [missing.fetch for missing in each.missing] for kind, each in found.items()}
    assert lacks == {
        I2V: ["wan2.1-vae", "umt5-xxl-fp8", "umt5-tokenizer", "clip-vision-h"],
        A14B: ["wan2.1-vae", "umt5-xxl-fp8", "umt5-tokenizer"],
        TI2V: ["wan2.2-vae", "umt5-xxl-fp8", "umt5-tokenizer"],
    }
    with pytest.raises(
        BadInput, match=r'lacks the VAE wan2.2_vae: fetch it with ".* models fetch wan2.2-vae", or name'
    ):
        link_model(found[TI2V])
    known = known_models()
    assert {name for names in lacks.values() for name in names} <= {*known}


def test_what_lies_elsewhere_fills_gaps_and_starts_no_model(place: Path, owned: Path, tmp_path: Path) -> None:
    all_rows = rows(owned)
    own = tuple(row for row in all_rows if "ti2v" in row.path)
    (filmable,) = what_can_be_filmed(own, all_rows)
    assert filmable.ready and filmable.architecture == TI2V


def test_only_one_expert_says_what_is_missing(place: Path, owned: Path) -> None:
    own = tuple(row for row in rows(owned) if row.expert != "low")
    filmable = by_kind(what_can_be_filmed(own))[A14B]
    assert [missing.fetch for missing in filmable.missing] == ["wan2.2-i2v-low-fp8"]


@pytest.mark.parametrize("lost", ["high", "low"])
def test_an_expert_that_was_fetched_elsewhere_completes_the_pair(place: Path, owned: Path, lost: str) -> None:
    all_rows = rows(owned)
    own = tuple(row for row in all_rows if row.expert != lost)
    pairs = [each for each in what_can_be_filmed(own, all_rows) if each.architecture == A14B]
    assert [each.ready for each in pairs] == [True]


def test_pairs_of_several_kinds_are_told_apart(place: Path, owned: Path) -> None:
    quantised_experts(owned / "unet", "Q8_0")
    pairs = [each for each in what_can_be_filmed(rows(owned)) if each.architecture == A14B]
    assert {each.name: each.precision for each in pairs} == {
        "wan2.2_i2v_14B_fp16": "bf16",
        "Wan2.2-I2V-A14B-Q8_0": "Q8_0",
    }
    for each in pairs:
        high, low = (each.parts[part].files[0] for part in ("transformer", "transformer_2"))
        assert "high" in high.lower() and "low" in low.lower()
        assert high.lower().replace("high", "") == low.lower().replace("low", "")


def test_an_expert_that_nothing_tells_is_one_question_and_the_answer_is_kept(
    place: Path, owned: Path, tmp_path: Path
) -> None:
    unet, kept = owned / "diffusion_models", tmp_path / "answers.json"
    for number, noise in enumerate(("high", "low")):
        (unet / f"wan2.2_i2v_{noise}_noise_14B_fp16.safetensors").rename(unet / f"mix_{number}.safetensors")
    filmable = by_kind(what_can_be_filmed(rows(owned)))[A14B]
    assert [question.text for question in filmable.questions] == [
        f"Is mix_{number}.safetensors the expert for the high noise or for the low noise?" for number in (0, 1)
    ]
    assert not filmable.missing
    with pytest.raises(BadInput, match="Say it with --high or --low"):
        link_model(filmable)
    remember_expert([unet / "mix_0.safetensors"], "high", kept)
    remember_expert([unet / "mix_1.safetensors"], "low", kept)
    (unet / "mix_0.safetensors").rename(unet / "a.safetensors")
    filmable = by_kind(what_can_be_filmed(with_answers(rows(owned), kept)))[A14B]
    assert filmable.ready and filmable.parts["transformer"].files[0].endswith("a.safetensors")
    assert look_at_model(link_model(filmable)).problem is None


def test_two_lows_for_one_high_are_one_question(place: Path, owned: Path) -> None:
    unet = owned / "diffusion_models"
    (unet / "wan2.2_i2v_low_noise_14B_fp16.safetensors").rename(unet / "other_low_noise_a.safetensors")
    safetensors(unet / "other_low_noise_b.safetensors", transformer(), asides=b"3")
    filmable = by_kind(what_can_be_filmed(rows(owned)))[A14B]
    (question,) = filmable.questions
    assert (question.option, len(question.choices)) == ("--low", 2)
    chosen = {"transformer_2": question.choices[1]}
    filmable = by_kind(what_can_be_filmed(rows(owned), chosen=chosen))[A14B]
    assert filmable.ready and filmable.parts["transformer_2"] == question.choices[1]


def test_the_tokenizer_may_lie_inside_another_text_encoder_than_the_one_that_is_used(
    place: Path, tmp_path: Path
) -> None:
    """The more exact one carries no tokenizer, as GGUF files seldom do; ComfyUI's does."""
    tree = comfy(tmp_path / "models_of_others")
    whole = tree / "text_encoders" / "umt5_xxl_fp16.safetensors"
    whole.rename(whole.with_name("umt5_xxl_fp8_e4m3fn_scaled.safetensors"))
    exact = safetensors(tree / "text_encoders" / "umt5-xxl-enc-fp32.safetensors", text_encoder(kind="F32"))
    found = by_kind(what_can_be_filmed(rows(tree)))[TI2V]
    assert found.ready and found.parts["text_encoder"].files == (str(exact),)
    assert found.parts["tokenizer"].files == (str(whole.with_name("umt5_xxl_fp8_e4m3fn_scaled.safetensors")),)
