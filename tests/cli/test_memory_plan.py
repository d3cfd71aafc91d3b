"""How a film fits into memory, on the command line: said before a render, and overridden."""

from pathlib import Path

import pytest

from svi_studio.cli import info
from svi_studio.domain.render import fitting
from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from tests.cli.conftest import Run, write_storyboard

CARD = GraphicsCard("NVIDIA GeForce RTX 4090", 24 << 30, 22 << 30)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny model is told of as if it were a large one."""
    monkeypatch.setattr(fitting, "is_worth_telling", lambda _needs: True)


def computer(monkeypatch: pytest.MonkeyPatch, *cards: GraphicsCard, memory: int = 32 << 30) -> None:
    found = Hardware("A processor", 8, memory, cards, None, memory_free=memory)
    monkeypatch.setattr(info, "find_hardware", lambda _folder: found)


def test_nobody_hears_how_a_small_model_fits(run: Run, storyboard: Path) -> None:
    assert "Fits" not in run("info", storyboard).out


def test_the_facts_say_how_a_film_fits_and_how_long_a_clip_takes(
    run: Run, storyboard: Path, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer(monkeypatch, CARD)
    said = run("info", storyboard).out
    assert "Fits: fp32, all of it stays on the card, about 1 second a clip." in said
    assert "of the card (NVIDIA GeForce RTX 4090) and" in said


def test_the_facts_say_what_another_plan_would_be(
    run: Run, storyboard: Path, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer(monkeypatch, CARD)
    said = run("info", storyboard, "--memory-plan", "blocks=1,text=processor,tiles=yes").out
    assert "1 of 2 blocks stays on the card, pictures are made in tiles" in said
    assert "The text encoder works on the processor" in said
    (found,) = run("info", storyboard, "--json", "--memory-plan", "blocks=0").events
    assert found["fit"]["plan"]["resident_blocks"] == 0


def test_what_does_not_fit_is_told_with_what_would_help(
    run: Run, storyboard: Path, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer(monkeypatch, GraphicsCard("A card", 1 << 30, 1 << 20))
    said = run("info", storyboard).out
    assert "This model does not fit here: it needs" in said
    assert "more of the graphics card" in said


def test_without_a_card_the_processor_makes_the_clips(
    run: Run, storyboard: Path, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer(monkeypatch)
    assert "the processor makes the clips" in run("info", storyboard).out


def test_a_plan_that_means_nothing_is_one_sentence(run: Run, storyboard: Path) -> None:
    ended = run("info", storyboard, "--memory-plan", "blocks=many")
    assert ended.code == 2
    assert "write blocks=12" in ended.err and ".;" not in ended.err


def test_every_plan_makes_the_same_take_and_says_so_first(run: Run, tmp_path: Path, large: None) -> None:
    made = set()
    for number, plan in enumerate(("auto", "smallest", "blocks=1,vae=working,tiles=no")):
        folder = tmp_path / str(number)
        folder.mkdir()
        film = write_storyboard(folder / "film.json", clips=1)
        ended = run("render", film, "-o", folder / "film.mp4", "--device", "cpu", "--json", "--memory-plan", plan)
        assert ended.code == 0, ended.err
        (planned,) = [event for event in ended.events if event["kind"] == "memory_planned"]
        assert planned["message"].startswith("Fits: fp32, the processor makes the clips")
        (latents,) = folder.rglob("latents.safetensors")
        made.add((latents.parent.name, "" if plan == "smallest" else latents.read_bytes()))  # it has tiles
    assert len({name for name, _ in made}) == 1
    assert len(made) == 2


def test_that_a_large_model_is_read_is_said_once(run: Run, storyboard: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(info, "_WORTH_TELLING", 0)
    assert "Reading the model once, " in run("info", storyboard).err
    assert run("info", storyboard).err == ""
