"""From a few words to a film that renders: its picture, its story, its clips, and the press of the button."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from svi_studio.document.story.story_asks import Target
from svi_studio.domain.errors import StudioError
from svi_studio.domain.story.story_brief import story_brief
from svi_studio.ui.window.film_panels import FilmPanels

if TYPE_CHECKING:
    from svi_studio.ui.window.film_window import FilmWindow

_MOST_SEED = 2**31
_BANNER = "story"
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    subject: str
    seed: int
    look: bool


class FilmMaker(QObject):
    """One for the program. ``begin`` before the film is made, ``take`` when its window is there."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: dict[Path, _Wanted] = {}

    def begin(self, subject: str, *, look: bool, seed: int | None = None) -> tuple[Callable[[Path], object], int]:
        """What gets the folder of the film once there is one, in any thread, and the story's seed; None = a new one."""
        chosen = random.sample(range(_MOST_SEED), 1)[0] if seed is None else seed
        wanted = _Wanted(subject, chosen, look)
        return lambda path: self._wanted.__setitem__(path, wanted), chosen

    @Slot(object)
    def take(self, window: "FilmWindow") -> None:
        """Goes on with the film of ``window``, when it is one of these."""
        wanted = self._wanted.pop(window.film.path, None)
        if wanted is not None and isinstance(window.parts, FilmPanels):
            _Making(window, window.parts, wanted)


class _Making(QObject):
    """The steps from a few words to a rendered film; goes with the film's window."""

    def __init__(self, window: "FilmWindow", parts: FilmPanels, wanted: _Wanted) -> None:
        super().__init__(window)
        self._window, self._wanted = window, wanted
        self._story, self._desk, self._commands = parts.story, parts.story.desk, parts.bar.commands
        if wanted.look or window.film.document.storyboard.reference_image is None:
            self._ask_the_user()
        else:
            self._write()

    def _ask_the_user(self) -> None:
        """Step by step in the story's window."""
        story_window = self._story.open()
        story_window.brief.set_words(self._wanted.subject)
        story_window.brief.seed.show_value(self._wanted.seed)
        story_window.guide_through(self._commands)
        if not self._wanted.look:
            story_window.tell(self.tr("No ready-made picture fits these words: choose the start picture."))

    def _write(self) -> None:
        desk, film = self._desk, self._window.film
        desk.written.connect(self._accept)
        desk.changed.connect(self._look_for_failure)
        desk.accepted.connect(self._render_soon)
        self._story.use_writer(self._story.preferred_writer)
        try:
            brief = story_brief(
                subject=self._wanted.subject,
                seed=self._wanted.seed,
                family=film.document.storyboard.family,
                seconds_per_clip=desk.seconds_per_clip,
            )
        except StudioError as error:
            self._window.banners.tell(_BANNER, "warn", str(error))
            return
        said = self.tr("Writing the story…")
        self._window.banners.tell(_BANNER, "info", said, [(self.tr("Stop"), desk.cancel)])
        desk.write(brief, Target())

    @Slot()
    def _accept(self) -> None:
        self._desk.accept()

    @Slot(int)
    def _render_soon(self, count: int) -> None:
        self._desk.accepted.disconnect(self._render_soon)
        self._commands.changed.connect(self._render)
        said = self.tr("The story is in the film ({count} clips) and is rendering.").format(count=count)
        ways = [(self.tr("Edit the story…"), self._story.open)]
        self._window.banners.tell(_BANNER, "ok", said, ways, seconds=_SECONDS)

    @Slot()
    def _render(self) -> None:
        """Renders the film once it is known what there is to render."""
        if self._commands.offer.clips and self._commands.render():
            self._commands.changed.disconnect(self._render)
            self._end()

    @Slot()
    def _look_for_failure(self) -> None:
        """The story's window has the sentence, the raw answer and the ways on."""
        if self._desk.failure is None and not self._desk.was_cancelled:
            return
        self._end()
        self._window.banners.dismiss(_BANNER)
        self._story.open().brief.set_words(self._wanted.subject)

    def _end(self) -> None:
        for signal, slot in ((self._desk.written, self._accept), (self._desk.changed, self._look_for_failure)):
            signal.disconnect(slot)
        self.deleteLater()
