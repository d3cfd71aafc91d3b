"""Names that are in circulation tell which expert, which Wan, and whether weights are for few steps."""

from pathlib import PurePosixPath

import pytest

from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B
from svi_studio.weights.name_marks import base_in, expert_in, is_from_words, is_marked, names_of

OLD, NEW, SMALL = WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B

IN_CIRCULATION = [
    ("SVI_Wan2.2-I2V-A14B_high_noise_lora_v2.0_pro", "high", NEW, False, True),
    ("SVI_Wan2.2-I2V-A14B_low_noise_lora_v2.0", "low", NEW, False, True),
    ("SVI_Wan2.1-I2V-14B_lora_v2.0", None, OLD, False, True),
    ("Stable-Video-Infinity/v2.0/SVI_v2_PRO_Wan2.2-I2V-A14B_HIGH_lora_rank_128_fp16", "high", NEW, False, True),
    ("SVI_v2_PRO_Wan2.2-I2V-A14B_LOW_lora_rank_128_fp16", "low", NEW, False, True),
    ("svi-film-opt-10212025", None, None, False, True),
    ("wan2.2_i2v_A14b_high_noise_lora_rank64_lightx2v_4step_1022", "high", NEW, True, False),
    ("wan2.2_i2v_A14b_low_noise_lora_rank64_lightx2v_4step_1022", "low", NEW, True, False),
    ("wan2.2_i2v_lightx2v_4steps_lora_v1_high_noise", "high", NEW, True, False),
    ("Wan2.2-I2V-A14B-4steps-lora-rank64-Seko-V1/low_noise_model", "low", NEW, True, False),
    ("Wan_2_2_I2V_A14B_HIGH_lightx2v_MoE_distill_lora_rank_64_bf16", "high", NEW, True, False),
    ("lightx2v_I2V_14B_480p_cfg_step_distill_rank128_bf16", None, OLD, True, False),
    ("Wan21_I2V_14B_lightx2v_cfg_step_distill_lora_rank64", None, OLD, True, False),
    ("wan2.1_i2v_lora_rank64_lightx2v_4step", None, OLD, True, False),
    ("wan2.2_i2v_A14b_low_noise_scaled_fp8_e4m3_lightx2v_4step_720p_260412", "low", NEW, True, False),
    ("Wan2_2-I2V-A14B-HIGH_fp8_e4m3fn_scaled_KJ", "high", NEW, False, False),
    ("HighNoise/Wan2.2-I2V-A14B-HighNoise-Q4_K_M", "high", NEW, False, False),
    ("wan22EnhancedLightning_v2I2VFP8LOW", "low", NEW, True, False),
    ("wan2.2-rapid-mega-aio-v10", None, NEW, True, False),
    ("Wan2.2-TI2V-5B-Turbo", None, SMALL, True, False),
    ("Wan2_2_5B_FastWanFullAttn_lora_rank_128_bf16", None, SMALL, True, False),
    ("Wan21_CausVid_14B_T2V_lora_rank32_v2", None, OLD, True, False),
    ("Wan21_AccVid_I2V_480P_14B_lora_rank32_fp16", None, OLD, True, False),
    ("Wan22-I2V-A14B-LOW-rCM1_0_lora_rank_64_bf16", "low", NEW, True, False),
    ("Wan2.2_Remix_NSFW_i2v_14b_high_lighting_v2.0", "high", NEW, True, False),
    ("Wan2.2_Remix_NSFW_i2v_14b_low_lighting_fp8_e4m3fn_v2.1", "low", NEW, True, False),
    ("DasiwaWAN22I2V14B_tastysinHighV8", "high", NEW, True, False),
    ("DasiwaWAN22I2V14BLightspeed_synthseductionLowV9", "low", NEW, True, False),
    ("wan22EnhancedNSFWCameraPrompt_nsfwV2FP8H", "high", NEW, False, False),
    ("wan22EnhancedNSFWCameraPrompt_nsfwV2Q8L", "low", NEW, False, False),
    ("wan22EnhancedNSFWCameraPrompt_nsfwV2Q4KMH", "high", NEW, False, False),
    ("smoothMixWan22I2VT2V_i2vV20Low", "low", NEW, True, False),
    ("smoothMixWan2214BI2V_i2vHigh", "high", NEW, True, False),
    ("smoothMix_Wan2214B-I2V_i2v_V20_High", "high", NEW, True, False),
    ("smoothMixWan22I2VV20_lowQ4KM", "low", NEW, True, False),
    ("wan22RemixI2VGGUFV30_highQ6K", "high", NEW, False, False),
    ("wan22_highQ80", "high", NEW, False, False),
    ("wan22_i2v_lowFP8", "low", NEW, False, False),
    ("Wan2.1_I2V_14B_FusionX_LoRA", None, OLD, True, False),
    ("Wan14Bi2vFusioniX_fp16", None, None, True, False),
    ("wan22I2VDasiwa_v12HighN", "high", NEW, True, False),
    ("Wan22_I2V_LN_fp16", "low", NEW, False, False),
    ("wan22-i2v-hi-noise", "high", NEW, False, False),
    ("my_wan22_mix_Q3_K_L", None, NEW, False, False),
    ("my_wan22_dancer_h", "high", NEW, False, False),
    ("my_wan22_dancer_L", "low", NEW, False, False),
]
NO_SIGNS = [
    "low_poly_style", "high-resolution-detail", "low light portraits", "lightning_effect", "mylora_4000steps",
    "clip_vision_h", "high_and_low_noise", "dancer_v2.1", "slow motion", "highway", "below", "LN_fix", "hi res",
    "lo-fi", "q4l",
]  # fmt: skip


