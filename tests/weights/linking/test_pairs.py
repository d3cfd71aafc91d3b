"""The two experts of a model are put together by the names that people's files really have."""

from collections.abc import Sequence

import pytest

from svi_studio.domain.film.filmable import Network
from svi_studio.weights.linking.experts_pairing import pairs_of, without_expert
from svi_studio.weights.name_marks import expert_in

REAL = [
    ("wan2.2_i2v_high_noise_14B_fp8_scaled", "wan2.2_i2v_low_noise_14B_fp8_scaled", "wan2.2_i2v_14B_fp8_scaled"),
    ("wan2.2_i2v_high_noise_14B_fp16", "wan2.2_i2v_low_noise_14B_fp16", "wan2.2_i2v_14B_fp16"),
    (
        "Wan2_2-I2V-A14B-HIGH_fp8_e4m3fn_scaled_KJ",
        "Wan2_2-I2V-A14B-LOW_fp8_e4m3fn_scaled_KJ",
        "Wan2_2-I2V-A14B-fp8_e4m3fn_scaled_KJ",
    ),
    (
        "Wan2_2-I2V-A14B-HIGH_fp8_e5m2_scaled_KJ",
        "Wan2_2-I2V-A14B-LOW_fp8_e5m2_scaled_KJ",
        "Wan2_2-I2V-A14B-fp8_e5m2_scaled_KJ",
    ),
    ("Wan2.2-I2V-A14B-HighNoise-Q4_K_M", "Wan2.2-I2V-A14B-LowNoise-Q4_K_M", "Wan2.2-I2V-A14B-Q4_K_M"),
    ("Wan2.2-I2V-A14B-HighNoise-Q8_0", "Wan2.2-I2V-A14B-LowNoise-Q8_0", "Wan2.2-I2V-A14B-Q8_0"),
    (
        "wan22EnhancedLightning_v2I2VFP8HIGH",
        "wan22EnhancedLightning_v2I2VFP8LOW",
        "wan22EnhancedLightning_v2I2VFP8",
    ),
    ("DasiWa-WAN22-I2V-14B-v8-high", "DasiWa-WAN22-I2V-14B-v8-low", "DasiWa-WAN22-I2V-14B-v8"),
    ("smoothMix_wan22_i2v_H_fp8", "smoothMix_wan22_i2v_L_fp8", "smoothMix_wan22_i2v_H_fp8"),
]
"""High, low, and what the model is called."""


def network(stem: str, expert: str | None = None) -> Network:
    told = expert_in([stem]) if expert is None else expert
    own = "high" if told == "high" else "low" if told == "low" else None
    kind = stem.rpartition("-")[2] if stem.endswith(("Q4_K_M", "Q8_0")) else "fp16" if "fp16" in stem else "fp8-scaled"
    return Network(
        kind="transformer", architecture="wan2.2-i2v-a14b", expert=own, precision=kind, files=(f"/m/{stem}.gguf",)
    )


def pairs(stems: Sequence[str]) -> list[tuple[str | None, str | None]]:
    def name(each: Network | None) -> str | None:
        return each.files[0].removeprefix("/m/").removesuffix(".gguf") if each else None

    return [(name(one), name(other)) for one, other, _ in pairs_of([network(stem) for stem in stems])]


def test_all_pairs_that_people_have_are_found_among_each_other() -> None:
    highs, lows = [high for high, _, _ in REAL], [low for _, low, _ in reversed(REAL)]
    assert pairs([*lows, *highs]) == [(high, low) for high, low, _ in REAL]


@pytest.mark.parametrize(("high", "_low", "name"), REAL, ids=[name for *_, name in REAL])
def test_a_model_is_called_as_its_files_without_their_expert(high: str, _low: str, name: str) -> None:
    assert without_expert(high) == name


def test_what_has_no_like_is_paired_only_where_there_is_no_choice() -> None:
    assert pairs(["a_high_noise", "b_low_noise"]) == [("a_high_noise", "b_low_noise")]
    assert pairs(["a_high_noise", "b_low_noise", "c_low_noise"]) == [("a_high_noise", None)]
    assert pairs(["a_high_noise", "d_high_noise", "b_low_noise"]) == [
        ("a_high_noise", None),
        ("d_high_noise", None),
    ]
    assert pairs(["a_high_noise", "d_high_noise", "a_low_noise"]) == [
        ("a_high_noise", "a_low_noise"),
        ("d_high_noise", None),
    ]
    assert pairs(["a_high_noise"]) == [("a_high_noise", None)]
    assert pairs(["a_low_noise"]) == [(None, "a_low_noise")]
    assert pairs(["mix", "mix2"]) == [(None, None)]
    assert pairs(["a_high_noise", "mix"]) == [("a_high_noise", None)]
    assert pairs(["a_low_noise", "mix"]) == [(None, "a_low_noise")]


def test_what_the_user_named_leaves_no_other_choice() -> None:
    high, low, other = network("a_high_noise"), network("b_low_noise"), network("c_low_noise")
    assert [*pairs_of([high, low, other], None, other)] == [(high, other, ())]
    assert [*pairs_of([high, low, other], high, low)] == [(high, low, ())]
    ((one, two, (question,)),) = pairs_of([high, low, other], high)
    assert (one, two, question.choices) == (high, None, (low, other))
