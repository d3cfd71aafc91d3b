"""Subtitles, clips from sound and spoken texts from a film's window: the dialogs, made when they are first wanted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.desktop.bring_forward import bring_forward

if TYPE_CHECKING:
    from svi_studio.ui.speech.clips_dialog import ClipsDialog
    from svi_studio.ui.speech.speak_dialog import SpeakDialog
    from svi_studio.ui.subtitles.dialog import SubtitlesDialog


class FilmSpeech(QObject):
    """Attaches the actions ``sound.subtitles``, ``sound.clips`` and ``sound.speak``. Ends with the film by itself."""

    def __init__(self, film: OpenFilm, window: QWidget, actions: Actions) -> None:
        super().__init__(window)
        self._film, self._window = film, window
        self.subtitles: SubtitlesDialog | None = None
        self.clips: ClipsDialog | None = None
        self.speak: SpeakDialog | None = None
        actions.connect_action("sound.subtitles", self.open_subtitles)
        actions.connect_action("sound.clips", self.open_clips)
        actions.connect_action("sound.speak", self.open_speak)
        for changes_film in ("sound.clips", "sound.speak"):
            actions.set_enabled(changes_film, not film.read_only)
        film.closing.connect(self.shutdown)

    @Slot()
    def open_subtitles(self) -> None:
        """Shows the subtitles."""
        if self.subtitles is None:
            from svi_studio.ui.subtitles.dialog import SubtitlesDialog  # noqa: PLC0415 - only when it is wanted

            self.subtitles = SubtitlesDialog(self._film, self._window)
        bring_forward(self.subtitles)

    @Slot()
    def open_clips(self) -> None:
        """Shows where clips could begin."""
        if self.clips is None:
            from svi_studio.ui.speech.clips_dialog import ClipsDialog  # noqa: PLC0415 - only when it is wanted

            self.clips = ClipsDialog(self._film, self._window)
        bring_forward(self.clips)

    @Slot()
    def open_speak(self) -> None:
        """Asks for a text to speak."""
        if self.speak is None:
            from svi_studio.ui.speech.speak_dialog import SpeakDialog  # noqa: PLC0415 - only when it is wanted

            self.speak = SpeakDialog(self._film, self._window)
        self.speak.open()

    @Slot()
    def shutdown(self) -> None:
        """Closes the dialogs and ends their threads."""
        for dialog in (self.subtitles, self.clips, self.speak):
            if dialog is not None:
                dialog.hide()
        for ending in (self.subtitles, self.speak):
            if ending is not None:
                ending.shutdown()
