"""The registered proof in the small: its storyboards, its intervals, and every kind of its work from end to end."""

import itertools
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.naive import NAIVE
from svi_studio.resource_files import resource_path
from svi_studio.weights.model_folder import CARD_FILE
from trainer.evaluation.figures import peak_ratio
from trainer.mini.clips import is_held_out
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render, render_still
from trainer.proof.boards import consistent_boards, creative_boards
from trainer.proof.registered.__main__ import listed, write_page
from trainer.proof.registered.blind_spots import WRONG, scores
from trainer.proof.registered.filming import filmings
from trainer.proof.registered.films import FIGURES, MEASURED, SHOWN, Films, figures_of
from trainer.proof.registered.healing import healing_table, median_film
from trainer.proof.registered.identity import identity_of
from trainer.proof.registered.intervals import difference, interval, student
from trainer.proof.registered.making import making, settle
from trainer.proof.registered.measures import moving_figures
from trainer.proof.registered.naive import naive_clips
from trainer.proof.registered.pictures import chosen_films, gain_words
from trainer.proof.registered.report import Arms
from trainer.proof.registered.sections import Section, all_trainings, sections
from trainer.proof.registered.settings import Sizes
from trainer.proof.registered.storyboards import (
    FILMED,
    NOISE,
    SCENE_CLIPS,
    TRIED,
    UNMOVED,
    combination,
    one_prompt,
    stream,
)
from trainer.proof.registered.tables import PRIMARY, differences_table, ends_table, pairs, secondary_table
from trainer.proof.registered.verdict import heading, verdict
from trainer.proof.registered.work import RegisteredProof
from trainer.proof.roll_out import board_seed
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
        scenes = [script.end.scene for script in board.scripts]
        assert len({*scenes[: 3 * SCENE_CLIPS]}) == 3 and scenes[3 * SCENE_CLIPS] == scenes[0]


def test_clips_that_are_measured_are_the_last_of_their_scene() -> None:
    for board in stream(FILMED, 4, 50):
        changes = [number for number, script in enumerate(board.scripts, 1) if script.new_scene]
        assert changes == [11, 21, 31, 41] and not {*changes} & {*MEASURED}


def test_in_every_clip_something_moves() -> None:
    actions = {
        script.action for board in (*one_prompt(FILMED, 12, 2), *stream(FILMED, 4, 20)) for script in board.scripts
    }
    assert not actions & {*UNMOVED}


def test_every_clip_begins_where_the_one_before_has_ended() -> None:
    for board in (*one_prompt(FILMED, 6, 5), *stream(FILMED, 3, 25)):
        assert all(before.end == after.start for before, after in zip(board.scripts, board.scripts[1:], strict=False))


def test_storyboards_of_the_page_show_no_combination_twice_nor_one_of_earlier_films() -> None:
    earlier = (*consistent_boards(32, 2), *creative_boards(32, 50), *one_prompt(TRIED, 16, 2), *stream(TRIED, 16, 50))
    shown = {combination(script) for board in earlier for script in board.scripts}
    first = [combination(board.scripts[0]) for board in one_prompt(FILMED, 64, 1)]
    assert len({*first}) == 64 and not {*first} & shown
    streams = [script for board in stream(FILMED, 8, 50) for script in board.scripts if script.new_scene is None]
    assert not {combination(script) for script in streams} & shown


def test_the_first_of_the_films_are_the_same_whatever_their_number_and_length() -> None:
    few, many = one_prompt(FILMED, 6, 3), one_prompt(FILMED, 12, 5)
    assert [board.scripts for board in few] == [board.scripts[:3] for board in many[:6]]


def test_no_two_sets_of_films_have_the_same_noise() -> None:
    seeds = [{added + board_seed(b, clip) for b in range(64) for clip in range(188)} for added in (0, *NOISE.values())]
    assert all(not one & other for one, other in itertools.combinations(seeds, 2))


def test_an_interval_of_one_training_is_that_of_its_films() -> None:
    values = np.random.default_rng(1).normal(3, 2, (1, 400))
    found = interval(values)
    assert found.mean == pytest.approx(values.mean())
    assert (found.high - found.low) / 2 == pytest.approx(1.966 * values.std(ddof=1) / 20, rel=1e-3)


