"""Someone at the window: types, presses, waits and looks, through the real widgets."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.inspector.panel import InspectorPanel
from svi_studio.ui.render.bar import RenderBar
from svi_studio.ui.studio import Studio
from svi_studio.ui.window.film_window import FilmWindow
from tests.patience import SECONDS

LOOK_SECONDS = 0.05

Panel = TypeVar("Panel", bound=QWidget)


class User:
    """Works with ``studio``; ``watch`` is called every now and then while they wait or type, for those who film it."""

    def __init__(self, studio: Studio, watch: Callable[[], None] = lambda: None) -> None:
        self.studio = studio
        self._watch = watch

    @property
    def window(self) -> FilmWindow:
        """The window of the film that was opened last."""
        return self.studio.windows[-1]

    def wait(self, until: Callable[[], bool], seconds: float, what: str) -> None:
        """Look at the window until something has happened; AssertionError after ``seconds``, or ``SECONDS``."""
        seconds = max(seconds, SECONDS)
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
            self.look()

    def look(self, seconds: float = LOOK_SECONDS) -> None:
        """Do nothing for a while."""
        end = time.monotonic() + seconds
        while True:
            QApplication.processEvents()
            self._watch()
            if time.monotonic() >= end:
                return
            time.sleep(0.01)

    def trigger(self, action_id: str) -> None:
        """Choose something from a menu; it must be possible."""
        action = self.window.actions_table.action(action_id)
        assert action.isEnabled(), f"{action_id} cannot be chosen"
        action.trigger()
        self.look()

    def type_prompt(self, words: str, pause: float = 0.0) -> None:
        """Go to the prompt of the selected clip, and write over what is there."""
        self.trigger("clip.edit_prompt")
        box = self.panel(InspectorPanel).clip_page.prompt.prompt.box
        QTest.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        for letter in words:
            QTest.keyClicks(box, letter)
            if pause:
                self.look(pause)
        self.look()

    def panel(self, kind: type[Panel]) -> Panel:
        """The panel of that kind in the film's window."""
        found = self.window.findChild(kind)
        assert found is not None, f"there is no {kind.__name__}"
        return found

    def select(self, number: int) -> None:
        """Select the clip with that number, counted from 1."""
        self.window.film.selection.select([self.window.film.document.storyboard.clips[number - 1].id])
        self.look()

    def press_render(self, words: str = "Render") -> None:
        """Press the one obvious button once it says what it will do, in words that begin like these."""
        button = self.panel(RenderBar).button
        self.wait(lambda: button.isEnabled() and button.text().startswith(words), 20, f"the button says {words}")
        button.click()
        self.look()

    def states(self) -> list[ClipState]:
        """How the cards of the clips look, in order."""
        film = self.window.film
        return [film.states.state(clip.id).state for clip in film.document.storyboard.clips]

    def new_film(self, picture: Path) -> None:
        """Start from a picture on the welcome."""
        count = len(self.studio.windows)
        self.studio.new_from_picture(picture)
        self.wait(lambda: len(self.studio.windows) > count, 30, "the window of the new film")
        self.wait(lambda: self.window.film.states.facts is not None, 30, "the model was read")

    def open(self, folder: Path) -> None:
        """Open a film and wait until its cards tell how they stand."""
        count = len(self.studio.windows)
        self.studio.open_film(folder)
        self.wait(lambda: len(self.studio.windows) > count, 30, "the window of the film")
        self.wait(lambda: self.window.film.states.facts is not None, 30, "the model was read")

    def close_window(self) -> None:
        """Close the film's window."""
        count = len(self.studio.windows)
        self.window.close()
        self.wait(lambda: len(self.studio.windows) < count, 10, "the window closed")