@pytest.mark.parametrize(("name", "expert", "base", "distilled", "svi"), IN_CIRCULATION)
def test_a_name_in_circulation_is_understood(
    name: str, expert: str | None, base: str | None, distilled: bool, svi: bool
) -> None:
    names = names_of(PurePosixPath("models/loras") / f"{name}.safetensors", {})
    assert (expert_in(names), base_in(names)) == (expert, base)
    assert (is_marked("distilled", names), is_marked("svi", names)) == (distilled, svi)


@pytest.mark.parametrize("name", NO_SIGNS)
def test_what_only_looks_like_a_sign_says_nothing(name: str) -> None:
    assert (expert_in([name]), base_in([name]), is_marked("distilled", [name])) == (None, None, False)


@pytest.mark.parametrize(
    ("name", "from_words"),
    [
        ("wan2.2_t2v_lightx2v_4steps_lora_v1.1_high_noise", True),
        ("Wan2.2-T2V-A14B-4steps-lora-rank64-Seko-V1.1/low_noise_model", True),
        ("wan22T2VLightning", True),
        ("Wan2.2-I2V-A14B-4steps-lora-rank64-Seko-V1/high_noise_model", False),
        ("T2V/wan2.2_i2v_lightx2v_4steps_lora_v1_high_noise", False),
        ("smoothMixWan22I2VT2V_i2vV20Low", False),
        ("Wan2.2-TI2V-5B-Turbo", False),
        ("dancer", False),
    ],
)
def test_what_films_from_words_alone_is_told_from_what_starts_from_a_picture(name: str, from_words: bool) -> None:
    assert is_from_words(names_of(PurePosixPath("loras") / f"{name}.safetensors", {})) is from_words


def test_the_name_counts_more_than_its_folders_and_its_own_notes_more_than_both() -> None:
    path = PurePosixPath("Wan2.2/LowNoise/dancer-HIGH.safetensors")
    assert expert_in(names_of(path, {})) == "high"
    assert expert_in(names_of(path, {"model_type": "Wan22-I2V-A14B-low"})) == "low"
    assert base_in(names_of(path, {"ss_base_model_version": "wan21"})) == OLD
    assert expert_in(names_of(PurePosixPath("a/high_noise_model/b/c/dancer.safetensors"), {})) == "high"
    assert expert_in(names_of(PurePosixPath("high/a/b/c/d/dancer.safetensors"), {})) is None


def test_what_musubi_tuner_notes_in_every_lora_says_nothing_of_which_wan() -> None:
    noted = {"modelspec.architecture": "wan2.1/lora", "modelspec.title": "dancer"}
    assert base_in(names_of(PurePosixPath("loras/dancer_wan22_high_noise.safetensors"), noted)) == NEW
    assert base_in(names_of(PurePosixPath("loras/dancer.safetensors"), noted)) is None
    told = noted | {"modelspec.architecture": "wan2.2-i2v/lora"}
    assert base_in(names_of(PurePosixPath("loras/dancer.safetensors"), told)) == NEW
