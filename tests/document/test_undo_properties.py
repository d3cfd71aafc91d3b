"""Whatever is done to a film: undo brings back every byte, and redo does too."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication

from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.film.storyboard import Storyboard
from tests.builders.film_parts import OTHER_PICTURE, Parts, facts_of, numbered, open_parts
from tests.domain.short_edits import set_prompt

Act = Callable[[Parts, int, str], object]


def select_one(film: Parts, number: int, _: str) -> None:
    clips = film.document.storyboard.clips
    if clips:
        film.selection.select([clips[number % len(clips)].id])


def select_run(film: Parts, number: int, _: str) -> None:
    clips = film.document.storyboard.clips
    if clips:
        film.selection.extend_to(clips[number % len(clips)].id)


def move(film: Parts, number: int, _: str) -> object:
    return film.commands.clips.move(film.selection.ids, number % (len(film.document.storyboard.clips) + 1))


def type_words(film: Parts, number: int, words: str) -> object:
    clip = film.selection.current or "none"
    return film.document.edit("Type", lambda board: set_prompt(board, clip, words), merge=f"prompt {number % 2} {clip}")


def choose(film: Parts, number: int, _: str) -> object:
    return film.commands.takes.previous() if number % 2 else film.commands.takes.next()


def render(film: Parts, number: int, _: str) -> object:
    count = len(film.document.storyboard.clips)
    return film.render(number % count) if count else None


ACTS: dict[str, Act] = {
    "select one": select_one,
    "select a run": select_run,
    "select all": lambda film, *_: film.selection.select_all(),
    "insert before": lambda film, *_: film.commands.clips.insert_before(),
    "insert after": lambda film, *_: film.commands.clips.insert_after(),
    "insert words": lambda film, number, words: film.commands.clips.insert_prompts([words] * (number % 3), 0),
    "duplicate": lambda film, *_: film.commands.clips.duplicate(),
    "delete": lambda film, *_: film.commands.clips.delete(),
    "cut": lambda film, *_: film.commands.clipboard.cut(),
    "paste": lambda film, *_: film.commands.clipboard.paste(),
    "move": move,
    "move left": lambda film, *_: film.commands.clips.move_left(),
    "move right": lambda film, *_: film.commands.clips.move_right(),
    "type": type_words,
    "leave the field": lambda film, *_: film.document.end_merge(),
    "start anew": lambda film, *_: film.commands.clips.toggle_cut(),
    "lock": lambda film, *_: film.commands.clips.toggle_lock(),
    "re-roll": lambda film, *_: film.commands.clips.reroll(),
    "picture": lambda film, *_: film.commands.clips.change("Picture", image=OTHER_PICTURE),
    "no picture": lambda film, *_: film.commands.pictures.clear_image(),
    "render": render,
    "choose a take": choose,
    "release": lambda film, *_: film.commands.takes.release(),
    "what if": lambda film, *_: film.commands.clips.fork(),
    "marker": lambda film, number, words: film.commands.markers.add(number, words),
    "no marker": lambda film, number, _: film.commands.markers.remove(number % 3),
    "style": lambda film, _, words: film.document.edit("Style", lambda board: change_film(board, style=words)),
    "family": lambda film, number, _: film.document.edit(
        "Family", lambda board: change_film(board, family=("film", "shot")[number % 2])
    ),
    "undo": lambda film, *_: film.document.undo_stack.undo(),
    "redo": lambda film, *_: film.document.undo_stack.redo(),
}


def content(storyboard: Storyboard) -> str:
    return storyboard.model_dump_json()


steps = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 200), st.text(max_size=20)), min_size=1, max_size=40
)


pytestmark = pytest.mark.usefixtures("qapp")


@given(steps=steps)
def test_undo_all_and_redo_all_give_the_same_bytes(steps: list[tuple[str, int, str]]) -> None:
    QGuiApplication.clipboard().clear()
    film = open_parts(numbered(4), Path(tempfile.gettempdir()))
    film.know(facts_of())
    film.render(0, 1, 2)
    start = content(film.document.storyboard)
    stack = film.document.undo_stack
    for name, number, words in steps:
        ACTS[name](film, number, words)
    end = content(film.document.storyboard)
    assert Storyboard.model_validate_json(end) == film.document.storyboard
    while stack.canRedo():
        stack.redo()
        end = content(film.document.storyboard)
    while stack.canUndo():
        stack.undo()
    assert content(film.document.storyboard) == start
    while stack.canRedo():
        stack.redo()
    assert content(film.document.storyboard) == end
    film.close()


@given(steps=steps)
def test_every_state_says_how_its_clips_stand_as_one_planned_from_scratch_does(
    steps: list[tuple[str, int, str]],
) -> None:
    QGuiApplication.clipboard().clear()
    film = open_parts(numbered(4), Path(tempfile.gettempdir()))
    film.know(facts_of())
    for name, number, words in steps:
        ACTS[name](film, number, words)
    film.states.settle()
    fresh = open_parts(film.document.storyboard, Path(tempfile.gettempdir()))
    fresh.takes.found(tuple(film.takes.all()))
    fresh.know(facts_of())
    for clip in film.document.storyboard.clips:
        assert film.states.plan_hash(clip.id) == fresh.states.plan_hash(clip.id)
        assert film.states.refusal(clip.id) == fresh.states.refusal(clip.id)
    film.close()
    fresh.close()
