"""Test films from the user's own prompts and pictures, and naive films beside them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import family
from svi_studio.domain.training.data_recipe import DataRecipe
from svi_studio.domain.training.drift import CONTROL, DriftReport, read_drift
from svi_studio.domain.training.naive import NAIVE
from svi_studio.domain.training.recipe import EvaluationRecipe
from svi_studio.domain.training.verdict import verdicts
from svi_studio.media.video_reader import probe_video
from svi_studio.weights.model_folder import read_card
from tests.trainer.dataset.small_data import HEIGHT, WIDTH, clip
from tests.trainer.evaluation.small_films import CLIPS, films_of, learning_transformer, recipe
from trainer.evaluation.boards import AnchoredBoard, footage_boards
from trainer.evaluation.filming import Filming
from trainer.evaluation.own_boards import own_boards

CLIPS_HELD = [clip(number, caption) for number, caption in enumerate(["A boat.", "A train.", "", "A tree.", "A hill."])]


def picture(folder: Path, name: str, colour: tuple[int, int, int]) -> str:
    Image.new("RGB", (4 * WIDTH, 3 * HEIGHT), colour).save(folder / name)
    return str(folder / name)


def boards(model: Path, folder: Path, **fields: Any) -> tuple[AnchoredBoard, ...]:
    made = recipe(evaluation=EvaluationRecipe(clips=CLIPS, **fields))
    return own_boards(made, read_card(model), CLIPS_HELD, folder)


def test_each_picture_starts_a_film_and_prompts_begin_again(tiny_model: Path, tmp_path: Path) -> None:
    pictures = (picture(tmp_path, "red.png", (255, 0, 0)), picture(tmp_path, "blue.jpg", (0, 0, 255)))
    made = boards(tiny_model, tmp_path, pictures=pictures, prompts=("A fox runs.", "It rains.", "It snows."))
    assert [each.board.clips[0].prompt for each in made] == ["A fox runs.", "It rains.", "It snows."]
    assert [tuple(each.anchor[0, 0, 0] > 200) for each in made] == [
        (True, False, False),
        (False, False, True),
        (True, False, False),
    ]
    assert {each.anchor.shape for each in made} == {(1, HEIGHT, WIDTH, 3)}
    seeds = [one.seed for each in made for one in each.board.clips]
    assert len(set(seeds)) == len(seeds)


def test_prompts_alone_start_from_the_footage(tiny_model: Path, tmp_path: Path) -> None:
    made = boards(tiny_model, tmp_path, prompts=("A fox runs.",))
    assert [each.board.name for each in made] == [f"{number}. A fox runs." for number in (1, 2, 3, 4)]
    for each, start in zip(made, (0, 1, 2, 3), strict=True):
        assert np.array_equal(each.anchor, CLIPS_HELD[start].frames(CLIPS_HELD[start].variant_rng(0))[:1])


def test_the_trigger_word_takes_its_place_in_prompts_as_in_captions(tiny_model: Path, tmp_path: Path) -> None:
    made = recipe(
        data=DataRecipe(trigger="ohwx"),
        evaluation=EvaluationRecipe(clips=CLIPS, prompts=("A [trigger] runs.", "Rain.")),
    )
    found = own_boards(made, read_card(tiny_model), CLIPS_HELD, tmp_path)
    assert [each.board.clips[0].prompt for each in found[:2]] == ["A ohwx runs.", "Rain."]


def test_few_prompts_take_turns_from_as_many_starts_as_there_are(tiny_model: Path, tmp_path: Path) -> None:
    made = boards(tiny_model, tmp_path, prompts=("One.", "Two."))
    assert [each.board.clips[0].prompt for each in made] == ["One.", "Two.", "One.", "Two."]
    assert len({each.anchor.tobytes() for each in made}) == 4
    evaluation = EvaluationRecipe(clips=CLIPS, prompts=("One.",))
    few = own_boards(recipe(evaluation=evaluation), read_card(tiny_model), CLIPS_HELD[:2], tmp_path)
    assert len(few) == 2


def test_films_of_clips_that_are_learned_from_say_so(tiny_model: Path, tmp_path: Path) -> None:
    clips = [replace(each, is_learned=number > 1) for number, each in enumerate(CLIPS_HELD[:4])]
    evaluation = EvaluationRecipe(clips=CLIPS, prompts=("One.",))
    made = own_boards(recipe(evaluation=evaluation), read_card(tiny_model), clips, tmp_path)
    assert [each.board.learned for each in made] == [False, False, True, True]
    made = footage_boards(recipe(evaluation=EvaluationRecipe(clips=CLIPS)), read_card(tiny_model), clips, tmp_path)
    assert [each.board.learned for each in made] == [False, False, True, True]
    shown = Filming(made[3], family("film"), 9, tmp_path / "film", fps=8.0).film
    assert shown.learned


def test_pictures_alone_go_on_with_captions_of_the_footage(tiny_model: Path, tmp_path: Path) -> None:
    (made,) = boards(tiny_model, tmp_path, pictures=(picture(tmp_path, "red.png", (255, 0, 0)),))
    assert made.board.clips[0].prompt == "A boat."


def test_a_picture_that_is_none_is_one_sentence(tiny_model: Path, tmp_path: Path) -> None:
    (tmp_path / "not.png").write_bytes(b"no picture")
    with pytest.raises(BadInput, match=r"The test picture .*not\.png cannot be used"):
        boards(tiny_model, tmp_path, pictures=(str(tmp_path / "not.png"),))


def test_naive_films_are_arms_of_their_own_and_only_the_others_are_to_be_watched(
    tiny_model: Path, tmp_path: Path
) -> None:
    evaluation = EvaluationRecipe(clips=4, every=100, prompts=("A fox runs.",), naive=True)
    films = films_of(tiny_model, tmp_path, recipe=recipe(evaluation=evaluation))
    folder = films.evaluate(learning_transformer(tiny_model), 100)
    report = read_drift((folder / "drift.json").read_bytes())
    assert [arm.name for arm in report.arms] == ["base", "lora", *NAIVE]
    base, _, copied, to_and_fro, picture = (arm.films[0] for arm in report.arms)
    assert copied.clips[0] == to_and_fro.clips[0] == base.clips[0]
    assert copied.clips[3]["motion"] == base.clips[0]["motion"]
    assert [clip["novelty"] for film in (copied, to_and_fro) for clip in film.clips[1:]] == [0.0] * 6
    assert copied.clips[1]["seam"] > to_and_fro.clips[1]["seam"] == 0.0
    assert {clip["motion"] for clip in picture.clips} == {0.0}
    assert picture.clips[3]["similarity"] == pytest.approx(1.0, abs=1e-3)
    assert copied.start == base.start != ""
    assert [each.against for each in verdicts(report)] == ["base"]
    assert any("picture alone" in note and "read these measures together with motion" in note for note in report.notes)
    assert probe_video(folder / "film-1.mp4").width < 3 * WIDTH * 16  # base and LoRA alone
    assert Image.open(folder / "strip.png").height < 4 * 200, "nor are they on the strip"


def test_films_of_a_control_that_is_not_done_are_not_compared_with(tiny_model: Path, tmp_path: Path) -> None:
    films = EvaluationRecipe(clips=1, every=100, prompts=("A fox runs.",), control=True)
    whole = recipe(evaluation=films, steps=200)

    def control(step: int, strength: float) -> DriftReport:
        made = films_of(tiny_model, tmp_path / "control", recipe=whole.without_errors(), arm=CONTROL)
        return report(made.evaluate(learning_transformer(tiny_model, strength), step))

    half, done = control(100, 0.05), control(200, 0.2)
    assert half.arms[1].films[0].clips != done.arms[1].films[0].clips


def report(folder: Path) -> DriftReport:
    return read_drift((folder / "drift.json").read_bytes())
