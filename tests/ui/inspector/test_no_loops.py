"""Whatever happens to the film, the inspector shows it and adds nothing of its own."""

import random
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.edits import change_clips, change_film, delete_clips, insert_prompts, move_clips
from svi_studio.domain.editing.take_edits import lock_clips
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.ui.inspector import InspectorPanel

Change = Callable[[Storyboard], Storyboard]
WORDS = ("", "A puppet dances.", "שלום 👋", "two\nlines", "a\u00a0b")


def some_change(chance: random.Random, board: Storyboard) -> Change:
    ids = [clip.id for clip in board.clips if not clip.locked]
    some = chance.sample(ids, min(len(ids), chance.randint(0, 3)))
    words = chance.choice(WORDS)
    number = chance.choice([None, 1, 7, 50])
    choices: list[Change] = [
        lambda b: change_clips(b, some, prompt=words),
        lambda b: change_clips(b, some, seed=number, num_inference_steps=number),
        lambda b: change_clips(b, some, cut=chance.random() < 0.5, note=words),
        lambda b: change_clips(b, some, negative_prompt=words or None, guidance_scale=number and float(number)),
        lambda b: lock_clips(b, [clip.id for clip in b.clips[:1]], chance.random() < 0.3),
        lambda b: change_film(b, title=words.replace("\n", " "), character=words, style=words),
        lambda b: change_film(b, family=chance.choice(["shot", "film", "unheard-of"]), num_inference_steps=number),
        lambda b: change_film(b, width=None, height=None) if number is None else change_film(b, width=832, height=480),
        lambda b: insert_prompts(b, len(b.clips), [words]),
        lambda b: delete_clips(b, some[:1]),
        lambda b: move_clips(b, some[:1], 0),
    ]
    return chance.choice(choices)


def check(film: OpenFilm, panel: InspectorPanel) -> None:
    board, page = film.document.storyboard, panel.film_page
    assert page.title.text() == board.title
    assert page.character.box.text() == board.character
    assert page.more.steps.value == board.num_inference_steps
    current = film.document.clip(film.selection.current) if film.selection.current else None
    if current is not None and len(film.selection.ids) == 1:
        knobs = panel.clip_page
        assert knobs.prompt.prompt.box.text() == current.prompt
        assert (knobs.seed.box.value, knobs.more.steps.value) == (current.seed, current.num_inference_steps)
        assert knobs.more.note.box.text() == current.note
        assert knobs.seed.box.isReadOnly() == current.locked


@pytest.mark.parametrize("seed", range(4))
def test_random_edits_and_undo_are_shown_and_cause_no_edit(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel, seed: int
) -> None:
    chance = random.Random(seed)
    document, told = film.document, []
    document.changed.connect(told.append)
    for _ in range(60):
        before, count = document.storyboard, len(told)
        step = chance.random()
        if step < 0.6:
            document.edit("x", some_change(chance, before))
        elif step < 0.75:
            document.undo_stack.undo()
        elif step < 0.85:
            document.undo_stack.redo()
        elif before.clips:
            clips = [clip.id for clip in before.clips]
            film.selection.select(chance.sample(clips, min(len(clips), chance.choice([0, 1, 1, 1, 2]))))
        assert len(told) - count == (document.storyboard is not before)
        check(film, panel)
