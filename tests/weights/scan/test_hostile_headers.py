"""Whatever the bytes of a weights file are, it is recognised or refused, within a second."""

import os
import random
import struct
import time
from contextlib import suppress
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.gguf_header import read_gguf_header
from svi_studio.weights.safetensors_header import Incomplete
from svi_studio.weights.scan.evidence import read_evidence
from svi_studio.weights.scan.judge import judged
from svi_studio.weights.scan.scan import scan_folder
from svi_studio.weights.stored_file import read_stored_file
from tests.builders.weights_trees import full_lora, gguf, lora, safetensors, scaled, vae, wan

FIELDS = {
    "general.architecture": "wan",
    "general.file_type": 15,
    "comfy.gguf.orig_shape.patch_embedding.weight": (8, 36, 1, 2, 2),
}
_LETTERS = str.maketrans("0123456789", "bcdefghijk")
SMALL = {"blocks.0.self_attn.q.weight": ("Q4_K", (4, 256)), "patch_embedding.weight": ("F32", (288, 1, 2, 2))}


def seeds(folder: Path) -> list[bytes]:
    files = [
        safetensors(folder / "wan.safetensors", scaled(wan(36, 8), 1), {"model_type": "Wan22-I2V-A14B-low"}),
        safetensors(folder / "lora.safetensors", lora(8)),
        safetensors(
            folder / "vae.safetensors", {name: (kind, (2,) * len(shape)) for name, (kind, shape) in vae().items()}
        ),
        gguf(folder / "wan.gguf", SMALL, FIELDS),
        gguf(folder / "many.gguf", {f"blocks.{n}.self_attn.q.weight": ("Q8_0", (2, 32)) for n in range(9)}),
    ]
    return [file.read_bytes() for file in files]


def mutant(content: bytes, noise: random.Random) -> bytes:
    """Some bytes of the header changed, mostly to numbers that hurt; a part cut off, doubled or filled."""
    out = bytearray(content)
    for _ in range(noise.randint(1, 6)):
        at = noise.randrange(min(len(out), 900))
        kind = noise.randrange(4)
        if kind == 0:
            out[at] = noise.randrange(256)
        elif kind == 1:
            out[at : at + 8] = noise.choice([b"\xff" * 8, b"\0" * 8, b"\0\0\0\0\1\0\0\0", b"\xff\xff\xff\x7f\0\0\0\0"])
        elif kind == 2:
            out[at:at] = out[at : at + noise.randrange(64)]
        else:
            del out[at : at + noise.randrange(16)]
    return bytes(out[: noise.randrange(len(out))] if noise.random() < 0.2 else out)


def try_mutants(folder: Path, count: int, seed: int) -> None:
    noise, good = random.Random(seed), seeds(folder)
    path = folder / "wan2.2_high.safetensors"
    answers = set()
    for number in range(count):
        path.write_bytes(mutant(good[number % len(good)], noise))
        begun = time.process_time()
        row = judged(path, path.stat().st_size, read_evidence(path))
        with suppress(BadWeights):  # and so does the one that loads it
            read_stored_file(path)
        assert time.process_time() - begun <= 1.0
        assert row.usable or row.why
        answers.add((row.kind, row.usable))
    assert len(answers) > 2  # some are still what they were, others are refused


