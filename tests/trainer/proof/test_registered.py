"""The registered proof in the small: its storyboards, its intervals, and every kind of its work from end to end."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.training.naive import NAIVE
from svi_studio.resource_files import resource_path
from svi_studio.weights.model_folder import CARD_FILE
from trainer.mini.clips import is_held_out
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render, render_still
from trainer.proof.registered.__main__ import write_page
from trainer.proof.registered.bootstrap import difference, interval
from trainer.proof.registered.films import FIGURES, SHOWN, Films, figures_of
from trainer.proof.registered.healing import healing_table, median_film
from trainer.proof.registered.identity import identity_of
from trainer.proof.registered.naive import naive_clips
from trainer.proof.registered.pictures import chosen_films
from trainer.proof.registered.report import Arms
from trainer.proof.registered.sections import Section, all_trainings, sections
from trainer.proof.registered.settings import Sizes
from trainer.proof.registered.storyboards import FILMED, SCENE_CLIPS, TRIED, one_prompt, stream
from trainer.proof.registered.tables import differences_table, ends_table
from trainer.proof.registered.work import RegisteredProof, filmings
from trainer.proof.tasks import work

TINY = Sizes(
    steps=2,
    ablation_steps=1,
    trainings=2,
    batch=2,
    boards=2,
    clips=2,
    long_boards=1,
    long_clips=2,
    ablation_boards=1,
    ablation_clips=1,
    healed_boards=1,
    healing_clips=1,
    training_clips=3,
)


def test_no_clip_of_a_storyboard_was_trained_on_but_changes_of_scene() -> None:
    clips = [script for board in (*one_prompt(FILMED, 12, 20), *stream(FILMED, 4, 32)) for script in board.scripts]
    assert all(script.new_scene or is_held_out(script) for script in clips)


def test_a_stream_comes_back_to_its_first_scene() -> None:
    for board in stream(FILMED, 4, 32):
        scenes = [script.start.scene for script in board.scripts]
        assert len({*scenes[: 3 * SCENE_CLIPS]}) == 3 and scenes[3 * SCENE_CLIPS] == scenes[0]


def test_every_clip_begins_where_the_one_before_has_ended() -> None:
    for board in (*one_prompt(FILMED, 6, 5), *stream(FILMED, 3, 25)):
        assert all(before.end == after.start for before, after in zip(board.scripts, board.scripts[1:], strict=False))


def test_storyboards_to_try_things_on_are_not_those_of_the_page() -> None:
    assert not {b.scripts for b in one_prompt(TRIED, 16, 3)} & {b.scripts for b in one_prompt(FILMED, 64, 3)}


def test_an_interval_of_one_training_is_that_of_its_films() -> None:
    values = np.random.default_rng(1).normal(3, 2, (1, 400))
    found = interval(values)
    assert found.mean == pytest.approx(values.mean())
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * values.std() / 20, rel=0.05)


def test_trainings_that_differ_widen_the_interval() -> None:
    films = np.random.default_rng(1).normal(0, 1, 64)
    alike, apart = np.stack([films] * 3), np.stack([films - 2, films, films + 2])
    width = [found.high - found.low for found in (interval(alike), interval(apart))]
    assert width[1] > 3 * width[0]


def test_films_are_paired_in_a_difference() -> None:
    films = np.random.default_rng(1).normal(0, 5, (1, 64))
    found = difference(films + 0.5, films)
    assert (found.low, found.mean, found.high) == pytest.approx((0.5, 0.5, 0.5))
    assert found.is_sure and not difference(films, films).is_sure


def test_arms_of_different_films_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different films"):
        difference(np.zeros((1, 3)), np.zeros((1, 4)))


@pytest.mark.parametrize("look", ["", "sepia"])
def test_the_truth_is_read_as_itself(look: str) -> None:
    for board in one_prompt(FILMED, 6, 1):
        stage = board.scripts[0].end
        assert set(identity_of(LOOKS[look](render_still(stage)), stage, look).values()) == {1.0}


def test_another_scene_is_read_as_wrong() -> None:
    stage = one_prompt(FILMED, 1, 1)[0].scripts[0].end
    other = replace(stage, scene="room" if stage.scene != "room" else "city")
    assert identity_of(render_still(other), stage, "")["scene"] == 0


def test_a_film_that_is_the_truth_has_no_error() -> None:
    boards = one_prompt(FILMED, 2, 1)
    frames = np.stack([render(board.scripts[0]) for board in boards])
    rows = figures_of(boards, 1, frames, None, "")
    assert (rows[:, FIGURES.index("psnr")] == 99).all() and (rows[:, FIGURES.index("scene")] == 1).all()


def test_films_go_on_where_they_were_stopped(tmp_path: Path) -> None:
    films = Films(tmp_path / "films.safetensors")
    frames = np.arange(2 * 3 * 8 * 8 * 3, dtype=np.uint8).reshape(2, 3, 8, 8, 3)
    films.add(np.zeros((2, len(FIGURES)), np.float32), frames, frames[:, -1:])
    again = Films(films.path)
    assert again.done == 1 and np.array_equal(again.shown[SHOWN[0]], frames[:, -1])


def test_naive_films_repeat_their_first_clip_or_their_picture() -> None:
    boards = one_prompt(FILMED, 2, 2)
    first = np.stack([render(board.scripts[0]) for board in boards])
    made = {name: naive_clips(name, first, 2, boards, "") for name in NAIVE}
    assert np.array_equal(made["copied-clip"], first)
    assert np.array_equal(made["to-and-fro"][:, 0], first[:, -1])
    assert np.array_equal(made["picture-alone"][:, 5], first[:, 0])


def filmed(folder: Path, likeness: list[float]) -> Films:
    """Two-clip films whose last clip has these likenesses."""
    films = Films(folder / f"{likeness}.safetensors")
    for clip in (1, 2):
        figures = np.full((len(likeness), len(FIGURES)), 1, np.float32)
        figures[:, FIGURES.index("psnr")] = 30 if clip == 1 else likeness
        films.add(figures, *(np.zeros((len(likeness), n, 8, 8, 3), np.uint8) for n in (2, 1)))
    return films


@pytest.fixture
def arms(tmp_path: Path) -> Arms:
    """A control of two trainings, and an ERFT that is better in two films of three."""
    worse, better = [20.0, 21.0, 22.0], [24.0, 20.0, 23.0]
    return {
        "base": [filmed(tmp_path, [18.0, 18.0, 18.0])],
        "control": [filmed(tmp_path, worse), filmed(tmp_path, [v + 1 for v in worse])],
        "erft": [filmed(tmp_path, better)],
    }


def test_a_row_says_where_films_end_and_what_they_lost(arms: Arms) -> None:
    row = next(line for line in ends_table(arms, 2).splitlines() if line.startswith("| control"))
    first, last, lost = (cell.split(" [")[0].strip() for cell in row.split("|")[3:6])
    assert (first, last, lost) == ("30.00", "21.50", "8.50")


def test_a_difference_that_includes_nothing_is_called_none(arms: Arms) -> None:
    rows = {line.split("|")[1].strip(): line for line in differences_table(arms, 2).splitlines()}
    assert "(no difference)" in rows["erft less control"] and rows["erft less control"].endswith("2 of 3 |")
    assert "+4.33" in rows["erft less base"] and "(no difference)" not in rows["erft less base"].split("|")[2]


def test_the_films_that_are_shown_are_chosen_by_rule(arms: Arms) -> None:
    assert chosen_films(arms, 2) == {"worst": 1, "median": 2, "best": 0}


class SmallProof(RegisteredProof):
    """Three arms of Shot in one look, with all that hangs on them."""

    def sections(self) -> tuple[Section, ...]:
        shot = next(section for section in sections(self.sizes) if section.name == "shot-sepia")
        return (replace(shot, arms=(shot.arms[0], shot.arms[1], shot.arms[3])),)


@pytest.fixture
def hasty_model(tmp_path: Path) -> Path:
    """The bundled model with a card that asks for two steps."""
    folder = tmp_path / "svi-mini"
    shutil.copytree(resource_path("models", "svi-mini"), folder)
    card = json.loads((folder / CARD_FILE).read_text("utf-8"))
    (folder / CARD_FILE).write_text(json.dumps(card | {"num_inference_steps": 2}), "utf-8")
    return folder


@pytest.mark.slow
def test_the_work_is_done_from_end_to_end(tmp_path: Path, hasty_model: Path) -> None:
    proof = SmallProof(tmp_path, hasty_model, TINY)
    tasks = list(proof.tasks())
    work(tasks)
    assert all(task.is_done() for task in tasks)
    names = {task.name.split("-")[0] for task in tasks}
    assert names == {"train shot", "film shot", "heal healing"}
    made = [Films(proof.films(filming.name)) for filming in filmings(proof.sections()[0])]
    assert [films.figures.shape for films in made] == [(2, 2, len(FIGURES))] * 4
    write_page(proof, tmp_path / "page")
    written = json.loads((tmp_path / "page" / "shot-sepia.json").read_text("utf-8"))
    assert np.array(written["arms"]["erft"]).shape == (2, 2, 2, len(FIGURES))
    assert "erft less base" in (tmp_path / "page" / "tables.md").read_text("utf-8")
    healing = json.loads((tmp_path / "page" / "healing-sepia.json").read_text("utf-8"))["healed"]
    assert np.array(healing["1"]["erft"]).shape == (2, 1, 1)
    assert (tmp_path / "page" / "bank.png").exists()


def test_healing_says_what_was_handed_on_and_what_came_back(tmp_path: Path, arms: Arms) -> None:
    table = healing_table({1: {name: arms[name] for name in ("base", "erft")}}, {1: np.full((1, 3), 17.0)})
    base, erft = (line.split("|") for line in table.splitlines()[2:])
    assert base[3].split()[0] == erft[3].split()[0] == "17.00"
    assert base[-2].strip() == "" and erft[-2].split()[0] == "+0.00"  # one clip after it, where both have 30 dB


def test_the_film_whose_healing_is_shown_is_the_median(arms: Arms) -> None:
    assert median_film(arms) == 2


def test_each_training_is_made_once_and_differs_from_its_siblings() -> None:
    made = list(all_trainings(Sizes()))
    assert len({training.name for training in made}) == len(made)
    seeds = {training.recipe.seed for training in made if training.name.startswith("film-sepia-erft-")}
    assert len(seeds) == 3
