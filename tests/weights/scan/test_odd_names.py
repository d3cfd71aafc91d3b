"""Names and words that no text can be written with cost nobody the rest of a folder; a look through it can be ended."""

import json
import os
import sys
from pathlib import Path

import pytest

from svi_studio.domain.errors import Stopped
from svi_studio.weights.file_print import file_print
from svi_studio.weights.scan.evidence import read_evidence
from svi_studio.weights.scan.scan import Scan, scan_folder
from tests.builders.weights_trees import lora, safetensors

HALF = "\ud83d"  # half of a character, as JSON can spell it


def twice(folder: Path, cache: Path) -> Scan:
    """What is found at first and from memory, which must be the same."""
    first = scan_folder(folder, cache)
    assert scan_folder(folder, cache).files == first.files
    return first


@pytest.mark.parametrize(
    "words",
    [
        {"modelspec.title": f"dancer {HALF}"},
        {"_quantization_metadata": json.dumps({"format_version": "1.0", "layers": {"a": {"format": HALF}}})},
    ],
)
def test_half_a_character_in_the_notes_of_one_file_hides_no_other(words: dict[str, str], tmp_path: Path) -> None:
    safetensors(tmp_path / "odd.safetensors", lora(8), words)
    safetensors(tmp_path / "wan2.2_high_dancer.safetensors", lora(8))
    found = twice(tmp_path, tmp_path / "cache.json").files
    assert [(Path(row.path).name, row.kind) for row in found] == [
        ("odd.safetensors", "lora"),
        ("wan2.2_high_dancer.safetensors", "lora"),
    ]


def test_half_a_character_beside_a_weight_is_a_format_that_nobody_knows(tmp_path: Path) -> None:
    told = json.dumps({"format": HALF}).encode()
    file = {"blocks.0.a.weight": ("I8", (2,)), "blocks.0.a.comfy_quant": ("U8", (len(told),))}
    safetensors(tmp_path / "odd.safetensors", dict(sorted(file.items())), asides=told)
    (row,) = twice(tmp_path, tmp_path / "cache.json").files
    assert row.precision == "?"


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be any bytes")
def test_a_file_whose_name_is_no_text_hides_no_other_and_breaks_no_memory(tmp_path: Path) -> None:
    safetensors(tmp_path / "dancer.safetensors", lora(8))
    (tmp_path / "dancer.safetensors").rename(tmp_path / os.fsdecode(b"Mod\xe8le.safetensors"))
    safetensors(tmp_path / "wan2.2_high.safetensors", lora(8))
    cache = tmp_path / "cache.json"
    assert [row.usable for row in twice(tmp_path, cache).files] == [True, True]
    assert [Path(key.partition("|")[0]).name for key in json.loads(cache.read_text())["files"]] == [
        "wan2.2_high.safetensors"
    ]


def test_other_folders_with_a_name_that_no_disk_has_end_no_look(tmp_path: Path) -> None:
    (tmp_path / "extra_model_paths.yaml").write_bytes(b"a:\n  base_path: /\0\n  loras: \0lo\0ras\n  vae: ~\0x/vae\n")
    safetensors(tmp_path / "wan2.2_high.safetensors", lora(8))
    assert len(scan_folder(tmp_path, tmp_path / "cache.json").files) == 1


def test_a_look_through_folders_without_any_weights_can_be_ended(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"photographs-{number}").mkdir()
    asked: list[int] = []

    def should_stop() -> bool:
        asked.append(0)
        return len(asked) > 3

    with pytest.raises(Stopped, match="was stopped"):
        scan_folder(tmp_path, tmp_path / "cache.json", should_stop)


def test_no_name_is_looked_at_beyond_what_real_ones_have(tmp_path: Path) -> None:
    """Twenty thousand names full of dots would keep a look through a folder for a quarter of a minute."""
    inner = "encoder.block.0.layer.0.SelfAttention.q.weight"
    near = safetensors(tmp_path / "near.safetensors", {"a." * 40 + inner: ("F16", (1, 1))})
    far = safetensors(tmp_path / "far.safetensors", {"a." * 200 + inner: ("F16", (1, 1))})
    assert "t5" in read_evidence(near).marks
    assert "t5" not in read_evidence(far).marks


@pytest.mark.skipif(not os.access("/proc/kmsg", os.R_OK), reason="only Linux has it, for who may read it")
def test_a_file_of_the_systems_own_that_has_nothing_to_say_is_no_weights_file(tmp_path: Path) -> None:
    (tmp_path / "wan.safetensors").symlink_to("/proc/kmsg")
    (row,) = scan_folder(tmp_path, tmp_path / "cache.json").files
    assert not row.usable
    file_print(tmp_path / "wan.safetensors")  # as it is asked for of a part that is linked there