def test_hundreds_of_mutants_are_recognised_or_refused(tmp_path: Path) -> None:
    try_mutants(tmp_path, 400, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("tenth", range(10))
def test_100_000_mutants_are_recognised_or_refused(tenth: int, tmp_path: Path) -> None:
    try_mutants(tmp_path, 10_000, seed=2 + tenth)


def test_two_thousand_files_are_scanned_in_two_seconds_and_remembered(tmp_path: Path) -> None:
    """Small headers: what the walk, the reading and the cache cost; a large one costs its own milliseconds once."""
    for number in range(2_000):
        safetensors(tmp_path / "loras" / str(number % 20) / f"{number}.safetensors", lora())
    begun = time.process_time()
    assert len(scan_folder(tmp_path / "loras", tmp_path / "cache.json").files) == 2_000
    first, begun = time.process_time() - begun, time.process_time()
    scan_folder(tmp_path / "loras", tmp_path / "cache.json")
    assert first <= 2.0 and time.process_time() - begun <= 1.0


def full_loras(folder: Path, count: int) -> None:
    """LoRAs as people have them: headers of 100 kB in a dozen layouts, and words of their own in each."""
    for number in range(count):
        shapes = full_lora((8, 16, 32, 64, 128, 256)[number % 6], alphas=number % 12 > 5)
        words = {"ss_output_name": f"a look {number}", "ss_tag_frequency": f"{number} " * 500}
        safetensors(folder / str(number % 20) / f"{number}.safetensors", shapes, words)


def milliseconds_a_file(folder: Path, cache: Path, count: int) -> float:
    begun = time.process_time()
    rows = scan_folder(folder, cache).files
    taken = time.process_time() - begun
    assert [row.kind for row in rows] == ["lora"] * count
    return 1000 * taken / count


def test_full_loras_take_a_millisecond_each(tmp_path: Path) -> None:
    full_loras(tmp_path / "loras", 240)
    assert milliseconds_a_file(tmp_path / "loras", tmp_path / "cache.json", 240) <= 1.5


@pytest.mark.slow
def test_two_thousand_full_loras_are_scanned_in_two_seconds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full_loras(tmp_path / "loras", 2_000)
    taken = milliseconds_a_file(tmp_path / "loras", tmp_path / "cache.json", 2_000)
    with capsys.disabled():
        print(f"\n2,000 LoRAs of 800 to 1,200 tensors: {taken:.2f} ms each")
    assert taken <= 1.0


def test_files_that_differ_in_words_alone_are_told_apart(tmp_path: Path) -> None:
    """What tensors say is found out once for files that have the same; words and lengths are each file's own."""
    shapes = full_lora(blocks=2)
    for name, words in {
        "a": {"ss_output_name": "svi high noise"},
        "b": {"ss_output_name": "lightx2v low noise"},
    }.items():
        safetensors(tmp_path / f"{name}.safetensors", shapes, words)
    whole = safetensors(tmp_path / "c.safetensors", shapes)
    os.truncate(whole, whole.stat().st_size - 1)
    high, low, cut = scan_folder(tmp_path, tmp_path / "cache.json").files
    assert (high.expert, low.expert) == ("high", "low")
    assert not cut.usable
    assert "cut short" in cut.why


def test_a_vocabulary_in_a_gguf_is_passed_over_at_once(tmp_path: Path) -> None:
    """umT5's has 256,384 words: they cost tens of milliseconds, and one that reaches past the end is told."""
    words = b"".join(struct.pack("<Q", 7) + b"word-%02d" % (number % 100) for number in range(256_384))
    note = b"tokenizer.ggml.tokens"
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", len(note)) + note
    path = tmp_path / "words.gguf"
    path.write_bytes(head + struct.pack("<IIQ", 9, 8, 256_384) + words)
    begun = time.process_time()
    assert read_gguf_header(path).tensors == {}
    assert time.process_time() - begun <= 0.5
    path.write_bytes(head + struct.pack("<IIQ", 9, 8, 256_384) + words[:-1])
    with pytest.raises(Incomplete, match="cut short inside its header"):
        read_gguf_header(path)


def test_long_names_cost_no_more_than_their_length(tmp_path: Path) -> None:
    """No kind of tensor is looked for again at every letter of a name, and a name without end is refused."""
    longest = safetensors(tmp_path / "longest.safetensors", {"a" * 100_000: ("F32", (1,))})
    names = {f"{number:04}".translate(_LETTERS) + "a" * 500: ("F32", (1,)) for number in range(3_000)}
    many = safetensors(tmp_path / "many.safetensors", names)
    begun = time.process_time()
    assert "has 100000 characters, more than 512" in read_evidence(longest).flaw
    assert read_evidence(many).marks == ()
    assert time.process_time() - begun <= 1.0


def test_a_mark_is_found_only_where_a_name_begins(tmp_path: Path) -> None:
    file = safetensors(tmp_path / "a.safetensors", {"my_encoder.layers.0.self_attn.q_proj.weight": ("F32", (1,))})
    assert "clip-vision" not in read_evidence(file).marks