def test_trainings_that_differ_widen_the_interval() -> None:
    films = np.random.default_rng(1).normal(0, 1, 64)
    alike, apart = np.stack([films] * 3), np.stack([films - 2, films, films + 2])
    width = [found.high - found.low for found in (interval(alike), interval(apart))]
    assert width[1] > 3 * width[0]


@pytest.mark.parametrize("freedom", [(1, 12.706), (2, 4.303), (4, 2.776), (63, 1.998), (10_000, 1.960)])
def test_students_distribution_is_as_printed(freedom: tuple[int, float]) -> None:
    assert student(freedom[0]) == pytest.approx(freedom[1], abs=1e-3)


@pytest.mark.parametrize("trainings", [(3, 3), (3, 1)], ids=["both trained", "against the base"])
@pytest.mark.parametrize(
    ("training", "film", "noise"),
    [(1, 0.1, 0.1), (1, 0.5, 0.5), (0.02, 2, 1), (0.3, 2, 1), (0.15, 1, 0.5)],
    ids=["trainings alone", "trainings", "films", "mixed", "mixed, quieter"],
)
def test_intervals_cover_what_they_say(trainings: tuple[int, int], training: float, film: float, noise: float) -> None:
    """``training``, ``film`` and ``noise`` are the spreads that they bring; the base is trained once and for all."""
    rng, covered = np.random.default_rng(1), 0
    for _ in range(1000):
        shared = rng.normal(0, 3, 64)
        arms = []
        for count in trainings:
            own = rng.normal(0, training if count > 1 else 0, (count, 1))
            arms.append(shared + rng.normal(0, film, 64) + own + rng.normal(0, noise, (count, 64)))
        found = difference(*arms)
        covered += found.low <= 0 <= found.high
    assert covered >= 930


def test_films_to_which_a_figure_does_not_apply_are_left_out() -> None:
    values = np.array([[1.0, 2, 3], [1, np.nan, 3]])
    assert interval(values) == interval(values[:, [0, 2]])
    assert difference(values, values + 1).mean == -1


def test_one_film_says_nothing_of_others() -> None:
    assert not interval(np.array([[5.0], [5.1]])).is_sure


def test_films_are_paired_in_a_difference() -> None:
    films = np.random.default_rng(1).normal(0, 5, (1, 64))
    found = difference(films + 0.5, films)
    assert (found.low, found.mean, found.high) == pytest.approx((0.5, 0.5, 0.5), abs=1e-9)
    assert found.is_sure and not difference(films, films).is_sure


def test_arms_of_different_films_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different films"):
        difference(np.zeros((1, 3)), np.zeros((1, 4)))


@pytest.mark.parametrize("look", ["", "sepia"])
def test_the_truth_is_read_as_itself(look: str) -> None:
    for board in one_prompt(FILMED, 6, 1):
        stage = board.scripts[0].end
        assert set(identity_of(LOOKS[look](render_still(stage)), stage, look).values()) == {1.0}


def test_no_colour_is_read_in_a_look_of_one() -> None:
    stage = one_prompt(FILMED, 1, 1)[0].scripts[0].end
    picture = render_still(stage)
    assert "own_colour" in identity_of(LOOKS["faded"](picture), stage, "faded")
    assert "own_colour" not in identity_of(LOOKS["sepia"](picture), stage, "sepia")


def test_another_scene_is_read_as_wrong() -> None:
    stage = one_prompt(FILMED, 1, 1)[0].scripts[0].end
    other = replace(stage, scene="room" if stage.scene != "room" else "city")
    assert identity_of(render_still(other), stage, "")["scene"] == 0


def test_a_film_that_is_the_truth_has_no_error() -> None:
    boards = one_prompt(FILMED, 2, 1)
    frames = np.stack([render(board.scripts[0]) for board in boards])
    rows = figures_of(boards, 1, frames, None, "")
    assert (rows[:, FIGURES.index("psnr")] == 99).all() and (rows[:, FIGURES.index("scene")] == 1).all()


