"""Folders as people have them are understood from headers and names; nothing is loaded, nothing mistaken."""

import errno
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.weights.scan import scan as scan_module
from svi_studio.weights.scan.scan import scan_folder, what_is
from tests.builders.weights_trees import clip_vision, gguf, lora, safetensors, scaled, text_encoder, vae, wan

A14B, I2V, SMALL = "wan2.2-i2v-a14b", "wan2.1-i2v-14b", "wan2.2-ti2v-5b"
FIVE_D = {"general.architecture": "wan", "comfy.gguf.orig_shape.patch_embedding.weight": (5120, 36, 1, 2, 2)}


def flat(shapes: dict[str, tuple[str, tuple[int, ...]]]) -> dict[str, tuple[str, tuple[int, ...]]]:
    return shapes | {"patch_embedding.weight": ("F32", (5120 * 36, 1, 2, 2))}


def comfy(models: Path) -> dict[str, tuple[object, ...]]:
    """ComfyUI's models folder, and what each file is: kind, architecture, expert, precision, usable."""
    unet, loras = models / "diffusion_models", models / "loras"
    fp8 = scaled(wan(36), 1)
    safetensors(unet / "wan2.2_i2v_high_noise_14B_fp8_scaled.safetensors", fp8)
    safetensors(unet / "wan2.2_i2v_low_noise_14B_fp16.safetensors", wan(36))
    safetensors(unet / "sub" / "Wan2_2-I2V-A14B-HIGH_fp8_e4m3fn_scaled_KJ.safetensors", fp8)
    safetensors(unet / "noted.safetensors", fp8, {"model_type": "Wan22-I2V-A14B-low"})
    safetensors(unet / "my_mix.safetensors", wan(36, kind="BF16"))
    safetensors(unet / "wan2.2_ti2v_5B_fp16.safetensors", wan(48, 3072))
    safetensors(unet / "wan2.1_i2v_480p_14B_fp8_e4m3fn.safetensors", wan(36, kind="F8_E4M3", sees=True))
    safetensors(unet / "wan2.1_t2v_14B_bf16.safetensors", wan(16, kind="BF16"))
    safetensors(unet / "wan2.1_t2v_1.3B_fp16.safetensors", wan(16, 1536))
    safetensors(unet / "wan2.2_t2v_low_noise_14B_fp16.safetensors", wan(16))
    no_scales = {name: each for name, each in fp8.items() if "scale_weight" not in name}
    safetensors(unet / "wan2.2_i2v_high_noise_broken.safetensors", no_scales)
    newest = {"blocks.0.self_attn.q.comfy_quant": ("U8", (26,)), **scaled(wan(36), 3)}
    note = json.dumps({"format": "float8_e4m3fn"}).encode()
    newest["blocks.0.self_attn.q.comfy_quant"] = ("U8", (len(note),))
    safetensors(unet / "wan2.2_i2v_high_noise_new.safetensors", newest, asides=note)
    nv = {**newest, "blocks.0.self_attn.q.comfy_quant": ("U8", (19,))}
    safetensors(unet / "wan2.2_i2v_high_noise_nvfp4.safetensors", nv, asides=b'{"format": "nvfp4"}')
    checkpoint = wan(36, prefix="model.diffusion_model.")
    safetensors(models / "checkpoints" / "wan2.2-rapid-aio-v10.safetensors", checkpoint)
    safetensors(
        models / "checkpoints" / "sdxl.safetensors",
        {"model.diffusion_model.input_blocks.0.0.weight": ("F16", (320, 4, 3, 3))},
    )
    gguf(models / "unet" / "HighNoise" / "Wan2.2-I2V-A14B-HighNoise-Q4_K_M.gguf", flat(wan(36, kind="Q4_K")), FIVE_D)
    gguf(models / "unet" / "wan2.1-i2v-14b-480p-Q8_0.gguf", flat(wan(36, kind="Q8_0", sees=True)), FIVE_D)
    gguf(models / "unet" / "wan2.1-i2v-14b-480p-IQ4_XS.gguf", flat(wan(36, kind="IQ4_XS", sees=True)), FIVE_D)
    safetensors(models / "vae" / "wan_2.1_vae.safetensors", vae())
    safetensors(models / "vae" / "wan2.2_vae.safetensors", vae(48))
    safetensors(models / "vae" / "qwen_image_vae.safetensors", vae())
    safetensors(models / "text_encoders" / "umt5_xxl_fp16.safetensors", text_encoder(kind="F16"))
    safetensors(models / "text_encoders" / "t5xxl_fp16.safetensors", text_encoder(32_128))
    safetensors(models / "clip_vision" / "clip_vision_h.safetensors", clip_vision())
    safetensors(models / "clip_vision" / "sigclip.safetensors", clip_vision(1152))
    safetensors(loras / "SVI_v2_PRO_Wan2.2-I2V-A14B_LOW_lora_rank_128_fp16.safetensors", lora())
    safetensors(loras / "lightx2v_I2V_14B_480p_cfg_step_distill_rank64_bf16.safetensors", lora(sees=True))
    safetensors(
        loras / "flux.safetensors", {"lora_unet_double_blocks_0_img_attn_proj.lora_down.weight": ("F16", (8, 8))}
    )
    (models / "checkpoints" / "old.ckpt").write_bytes(pickle.dumps({"a": 1}))
    (loras / "disguised.safetensors").write_bytes(pickle.dumps({"a": 1}))
    return {
        "wan2.2_i2v_high_noise_14B_fp8_scaled.safetensors": ("transformer", A14B, "high", "fp8-scaled", True),
        "wan2.2_i2v_low_noise_14B_fp16.safetensors": ("transformer", A14B, "low", "fp16", True),
        "Wan2_2-I2V-A14B-HIGH_fp8_e4m3fn_scaled_KJ.safetensors": ("transformer", A14B, "high", "fp8-scaled", True),
        "noted.safetensors": ("transformer", A14B, "low", "fp8-scaled", True),
        "my_mix.safetensors": ("transformer", A14B, None, "bf16", True),
        "wan2.2_ti2v_5B_fp16.safetensors": ("transformer", SMALL, None, "fp16", True),
        "wan2.1_i2v_480p_14B_fp8_e4m3fn.safetensors": ("transformer", I2V, None, "fp8", True),
        "wan2.1_t2v_14B_bf16.safetensors": ("transformer", "wan2.1-t2v-14b", None, "bf16", False),
        "wan2.1_t2v_1.3B_fp16.safetensors": ("transformer", "wan2.1-t2v-1.3b", None, "fp16", False),
        "wan2.2_t2v_low_noise_14B_fp16.safetensors": ("transformer", "wan2.2-t2v-a14b", "low", "fp16", False),
        "wan2.2_i2v_high_noise_broken.safetensors": ("transformer", A14B, "high", "fp8-scaled", False),
        "wan2.2_i2v_high_noise_new.safetensors": ("transformer", A14B, "high", "fp8-scaled", True),
        "wan2.2_i2v_high_noise_nvfp4.safetensors": ("transformer", A14B, "high", "nvfp4", False),
        "wan2.2-rapid-aio-v10.safetensors": ("transformer", A14B, None, "fp16", False),
        "sdxl.safetensors": ("other", None, None, "fp16", False),
        "Wan2.2-I2V-A14B-HighNoise-Q4_K_M.gguf": ("transformer", A14B, "high", "Q4_K_M", True),
        "wan2.1-i2v-14b-480p-Q8_0.gguf": ("transformer", I2V, None, "Q8_0", True),
        "wan2.1-i2v-14b-480p-IQ4_XS.gguf": ("transformer", I2V, None, "IQ4_XS", False),
        "wan_2.1_vae.safetensors": ("vae", "wan2.1-vae", None, "bf16", True),
        "wan2.2_vae.safetensors": ("vae", "wan2.2-vae", None, "bf16", True),
        "qwen_image_vae.safetensors": ("vae", None, None, "bf16", False),
        "umt5_xxl_fp16.safetensors": ("text_encoder", "umt5-xxl", None, "fp16", True),
        "t5xxl_fp16.safetensors": ("text_encoder", "t5", None, "bf16", False),
        "clip_vision_h.safetensors": ("picture_encoder", "clip-vit-h", None, "fp16", True),
        "sigclip.safetensors": ("picture_encoder", None, None, "fp16", False),
        "SVI_v2_PRO_Wan2.2-I2V-A14B_LOW_lora_rank_128_fp16.safetensors": ("lora", A14B, "low", "fp16", True),
        "lightx2v_I2V_14B_480p_cfg_step_distill_rank64_bf16.safetensors": ("lora", I2V, None, "fp16", True),
        "flux.safetensors": ("lora", None, None, "fp16", False),
        "old.ckpt": ("other", None, None, None, False),
        "disguised.safetensors": ("other", None, None, None, False),
    }  # fmt: skip


