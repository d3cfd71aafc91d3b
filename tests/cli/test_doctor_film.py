"""``svi-studio doctor FILM`` checks a film before its render, and stops nothing that could be rendered."""

from pathlib import Path

import pytest

from svi_studio.cli import doctor
from svi_studio.domain.finding import Finding
from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from tests.builders import linkable_files
from tests.builders.tiny_models import build_two_experts
from tests.cli.conftest import Run, write_small_lora, write_storyboard


def test_a_sound_film_is_told_with_what_it_takes(run: Run, storyboard: Path) -> None:
    ended = run("doctor", storyboard)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0].startswith("ok   Family: Film, with Tiny random model")
    assert "ok   Clips: 3 clips, 3 to render, 0 ready" in lines
    assert lines[-1] == "The film can be rendered."
    assert not Path("story.svi").exists()


def test_after_the_render_nothing_is_left(run: Run, storyboard: Path) -> None:
    assert run("render", storyboard, "-o", "film.mkv").code == 0
    said = run("doctor", storyboard, "--project", "film.svi").out
    assert "3 clips, 0 to render, 3 ready" in said
    assert "nothing is left to render" in said


@pytest.mark.parametrize(
    ("changes", "subject", "words"),
    [
        ({"family": "pro"}, "Film", "Pro is for Wan 2.2 I2V A14B"),
        ({"model": "gone"}, "Film", "gone"),
        ({"clips": [{"id": "a", "prompt": " "}]}, "Clips", "Clip 1 has no prompt"),
        ({"reference_image": "lost.png"}, "Clips", "lost.png"),
        ({"loras": [{"file": "lost.safetensors"}]}, "Film", "lost.safetensors"),
    ],
)
def test_what_stops_a_render_is_bad_and_one_sentence(
    run: Run, changes: dict[str, object], subject: str, words: str
) -> None:
    clips = changes.pop("clips", 3)
    ended = run("doctor", write_storyboard(Path("story.json"), clips, **changes), "--json")  # type: ignore[arg-type]
    bad = [event for event in ended.events if event["verdict"] == "bad"]
    assert (ended.code, bad[0]["subject"]) == (1, subject)
    assert words in bad[0]["fact"]


def test_a_lora_on_the_wrong_expert_is_asked_about_before_the_render(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "pro"))
    model = tmp_path / "pro" / "tiny-two-experts"
    build_two_experts(model)
    names = ["svi-pro-high-noise.safetensors", "svi-pro-low-noise.safetensors"]
    for name in names:
        write_small_lora(Path(name), model)
    loras = [{"file": name, "expert": expert} for name, expert in zip(names, ["low", "high"], strict=True)]
    story = write_storyboard(Path("story.json"), family="pro", model=model.name, loras=loras, schema_version=5)
    ended = run("doctor", story)
    assert ended.code == 0
    assert "seem to be exchanged" in ended.out
    assert '"Exchange them"' in ended.out


def test_a_large_model_from_comfyuis_folder_is_judged_without_reading_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of the 14B's width, of holes: only their headers are read, and it is said how they fit."""
    monkeypatch.setattr(linkable_files, "WIDTH", 5120)
    monkeypatch.setattr(linkable_files, "FFN", 13824)
    monkeypatch.setenv("SVI_MODELS", "models")
    monkeypatch.setenv("HF_HUB_CACHE", "hub")
    monkeypatch.setattr(doctor, "card_finding", lambda: Finding("good", "Graphics card", "RTX 4090"))
    here = Hardware("cpu", 16, 64 << 30, (GraphicsCard("NVIDIA GeForce RTX 4090", 24 << 30, 23 << 30),), 10**11)
    monkeypatch.setattr("svi_studio.document.render.film_check.find_hardware", lambda _folder: here)
    linkable_files.comfy(Path("ComfyUI/models"))
    assert run("models", "link", "ComfyUI", "--name", "wan2.2_i2v_14B_fp16").code == 0
    story = write_storyboard(
        Path("story.json"), family="pro", model="wan2.2_i2v_14B_fp16", schema_version=5, width=832, height=480
    )
    ended = run("doctor", story)
    assert ended.code == 0, ended.out
    assert "ok   Memory: bf16, both experts stay on the card" in ended.out
    assert "ok   Precision: bf16" in ended.out
    assert "note LoRAs: no LoRA of Stable Video Infinity" in ended.out
    assert "ok   Graphics card: RTX 4090" in ended.out


def test_a_large_model_is_told_with_the_card_and_too_little_memory_is_bad(
    run: Run, storyboard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tiny model counts as a large one here, on a computer of a few megabytes."""
    card = Finding("note", "Graphics card", "RTX is here, but torch can't see it")
    monkeypatch.setattr(doctor, "card_finding", lambda: card)
    monkeypatch.setattr("svi_studio.domain.render.fitting.is_worth_telling", lambda _needs: True)
    here = Hardware("cpu", 2, 10**7, (GraphicsCard("RTX 3060", 10**7, 10**6),), 10**11, memory_free=10**6)
    monkeypatch.setattr("svi_studio.document.render.film_check.find_hardware", lambda _folder: here)
    ended = run("doctor", storyboard, "--json")
    found = {event["subject"]: event for event in ended.events}
    assert (ended.code, found["Memory"]["verdict"]) == (1, "bad")
    assert "does not fit here" in found["Memory"]["fact"]
    assert found["Graphics card"]["fact"] == card.fact
