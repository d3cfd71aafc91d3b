"""Any edits in any order, sound or not: a sound storyboard or a refusal, and the old value stays as it was."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing import edits, marker_edits, take_edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.takes.take import Take
from tests.builders.storyboards import film, plan_of, storyboards

texts = st.text(max_size=20) | st.just("x" * 10_001) | st.just("\ud800") | st.just("\u202e🎭\0")
takes = st.sampled_from(["c" * 64, "d" * 64, "", "../x"])
numbers = st.integers(-1, 60) | st.just(2**60)
ids = st.lists(st.sampled_from(["c1", "c2", "c3", "c9", "gone", ""]), max_size=4)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "prompt": texts,
        "negative_prompt": st.none() | texts,
        "seed": st.none() | numbers,
        "cut": st.booleans() | st.just("yes"),
        "image": st.none() | st.sampled_from(["a.png", "/etc/passwd", ""]),
        "num_inference_steps": st.none() | numbers,
        "guidance_scale": st.none() | st.floats(),
        "take": st.none() | takes,
        "id": st.just("c1"),
        "colour": st.just("red"),
    },
)
FILM_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "character": texts,
        "style": texts,
        "family": st.sampled_from(["shot", "film", "opera"]),
        "model": st.sampled_from(["svi-mini", "../x"]),
        "width": st.none() | numbers,
        "height": st.none() | numbers,
        "num_frames": st.none() | numbers,
        "seed": numbers,
    },
)
TAKE = Take(take_hash="e" * 64, parent_hash=None, job=plan_of(film(1)).jobs[0], num_frames=21)


def one_edit(draw: Any, board: Storyboard) -> Storyboard:
    choices = {
        "change": lambda: edits.change_clips(board, draw(ids), **draw(FIELDS)),
        "delete": lambda: edits.delete_clips(board, draw(ids)),
        "move": lambda: edits.move_clips(board, draw(ids), draw(numbers)),
        "duplicate": lambda: edits.duplicate_clips(board, draw(ids)),
        "insert": lambda: edits.insert_prompts(board, draw(numbers), draw(st.lists(texts, max_size=3))),
        "lock": lambda: take_edits.lock_clips(board, draw(ids), draw(st.booleans()), {"c1": draw(takes)}),
        "choose": lambda: take_edits.choose_take(board, draw(st.sampled_from(["c1", "gone"])), TAKE),
        "release": lambda: take_edits.release_takes(board, draw(ids)),
        "film": lambda: edits.change_film(board, **draw(FILM_FIELDS)),
        "add marker": lambda: marker_edits.add_marker(board, draw(numbers), draw(texts)),
        "move marker": lambda: marker_edits.move_marker(board, draw(numbers), draw(numbers)),
        "rename marker": lambda: marker_edits.rename_marker(board, draw(numbers), draw(texts)),
        "remove marker": lambda: marker_edits.remove_marker(board, draw(numbers)),
    }
    return choices[draw(st.sampled_from(sorted(choices)))]()


@given(storyboards(max_clips=5), st.data())
def test_every_edit_gives_a_sound_storyboard_or_one_sentence(board: Storyboard, data: st.DataObject) -> None:
    for _ in range(8):
        before = board.model_dump_json()
        try:
            board, old = one_edit(data.draw, board), board
        except BadInput as refusal:
            assert str(refusal).endswith(".") and "\n" not in str(refusal)
            continue
        assert old.model_dump_json() == before
        assert Storyboard.model_validate_json(board.model_dump_json()) == board