@pytest.mark.parametrize("look", ["", "sepia", "faded"])
def test_a_still_picture_is_far_from_the_truth_where_that_changes(look: str) -> None:
    """A film that is right but for as much noise as one trip through the autoencoder leaves in sepia, 24 dB."""
    rng = np.random.default_rng(1)
    for board in one_prompt(FILMED, 6, 50):
        picture = LOOKS[look](render_still(board.scripts[0].start))
        for script in (board.scripts[0], board.scripts[49]):
            truth = LOOKS[look](render(script))
            noisy = (truth + rng.normal(0, 16, truth.shape)).clip(0, 255).astype(np.uint8)
            right = moving_figures(noisy, truth, picture)
            for still in (picture, truth[0]):
                wrong = moving_figures(np.broadcast_to(still, truth.shape), truth, picture)
                assert wrong["psnr_changed"] + 4 < right["psnr_changed"]
                assert abs(wrong["followed"]) < 1e-6 and wrong["relative_motion"] == 0
            assert right["followed"] == pytest.approx(1, abs=0.15)


def test_by_the_whole_picture_a_still_one_would_win() -> None:
    """Why likeness and structure alone decide nothing."""
    board = one_prompt(FILMED, 6, 1)[5]
    truth = LOOKS["sepia"](render(board.scripts[0]))
    assert peak_ratio(np.broadcast_to(truth[0], truth.shape), truth) > 27  # an autoencoder leaves 24


def test_what_the_measures_cannot_see_is_known() -> None:
    boards = one_prompt(FILMED, 6, 50)
    found = {name: scores(boards, "sepia", wrong) for name, wrong in WRONG.items()}
    still, flat, blurred = (found[name] for name in WRONG if "still" in name or "colour" in name or "blurred" in name)
    assert np.nanmean(flat["psnr_changed"]) > np.nanmean(still["psnr_changed"]), "it prefers what has no features"
    assert np.nanmean(flat["ssim"]) < np.nanmean(blurred["ssim"]) < np.nanmean(still["ssim"]), "which structure sees"
    for standing in (still, flat):
        assert np.abs(standing["followed"]).max() < 1e-6
    assert 0 < np.nanmean(blurred["followed"]) < 0.5


def test_the_truth_follows_itself_and_rest_has_no_figures_of_motion() -> None:
    board = one_prompt(FILMED, 1, 1)[0]
    truth, picture = render(board.scripts[0]), render_still(board.scripts[0].start)
    assert moving_figures(truth, truth, picture) == pytest.approx(
        {"psnr_changed": 99, "followed": 1, "relative_motion": 1}
    )
    assert moving_figures(truth, np.broadcast_to(picture, truth.shape), picture) == {}


def test_films_go_on_where_they_were_stopped(tmp_path: Path) -> None:
    films = Films(tmp_path / "films.safetensors", {"products": "float32"})
    frames = np.arange(2 * 3 * 8 * 8 * 3, dtype=np.uint8).reshape(2, 3, 8, 8, 3)
    films.add(np.zeros((2, len(FIGURES)), np.float32), frames, frames[:, -1:])
    again = Films(films.path)
    assert again.done == 1 and np.array_equal(again.shown[SHOWN[0]], frames[:, -1]) and again.clip is None
    again.add(np.zeros((2, len(FIGURES)), np.float32), frames, frames[:, -1:], whole=True)
    last = Films(films.path)
    assert np.array_equal(last.clip, frames) and last.made == {"products": "float32"}


def test_naive_films_repeat_their_first_clip_or_their_picture() -> None:
    boards = one_prompt(FILMED, 2, 2)
    first = np.stack([render(board.scripts[0]) for board in boards])
    made = {name: naive_clips(name, first, 2, boards, "") for name in NAIVE}
    assert np.array_equal(made["copied-clip"], first)
    assert np.array_equal(made["to-and-fro"][:, 0], first[:, -1])
    assert np.array_equal(made["picture-alone"][:, 5], first[:, 0])


def filmed(folder: Path, likeness: list[float], followed: float = 1) -> Films:
    """Two-clip films whose last clip has these likenesses, by every primary measure."""
    films = Films(folder / f"{likeness} {followed}.safetensors")
    for clip in (1, 2):
        figures = np.full((len(likeness), len(FIGURES)), 1, np.float32)
        for name in PRIMARY:
            figures[:, FIGURES.index(name)] = 30 if clip == 1 else likeness
        figures[:, FIGURES.index("followed")] = 1 if clip == 1 else followed
        films.add(figures, *(np.zeros((len(likeness), n, 8, 8, 3), np.uint8) for n in (2, 1)))
    return films


