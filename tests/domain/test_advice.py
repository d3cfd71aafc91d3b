"""Advice about prompts: where it speaks, and above all where it is silent."""

import json
from pathlib import Path

import pytest

from svi_studio.domain.editing import edits
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.story.advice import TEXTS, AdviceKind, advise, estimated_tokens
from svi_studio.project.film.schema import read_storyboard
from tests.builders.storyboards import film
from tests.domain import short_edits

EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "storyboards").glob("*.json"))
GOOD = [
    "A young woman in a yellow raincoat walks through the rain towards a lit tram.",
    "Two people dance in the snow under the street lamps.",
    "The camera slowly pans over the harbour while fog rolls in.",
    "The fox lifts its head and looks at the moon.",
    "A close-up of the old man's face as he smiles with tears in his eyes.",
    "Waves break against the lighthouse, spray flying over the railing.",
    "The dragon's wings unfold, and the dragon rises into the clouds.",
    "She can't stop laughing as the dog licks her face.",
    "The robot does not move while the lights go out with a hum.",
    "Drone shot over the valley at dawn, mist between the hills.",
    "The sign of the no-parking zone swings in the wind.",
    "He is no longer there, the wind moves the curtains.",
    "Der rote Ball rollt den Hügel hinunter, dann bleibt er liegen.",
    "Un perro corre por la playa con el sol de la tarde.",
    "De man is in het huis met de hond",
    "红色的木偶在草地上跳舞",
    "دمية حمراء ترقص في المرج",
    "🎭 puppet",
    "Meadow",
]


def kinds(prompt: str, **changes: object) -> list[AdviceKind]:
    board = edits.change_film(film(1), **changes)
    return [advice.kind for advice in advise(short_edits.set_prompt(board, "c1", prompt), 0)]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_films_need_no_advice(path: Path) -> None:
    storyboard = read_storyboard(json.loads(path.read_text(encoding="utf-8")), path)
    assert [advise(storyboard, index) for index in range(len(storyboard.clips))] == [()] * len(storyboard.clips)


@pytest.mark.parametrize("prompt", GOOD)
def test_a_good_prompt_needs_no_advice(prompt: str) -> None:
    assert kinds(prompt) == []


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("", AdviceKind.EMPTY),
        ("  \n", AdviceKind.EMPTY),
        ("The puppet sits down and then jumps over the fence.", AdviceKind.SEVERAL_ACTIONS),
        ("The cat yawns. After that it walks into the house.", AdviceKind.SEVERAL_ACTIONS),
        ("The red puppet jumps and turns and waves.", AdviceKind.SEVERAL_ACTIONS),
        ("A beautiful mountain lake at dawn.", AdviceKind.NO_MOTION),
        ("An old castle on the hill in the morning light, red roofs, a painting", AdviceKind.NO_MOTION),
        ("The street is quiet with no cars in sight.", AdviceKind.NEGATION),
        ("The knight without a helmet raises his sword.", AdviceKind.NEGATION),
        ("The puppet walks on and on " * 150, AdviceKind.TOO_LONG),
    ],
)
def test_a_sign_of_trouble_is_told(prompt: str, kind: AdviceKind) -> None:
    assert kind in kinds(prompt)


def test_what_the_film_adds_counts_for_the_length() -> None:
    assert AdviceKind.TOO_LONG in kinds("The puppet dances.", character="A red puppet. " * 200)


def test_an_empty_clip_of_a_shot_repeats_the_first_one() -> None:
    assert advise(short_edits.set_prompt(film(2, "shot"), "c2", ""), 1) == ()


def test_the_words_of_the_clip_before_start_the_action_over() -> None:
    same = short_edits.set_prompt(film(2), "c2", " scene 1 ")
    assert [advice.kind for advice in advise(same, 1)] == [AdviceKind.SAME_WORDS]


def test_the_same_words_after_a_cut_are_another_take_of_the_scene() -> None:
    same = short_edits.set_prompt(short_edits.set_cut(film(2), "c2", True), "c2", "scene 1")
    assert advise(same, 1) == ()


def test_the_seed_of_the_clip_before_is_told() -> None:
    assert [advice.kind for advice in advise(short_edits.set_seed(film(2), "c2", 0), 1)] == [AdviceKind.SAME_SEED]


def test_seeds_that_follow_the_films_are_different() -> None:
    assert advise(film(3), 2) == ()


@pytest.mark.parametrize(("family", "told"), [("film", [AdviceKind.IDLE_IMAGE]), ("shot", [])])
def test_a_picture_that_has_no_effect_is_told(family: str, told: list[AdviceKind]) -> None:
    board = edits.change_clip(film(2, family), "c2", image="b.png")
    assert [advice.kind for advice in advise(board, 1)] == told


def test_a_picture_at_a_cut_has_an_effect() -> None:
    assert advise(short_edits.set_cut(film(2), "c2", True, "b.png"), 1) == ()


def test_a_family_that_nobody_knows_is_no_reason_to_fail() -> None:
    board = Storyboard(family="opera", clips=(Clip(id="a"), Clip(id="b")))
    assert [advice.kind for advice in advise(board, 1)] == [AdviceKind.EMPTY]


def test_every_kind_has_its_sentence_but_that_which_names_words() -> None:
    assert set(TEXTS) == set(AdviceKind) - {AdviceKind.UNKNOWN_WORDS}


@pytest.mark.parametrize(("text", "low", "high"), [("", 0, 0), ("word " * 100, 90, 130), ("红色的木偶" * 20, 50, 70)])
def test_tokens_are_estimated_on_the_low_side(text: str, low: int, high: int) -> None:
    assert low <= estimated_tokens(text) <= high


def test_ten_thousand_letters_are_judged_at_once() -> None:
    assert AdviceKind.TOO_LONG in kinds("The red puppet goes on. " * 400)
