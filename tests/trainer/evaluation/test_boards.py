"""Test storyboards: from the footage's captions or the user's own films, fixed when the training begins."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput, BadProject, StudioError
from svi_studio.domain.training.recipe import FILMS_FROM_FOOTAGE, EvaluationRecipe, TrainingRecipe
from svi_studio.weights.model_folder import read_card
from tests.trainer.dataset.small_data import HEIGHT, WIDTH, clip
from tests.trainer.evaluation.small_films import recipe
from trainer.evaluation.boards import AnchoredBoard, footage_boards
from trainer.evaluation.user_boards import user_boards

PICTURE = "boat.png"
CLIPS = 3


def from_footage(model: Path, *captions: str) -> tuple[AnchoredBoard, ...]:
    clips = [replace(clip(number), caption=caption) for number, caption in enumerate(captions)]
    return footage_boards(with_boards(), read_card(model), clips, Path("nothing"))


def storyboard(folder: Path, *prompts: str, **fields: Any) -> str:
    """A storyboard file whose second and later clips continue the first; a prompt that begins with / is a cut."""
    Image.new("RGB", (96, 64), (10, 200, 90)).save(folder / PICTURE)
    clips = [{"id": f"x{i}", "prompt": p.lstrip("/"), "cut": p.startswith("/")} for i, p in enumerate(prompts)]
    document = {"schema_version": 2, "title": "Harbour", "reference_image": PICTURE, "clips": clips, **fields}
    (folder / "film.json").write_text(json.dumps(document), "utf-8")
    return "film.json"


def of_user(model: Path, folder: Path, name: str) -> AnchoredBoard:
    (board,) = user_boards(with_boards(str(folder / name)), read_card(model), folder / "inputs")
    return board


def with_boards(*names: str) -> TrainingRecipe:
    return recipe(evaluation=EvaluationRecipe(clips=CLIPS, storyboards=names))


def test_a_caption_is_filmed_clip_after_clip(tiny_model: Path) -> None:
    board = from_footage(tiny_model, "A boat.")[0].board
    assert [each.prompt for each in board.clips] == ["A boat."] * CLIPS


def test_no_two_clips_share_their_noise(tiny_model: Path) -> None:
    seeds = [each.seed for board in from_footage(tiny_model, "A", "B", "C") for each in board.board.clips]
    assert len(set(seeds)) == len(seeds)


def test_films_start_from_the_footages_first_frames(tiny_model: Path) -> None:
    (board,) = from_footage(tiny_model, "A boat.")
    source = clip(0)
    assert (board.anchor[0] == source.frames(source.variant_rng(0))[0]).all()


def test_a_large_footage_is_taken_evenly(tiny_model: Path) -> None:
    names = [board.board.name for board in from_footage(tiny_model, *(f"scene {k}" for k in range(40)))]
    assert names == ["1. scene 0", "2. scene 10", "3. scene 20", "4. scene 30"]


def test_clips_with_a_caption_go_first_and_others_fill_up(tiny_model: Path) -> None:
    assert [board.board.name for board in from_footage(tiny_model, "", " ", "A boat.")] == ["1. A boat.", "2.", "3."]
    many = [board.board.name for board in from_footage(tiny_model, *[""] * 6, "A boat.", "A train.", *[""] * 6)]
    assert many == ["1. A boat.", "2. A train.", "3.", "4."]


def test_a_footage_without_captions_is_filmed_all_the_same(tiny_model: Path) -> None:
    assert len(from_footage(tiny_model, *[""] * 9)) == FILMS_FROM_FOOTAGE


def test_a_clip_that_cannot_be_read_is_passed_over(tiny_model: Path) -> None:
    def fail(_rng: object) -> Any:
        raise StudioError("gone")

    clips = [replace(clip(0), frames=fail), clip(1, "A boat.")]
    assert len(footage_boards(with_boards(), read_card(tiny_model), clips, Path("nothing"))) == 1


def test_a_footage_of_which_nothing_can_be_read_is_one_sentence(tiny_model: Path) -> None:
    with pytest.raises(BadInput, match="scan the footage again"):
        footage_boards(with_boards(), read_card(tiny_model), [], Path("nothing"))


def test_a_users_chain_is_repeated_to_the_films_length(tiny_model: Path, tmp_path: Path) -> None:
    board = of_user(tiny_model, tmp_path, storyboard(tmp_path, "one", "two")).board
    assert [each.prompt for each in board.clips] == ["one", "two", "one"]


def test_a_users_film_is_filmed_up_to_its_first_cut(tiny_model: Path, tmp_path: Path) -> None:
    board = of_user(tiny_model, tmp_path, storyboard(tmp_path, "one", "/two")).board
    assert {each.prompt for each in board.clips} == {"one"}


def test_style_and_seed_of_the_users_film_count(tiny_model: Path, tmp_path: Path) -> None:
    board = of_user(tiny_model, tmp_path, storyboard(tmp_path, "one", style="in oil", seed=7)).board
    assert [(each.prompt, each.seed) for each in board.clips[:2]] == [("one in oil", 7), ("one in oil", 49)]


def test_the_models_own_lora_is_left_out_of_the_comparison(tiny_model: Path, tmp_path: Path) -> None:
    card = read_card(tiny_model).model_copy(update={"family_loras": {recipe().family: "lost.safetensors"}})
    name = storyboard(tmp_path, "one", schema_version=3, stability=1.0)
    assert len(user_boards(with_boards(str(tmp_path / name)), card, tmp_path / "inputs")) == 1


def test_the_users_picture_comes_at_the_recipes_size(tiny_model: Path, tmp_path: Path) -> None:
    anchor = of_user(tiny_model, tmp_path, storyboard(tmp_path, "one")).anchor
    assert anchor.shape == (1, HEIGHT, WIDTH, 3)


def test_a_project_folder_is_a_storyboard_too(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Harbour.svi"
    folder.mkdir()
    document = json.loads((folder / storyboard(folder, "one", title="")).read_text("utf-8"))
    (folder / "project.json").write_text(json.dumps({"format": "svi-studio project", "storyboard": document}), "utf-8")
    assert of_user(tiny_model, tmp_path, "Harbour.svi").board.name == "1. Harbour"


@pytest.mark.parametrize("content", ["", "[]", '{"schema_version": 99}', '{"clips": 3}'])
def test_what_is_no_storyboard_is_one_sentence(tiny_model: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "film.json").write_text(content, "utf-8")
    with pytest.raises(BadProject, match=r"film\.json"):
        of_user(tiny_model, tmp_path, "film.json")


def test_a_storyboard_that_is_gone_is_one_sentence(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="check the name"):
        of_user(tiny_model, tmp_path, "gone.json")


def test_a_storyboard_without_clips_cannot_be_filmed(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has no clips"):
        of_user(tiny_model, tmp_path, storyboard(tmp_path))


def test_a_picture_outside_of_the_films_folder_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(StudioError):
        of_user(tiny_model, tmp_path, storyboard(tmp_path, "one", reference_image="../x.png"))


def test_a_film_of_an_upright_clip_begins_with_its_middle_in_the_films_size(tiny_model: Path) -> None:
    def rows(_rng: object) -> Any:
        """Each row of its own brightness."""
        row = np.arange(WIDTH, dtype=np.uint8)[None, :, None, None] * 4
        return np.broadcast_to(row, (9, WIDTH, HEIGHT, 3)).copy()

    upright = replace(clip(0), frames=rows, size=(HEIGHT, WIDTH))
    (board,) = footage_boards(with_boards(), read_card(tiny_model), [upright], Path("nothing"))

    assert board.anchor.shape == (1, HEIGHT, WIDTH, 3)
    assert float(board.anchor.mean()) == pytest.approx((WIDTH - 1) / 2 * 4, abs=3)
    assert board.anchor.max() - board.anchor.min() < WIDTH * 4 * 0.4