@pytest.fixture
def arms(tmp_path: Path) -> Arms:
    """A control of two trainings, and an ERFT that is better in two films of three."""
    worse, better = [20.0, 21.0, 22.0], [24.0, 20.0, 23.0]
    return {
        "base": [filmed(tmp_path, [17.0, 14.0, 16.0])],
        "control": [filmed(tmp_path, worse), filmed(tmp_path, [v + 1 for v in worse])],
        "erft": [filmed(tmp_path, better)],
    }


@pytest.fixture
def section() -> Section:
    """Two clips long."""
    return replace(sections(Sizes())[0], clips=2)


def test_a_row_says_where_films_end_and_what_they_lost(arms: Arms) -> None:
    row = next(line for line in ends_table(arms, 2).splitlines() if line.startswith("| control"))
    first, last, lost = (cell.split(" [")[0].strip() for cell in row.split("|")[3:6])
    assert (first, last, lost) == ("30.00", "21.50", "8.50") and len(row.split("|")) == 13


def test_a_difference_that_includes_nothing_is_called_none(section: Section, arms: Arms) -> None:
    rows = {line.split("|")[1].strip(): line for line in differences_table(section, arms).splitlines()}
    assert "(no difference)" in rows["erft less control"] and rows["erft less control"].endswith("2 of 3 |")
    end, lost = rows["erft less base"].split("|")[2:4]
    assert end.split()[0] == "+6.67" and lost.split()[0] == "-6.67" and "(no difference)" not in end + lost


def test_every_section_compares_with_its_own_control() -> None:
    for each in sections(Sizes()):
        names = [arm.name for arm in each.arms]
        assert {*each.references, *each.main} <= {*names} and each.references[-1] == "base"
    ablations = next(each for each in sections(Sizes()) if each.name == "film-ablations")
    arms: Arms = {arm.name: [] for arm in ablations.arms}
    found = {*pairs(ablations, arms)}
    assert {("short-no-image-errors", "short-erft"), ("short-erft", "short-control")} <= found
    assert ("short-control", "short-erft") not in found and ("short-control", "base") in found


def test_secondary_measures_stand_for_every_measured_clip(arms: Arms) -> None:
    starts = [line.split("|")[1:3] for line in secondary_table(arms, 2).splitlines()[2:]]
    assert [start[0].strip() for start in starts] == ["1"] * 3 + ["2"] * 3


def test_what_is_said_follows_the_rules(tmp_path: Path, section: Section, arms: Arms) -> None:
    assert verdict(arms, "erft", "control", 2) == "no difference"
    assert verdict(arms, "erft", "base", 2) == "nearer to the truth"
    assert verdict(arms, "base", "erft", 2) == "further from it"
    assert heading(section, arms).endswith("no difference (erft less control); nearer to the truth (erft less base)")
    arms["erft"] = [filmed(tmp_path, [24.0, 20.0, 23.0], followed=0.4)]
    assert verdict(arms, "erft", "base", 2) == "too still"


def test_measures_that_disagree_are_called_mixed(tmp_path: Path, arms: Arms) -> None:
    films = filmed(tmp_path, [24.0, 20.0, 23.5])
    films.figures[:, 1, FIGURES.index("ssim")] = [0.1, 0.11, 0.12]
    assert verdict(arms | {"erft": [films]}, "erft", "base", 2) == "mixed"


def test_the_films_that_are_shown_are_chosen_by_rule(section: Section, arms: Arms) -> None:
    assert chosen_films(section, arms) == {"worst": 1, "median": 2, "best": 0}


def test_a_picture_says_which_training_it_shows(section: Section, arms: Arms) -> None:
    assert gain_words(section, arms, 0) == (
        "+3.50 dB over control where it changes (mean of 2 trainings; the first, shown here, +4.00)"
    )


def test_what_was_made_in_another_way_is_not_mixed(tmp_path: Path) -> None:
    settle(tmp_path, making("cpu", halves=False))
    settle(tmp_path, making("cpu", halves=False))
    with pytest.raises(BadInput, match="products float32, this with device cpu, products bfloat16"):
        settle(tmp_path, making("cpu", halves=True))


def test_tried_storyboards_are_few_and_their_figures_lie_apart(tmp_path: Path) -> None:
    proof = RegisteredProof(tmp_path, tmp_path, Sizes(), which=TRIED)
    assert {each.boards for each in proof.sections()} == {16}
    assert {len(proof.boards(each)) for each in proof.sections()[:1]} == {16}


