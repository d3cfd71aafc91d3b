"""A render waits for the answer to what is wrong with the film's LoRAs, and for nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.commands import Scope
from svi_studio.document.render.queue import RenderQueue
from svi_studio.domain.render.lora_advice import LoraAdvice, LoraAdviceKind, LoraMend
from svi_studio.ui.render.bar import RenderBar
from svi_studio.ui.render.lora_dialog import LoraDialog

EXCHANGED = LoraAdvice(LoraAdviceKind.EXCHANGED, "They seem to be exchanged.", (LoraMend("Exchange them", ()),))


def ask(film: OpenFilm, *advice: LoraAdvice) -> None:
    """Lets the film be asked about; in a test of its own it is told what is found."""
    film.lora_questions._found = advice
    film.lora_questions.changed.emit()


@pytest.fixture
def wrong(film: OpenFilm, bar: RenderBar) -> Iterator[OpenFilm]:
    ask(film, EXCHANGED)
    yield film
    for dialog in dialogs():
        dialog.reject()


def dialogs() -> list[LoraDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, LoraDialog) and each.isVisible()]


def test_a_question_is_asked_first_and_rendered_as_it_is_when_wanted(
    qtbot: QtBot, wrong: OpenFilm, bar: RenderBar, queue: RenderQueue
) -> None:
    bar.button.click()
    (dialog,) = dialogs()
    assert (len(queue.items), dialog.render_now.text()) == (0, "Render as it is")
    assert [button.text() for button in dialog.list.buttons] == ["Exchange them", "Keep it as it is"]
    dialog.render_now.click()
    assert [(item.request.first, item.request.last) for item in queue.items] == [(0, 3)]
    assert wrong.lora_questions.asked == (), "it is asked once"
    assert dialogs() == []


def test_once_it_is_put_right_the_render_goes_on(wrong: OpenFilm, bar: RenderBar, queue: RenderQueue) -> None:
    bar.commands.render_or_say(Scope.FROM_HERE)
    (dialog,) = dialogs()
    ask(wrong)
    assert dialog.render_now.text() == "Render"
    dialog.render_now.click()
    assert len(queue.items) == 1


def test_cancelled_nothing_is_rendered_and_it_is_asked_again(
    wrong: OpenFilm, bar: RenderBar, queue: RenderQueue
) -> None:
    assert bar.commands.render_clips([0])
    (dialog,) = dialogs()
    dialog.reject()
    assert (len(queue.items), len(wrong.lora_questions.asked)) == (0, 1)
    bar.button.click()
    assert len(dialogs()) == 1


def test_mere_advice_and_what_is_about_another_clip_hold_up_nothing(
    wrong: OpenFilm, bar: RenderBar, queue: RenderQueue
) -> None:
    ask(wrong, LoraAdvice(LoraAdviceKind.ALONE, "Only one has it."), replace(EXCHANGED, clip="c4"))
    bar.commands.render_clips([0])
    assert (len(queue.items), dialogs()) == (1, [])