def facts(row: ModelFile) -> tuple[object, ...]:
    return row.kind, row.architecture, row.expert, row.precision, row.usable


def by_name(folder: Path, cache: Path) -> dict[str, ModelFile]:
    found = scan_folder(folder, cache)
    assert not found.problems
    return {Path(row.path).name: row for row in found.files}


def test_everything_in_a_comfyui_folder_is_recognised_and_nothing_mistaken(tmp_path: Path) -> None:
    wanted = comfy(tmp_path / "ComfyUI" / "models")
    rows = by_name(tmp_path / "ComfyUI", tmp_path / "cache.json")
    assert {name: facts(row) for name, row in rows.items()} == wanted
    assert all(bool(row.why) == (not row.usable or row.asks is not None) for row in rows.values())
    assert [name for name, row in rows.items() if row.asks == "expert"] == ["my_mix.safetensors"]
    assert all(
        "cannot be used: it may hold a program" in rows[name].why for name in ("old.ckpt", "disguised.safetensors")
    )
    again = by_name(tmp_path / "ComfyUI", tmp_path / "cache.json")
    assert again == rows


def hub(cache: Path, *, links: bool) -> None:
    repo = cache / "models--Wan-AI--Wan2.2-I2V-A14B"
    state, old = repo / "snapshots" / ("a" * 40), repo / "snapshots" / ("b" * 40)
    for number, folder in enumerate(("high_noise_model", "low_noise_model")):
        shards = [wan(36), {"blocks.7.self_attn.q.weight": ("F16", (5120, 5120))}]
        for shard, shapes in enumerate(shards, start=1):
            name = f"diffusion_pytorch_model-0000{shard}-of-00002.safetensors"
            blob = safetensors(repo / "blobs" / f"{number}{shard}{'c' * 62}", shapes)
            for each in (state, old):
                (each / folder).mkdir(parents=True, exist_ok=True)
                if links:
                    (each / folder / name).symlink_to(os.path.relpath(blob, each / folder))
            if not links:
                blob.rename(state / folder / name)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text("a" * 40)
    tokenizer = state / "google" / "umt5-xxl" / "tokenizer.json"
    tokenizer.parent.mkdir(parents=True)
    tokenizer.write_text("{}")
    (state / "Wan2.1_VAE.pth").write_bytes(b"PK\x03\x04")