def test_a_section_alone_brings_its_trainings(tmp_path: Path) -> None:
    proof = RegisteredProof(tmp_path, tmp_path, Sizes())
    for each in proof.sections():
        tasks = list(proof.tasks([each]))
        made = {task.makes for task in tasks}
        assert all(need in made for task in tasks for need in task.needs)
        assert sum(task.hours for task in tasks) < 6  # two cores for three hours


def test_a_section_says_how_long_it_takes(tmp_path: Path) -> None:
    proof = RegisteredProof(tmp_path, tmp_path, Sizes())
    lines = [line for line in listed(proof, proof.sections()).splitlines() if not line.startswith(" ")]
    assert len(lines) == len(proof.sections()) + 1
    assert lines[0].startswith("film-sepia: ") and lines[-1].startswith("all: ")
    assert any("trainings that a section above makes too" in line for line in lines)


def test_healing_waits_for_the_frame_that_is_handed_on(tmp_path: Path) -> None:
    proof = RegisteredProof(tmp_path, tmp_path, Sizes())
    shot = next(each for each in proof.sections() if each.name == "shot-sepia")
    task = next(task for task in proof.tasks([shot]) if task.name == "heal healing-sepia/base-3")
    films = Films(proof.films("shot-sepia/base"))
    frames = np.zeros((1, 2, 8, 8, 3), np.uint8)
    for able in (False, False, True):
        films.add(np.zeros((1, len(FIGURES)), np.float32), frames, frames[:, -1:])
        assert task.is_able() == able


class SmallProof(RegisteredProof):
    """Three arms of Shot in one look, with all that hangs on them."""

    def sections(self) -> tuple[Section, ...]:
        shot = next(section for section in sections(self.sizes) if section.name == "shot-sepia")
        return (replace(shot, arms=(shot.arms[0], *shot.arms[2:4])),)


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
    assert [films.figures.shape for films in made] == [(2, 2, len(FIGURES))] * 5
    assert all(films.made["products"] == "float32" for films in made) and made[0].clip is not None
    alone = Films(proof.films("shot-sepia/autoencoder-alone"))
    assert alone.series("psnr").min() > 15 and np.isnan(alone.series("psnr_changed")).all()
    assert (alone.series("psnr")[:, 1] < alone.series("psnr")[:, 0]).all()
    write_page(proof, proof.sections(), tmp_path / "page")
    written = json.loads((tmp_path / "page" / "shot-sepia.json").read_text("utf-8"))
    assert np.array(written["arms"]["erft"]).shape == (2, 2, 2, len(FIGURES))
    assert written["storyboards"] == FILMED and written["made"] == {"device": "cpu", "products": "float32"}
    assert np.array(written["means"]["erft"]["psnr"]).shape == (2, 2)
    assert "erft less base" in (tmp_path / "page" / "shot-sepia.md").read_text("utf-8")
    healing = json.loads((tmp_path / "page" / "healing-sepia.json").read_text("utf-8"))
    assert np.array(healing["healed"]["psnr"]["1"]["erft"]).shape == (2, 1, 1)
    base = Films(proof.films("shot-sepia/base"))
    assert healing["handed"]["psnr"]["1"] == pytest.approx(base.column("psnr", 1).tolist(), rel=1e-3)
    assert {path.name for path in (tmp_path / "page").glob("*.png")} == {
        f"shot-sepia{part}.png" for part in ("", "-bank", "-median", "-motion", "-wall")
    } | {"healing-sepia.png"}


def test_healing_says_what_was_handed_on_and_what_came_back(arms: Arms) -> None:
    table = healing_table({1: {name: arms[name] for name in ("base", "erft")}}, arms["control"][0], "psnr")
    base, erft = (line.split("|") for line in table.splitlines()[2:])
    assert base[3].split()[0] == erft[3].split()[0] == "30.00"
    assert base[-2].strip() == "" and erft[-2].split()[0] == "+0.00"  # one clip after it, where both have 30 dB


def test_the_film_whose_healing_is_shown_is_the_median(arms: Arms) -> None:
    assert median_film(arms) == 2


def test_each_training_is_made_once_and_differs_from_its_siblings() -> None:
    made = list(all_trainings(Sizes()))
    assert len({training.name for training in made}) == len(made)
    seeds = {training.recipe.seed for training in made if training.name.startswith("film-sepia-erft-")}
    assert len(seeds) == 3
