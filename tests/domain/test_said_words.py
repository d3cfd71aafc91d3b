"""What is said of a clip is its caption with the recipe's own words, and each folder counts as often as it says."""

import pytest
from pydantic import ValidationError

from svi_studio.domain.training.data_recipe import DataRecipe, FolderRepeat, WordChange, named_repeats
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.said_words import said_words


@pytest.mark.parametrize(
    ("caption", "data", "said"),
    [
        ("A cat runs.", {}, "A cat runs."),
        ("A cat runs.", {"trigger": "ohwx"}, "ohwx, A cat runs."),
        ("A cat runs.", {"trigger": "ohwx", "caption_prefix": "paper film."}, "ohwx, paper film. A cat runs."),
        ("Here ohwx runs.", {"trigger": "ohwx"}, "Here ohwx runs."),
        ("A category.", {"trigger": "cat"}, "cat, A category."),
        ("In [trigger] style, [trigger].", {"trigger": "ohwx"}, "In ohwx style, ohwx."),
        ("In [trigger] style.", {}, "In style."),
        ("", {"trigger": "ohwx"}, "ohwx"),
        ("", {"caption_prefix": " a  film\n"}, "a film"),
        (
            "a.*b $1",
            {"replacements": (WordChange(find=".*", instead="+"), WordChange(find="+b", instead="\\1"))},
            "a\\1 $1",
        ),
        ("The dog. The dog.", {"replacements": (WordChange(find="The ", instead=""),)}, "dog. dog."),
    ],
)
def test_words_come_in_their_order(caption: str, data: dict[str, object], said: str) -> None:
    assert said_words(caption, DataRecipe(**data)) == said


def test_old_recipes_stay_the_same_text() -> None:
    assert set(DataRecipe().model_dump()) == {"motion_frames_probability", "variants", "cache"}


def test_a_recipe_with_every_new_field_is_read_as_it_was_written() -> None:
    data = DataRecipe(
        trigger="ohwx",
        caption_prefix="film",
        caption_dropout=0.1,
        replacements=(WordChange(find="a"),),
        repeats=(FolderRepeat(folder="10_cat", times=10), FolderRepeat(folder=".", times=2)),
        shapes="fit",
        stills="held",
    )
    recipe = TrainingRecipe(name="x", num_frames=21, width=64, height=32, fps=8.0, steps=1, data=data)
    assert TrainingRecipe.model_validate_json(recipe.model_dump_json()) == recipe


def test_the_nearest_folder_with_a_number_counts() -> None:
    data = DataRecipe(repeats=(FolderRepeat(folder="a", times=3), FolderRepeat(folder="a/b", times=5)))

    assert [data.times(source) for source in ("x.mp4", "a/x.mp4", "a/b/c/x.mp4", "ab/x.mp4")] == [1, 3, 5, 1]
    assert DataRecipe(repeats=(FolderRepeat(folder=".", times=4),)).times("a/x.mp4") == 4


def test_folders_are_named_as_kohya_names_them() -> None:
    found = named_repeats(
        ["10_cat/x.mp4", "10_cat/y.mp4", "set/3_dog walks/z.mp4", "0_no/x.mp4", "2024_05/_x/x.mp4", "_a/b"]
    )

    assert [(each.folder, each.times) for each in found] == [("10_cat", 10), ("set/3_dog walks", 3)]


@pytest.mark.parametrize("folder", ["/etc", "../a", "a//b", "a\\b", "", "a/./b"])
def test_a_folder_outside_is_refused(folder: str) -> None:
    with pytest.raises(ValidationError):
        FolderRepeat(folder=folder, times=2)