@pytest.mark.parametrize("links", [True, False])
def test_a_download_of_hugging_face_is_read_by_its_names_once(tmp_path: Path, links: bool) -> None:
    hub(tmp_path / "hub", links=links)
    rows = scan_folder(tmp_path / "hub", tmp_path / "cache.json").files
    assert len(rows) == 6 and all("a" * 40 in row.path for row in rows)
    experts = [(row.architecture, row.expert, row.usable) for row in rows if row.kind == "transformer"]
    assert experts == 2 * [(A14B, "high", True)] + 2 * [(A14B, "low", True)]
    others = {Path(row.path).name: (row.kind, row.usable) for row in rows if row.kind != "transformer"}
    assert others == {"tokenizer.json": ("tokenizer", True), "Wan2.1_VAE.pth": ("vae", False)}


def test_one_shard_of_several_says_what_is_missing(tmp_path: Path) -> None:
    safetensors(tmp_path / "low_noise_model" / "diffusion_pytorch_model-00001-of-00006.safetensors", wan(36))
    (row,) = scan_folder(tmp_path, tmp_path / "cache.json").files
    assert not row.usable and "one of 6 files, and 5 of them are missing" in row.why


def test_wan2gp_keeps_its_files_in_ckpts_and_quantises_in_its_own_way(tmp_path: Path) -> None:
    quanto = {
        f"{name}._data" if "blocks" in name else name: ("I8" if "blocks" in name else kind, shape)
        for name, (kind, shape) in wan(36).items()
    }
    safetensors(tmp_path / "ckpts" / "wan2.2_image2video_14B_high_quanto_mbf16_int8.safetensors", quanto)
    safetensors(tmp_path / "loras" / "wan_i2v" / "dancer.safetensors", lora())
    rows = by_name(tmp_path, tmp_path / "cache.json")
    told = facts(rows["wan2.2_image2video_14B_high_quanto_mbf16_int8.safetensors"])
    assert told == ("transformer", A14B, "high", "int8-quanto", False)
    assert facts(rows["dancer.safetensors"]) == ("lora", None, None, "fp16", True)


def test_other_folders_that_comfyui_names_are_looked_through_too(tmp_path: Path) -> None:
    root, away = tmp_path / "ComfyUI", tmp_path / "away"
    root.mkdir()
    safetensors(away / "models" / "Lora" / "dancer_high.safetensors", lora())
    safetensors(away / "unet" / "wan2.2_i2v_low_noise.safetensors", wan(36))
    safetensors(away / "custom" / "wan2.2_i2v_high_noise.safetensors", wan(36))
    (root / "extra_model_paths.yaml").write_text(
        f"# mine\na111:\n    base_path: {away}  # here\n    is_default: true\n"
        "    loras: |\n         models/Lora\n         models/None\n"
        f'    custom_nodes: custom\ncomfyui:\n  diffusion_models: "{away}/unet"\n'
        "  evil: !!python/object/apply:os.system [x]\n"
    )
    found = scan_folder(root, tmp_path / "cache.json")
    assert [Path(row.path).name for row in found.files] == [
        "dancer_high.safetensors",
        "wan2.2_i2v_low_noise.safetensors",
    ]
    (problem,) = found.problems
    assert problem.startswith(f"{root / 'extra_model_paths.yaml'} names folders that are not there, {away}/models/None")


def test_a_link_that_leads_nowhere_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "gone.safetensors").symlink_to(tmp_path / "on another drive.safetensors")
    (problem,) = scan_folder(tmp_path, tmp_path / "cache.json").problems
    assert "gone.safetensors is a link to a file that is not there" in problem


def test_links_in_a_circle_end_and_each_file_is_there_once(tmp_path: Path) -> None:
    file = safetensors(tmp_path / "loras" / "a.safetensors", lora())
    (tmp_path / "loras" / "b.safetensors").symlink_to(file)
    os.link(file, tmp_path / "loras" / "c.safetensors")
    (tmp_path / "loras" / "round").symlink_to(tmp_path)
    assert len(scan_folder(tmp_path, tmp_path / "cache.json").files) == 1


def test_a_pickle_is_never_opened_beyond_its_first_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pth").write_bytes(b"PK\x03\x04")
    monkeypatch.setattr(scan_module, "read_evidence", lambda _: pytest.fail("it was opened"))
    assert not what_is(tmp_path / "a.pth", tmp_path / "cache.json").usable


def test_a_drive_that_vanishes_costs_what_lies_on_it_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        safetensors(tmp_path / f"{number}.safetensors", lora())
    read: Callable[[Path], object] = scan_module.read_evidence

    def vanishing(path: Path) -> object:
        if path.name >= "2":
            raise OSError(errno.EIO, "Input/output error", str(path))
        return read(path)

    monkeypatch.setattr(scan_module, "read_evidence", vanishing)
    found = scan_folder(tmp_path, tmp_path / "cache.json")
    assert [row.usable for row in found.files] == [True, True, False, False, False] and len(found.problems) == 3
    monkeypatch.setattr(os.path, "isdir", lambda _: False)
    monkeypatch.setattr(Path, "is_dir", lambda _: True)
    assert len(scan_folder(tmp_path, tmp_path / "cache.json").problems) == 1
    monkeypatch.undo()
    assert all(row.usable for row in scan_folder(tmp_path, tmp_path / "cache.json").files)


@pytest.mark.parametrize("content", [b"", b"{}", b"[", b'{"version":1,"files":{"a":5}}', b"\xff" * 100])
def test_a_broken_cache_is_made_again_and_a_good_one_is_used(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    safetensors(tmp_path / "w" / "a.safetensors", lora())
    cache = tmp_path / "cache.json"
    cache.write_bytes(content)
    first = scan_folder(tmp_path / "w", cache)
    assert first.files[0].usable
    monkeypatch.setattr(scan_module, "read_evidence", lambda _: pytest.fail("it was read again"))
    assert scan_folder(tmp_path / "w", cache) == first


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no folder"):
        scan_folder(tmp_path / "none")
