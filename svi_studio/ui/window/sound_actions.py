"""Attaches the actions of the sound menu, and tells how sounds come into the film: progress, what to do next."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preference_names import HEAR_SCRUBBING, SOUND_INPUT
from svi_studio.document.sound.sound_files import is_sound, may_have_sound, sound_filter
from svi_studio.document.sound.sound_import import ImportState
from svi_studio.document.sound.take_recording import TakeRecording
from svi_studio.document.words import film_length
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.dialogs.choose_file import choose_files
from svi_studio.ui.window.banner import BannerStack
from svi_studio.ui.window.status_line import StatusLine

_SOUND = InputKind.SOUND
_OFFER_SECONDS = 30.0


class SoundActions(QObject):
    """``settings_wanted``: show what can be changed of the chosen sound. ``recording`` is the microphone's."""

    settings_wanted = Signal()

    def __init__(
        self, actions: Actions, film: OpenFilm, banners: BannerStack, status: StatusLine, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._actions, self._film, self._banners, self._status = actions, film, banners, status
        self._window = parent
        self.recording = TakeRecording(film.playhead, film.sound_import, self, device=self._microphone)
        for action_id, handler in self._handlers().items():
            actions.connect_action(action_id, handler)
        film.closing.connect(self.recording.close)
        film.pieces.changed.connect(self.show_possible)
        film.playhead.moved.connect(self.show_possible)
        film.document.changed.connect(self.show_possible)
        film.sound_import.state_changed.connect(self._show_import)
        film.sound_import.laid.connect(self._offer_clips)
        film.sound_import.noted.connect(self._tell_notes)
        self.recording.changed.connect(self._show_recording)
        self.recording.refused.connect(film.document.refused)
        self.recording.hinted.connect(lambda words: banners.tell("recording", "warn", words))
        self.show_possible()

    def _handlers(self) -> dict[str, Callable[..., object]]:
        film = self._film
        sounds, tracks = film.commands.sounds, film.commands.tracks
        return {
            "sound.add": self.choose,
            "sound.record": self._record,
            "sound.select": self._select_at_playhead,
            "sound.split": lambda: tracks.split(_SOUND),
            "sound.remove": self._remove,
            "sound.settings": self.settings_wanted.emit,
            "sound.level": sounds.bring_to,
            "sound.fill": sounds.fill_with_clips,
            "sound.mute": lambda _checked: self._toggle_mute(),
            "sound.scrub": self._set_scrub,
        }

    def take(self, paths: Sequence[Path]) -> bool:
        """Lays dropped sounds under the film, and asks what a video is for; returns whether that was all of it."""
        if not paths or not all(map(may_have_sound, paths)):
            return False
        needs_sound = _SOUND in family_to_show(self._film.document.storyboard.family).needs
        if needs_sound or any(map(is_sound, paths)):
            self._film.sound_import.bring_in(paths)
            return True
        words = self.tr("“{name}” is a video. Its sound can go under the film, or the film goes on from its end.")
        ways = [(self.tr("Use its sound"), lambda: self._film.sound_import.bring_in(paths))]
        if len(paths) == 1:
            ways.append((self.tr("Go on from it"), lambda: self._go_on_from(paths[0])))
        self._banners.tell("video", "info", words.format(name=_short(paths[0].name)), ways)
        return True

    def _go_on_from(self, video: Path) -> None:
        """A new clip behind the others goes on from it; in an empty film it is the first one."""
        self._film.commands.ends.insert_after_video(video, len(self._film.document.storyboard.clips))

    def choose(self) -> None:
        """Asks for sounds, without blocking the window."""
        dialog = choose_files(self._window, self.tr("Choose a sound"), sound_filter(), self._bring_in)
        dialog.setObjectName("choose sound")

    def _bring_in(self, files: Sequence[str]) -> None:
        self._film.sound_import.bring_in([Path(file) for file in files])

    def _remove(self) -> None:
        place = self._film.pieces.of(_SOUND)
        if place is not None:
            self._film.commands.tracks.remove(_SOUND, place)

    def _select_at_playhead(self) -> None:
        frame, pieces = self._film.playhead.frame, self._film.pieces.pieces(_SOUND)
        place = next((k for k, piece in enumerate(pieces) if piece.start <= frame < piece.stop), None)
        if place is not None:
            self._film.pieces.choose(_SOUND, place)

    def _toggle_mute(self) -> None:
        self._film.commands.sounds.toggle_mute()
        self.show_possible()  # where it is refused the menu shows it as it still is

    def _set_scrub(self, on: bool) -> None:
        if self._film.preferences is not None:
            self._film.preferences.set_flag(HEAR_SCRUBBING, on)

    def _microphone(self) -> str:
        """The one of the preferences, "" = the usual one."""
        return "" if self._film.preferences is None else self._film.preferences.text(SOUND_INPUT)

    def _record(self, on: bool) -> None:
        if not on:
            self.recording.stop()
        elif not self._film.read_only:
            self.recording.start()
        self._show_recording()

    # What shows

    @Slot()
    def show_possible(self) -> None:
        """Greys out what has nothing to do."""
        film = self._film
        track, frame = track_of(film.document.storyboard, _SOUND), film.playhead.frame
        may_edit, chosen = not film.read_only, film.pieces.of(_SOUND) is not None
        here = any(piece.start < frame < piece.stop for piece in track.pieces)
        possible = {
            "sound.add": may_edit,
            "sound.record": may_edit,
            "sound.select": any(piece.start <= frame < piece.stop for piece in track.pieces),
            "sound.split": may_edit and here,
            "sound.remove": may_edit and chosen,
            "sound.settings": chosen,
            "sound.level": may_edit and chosen,
            "sound.fill": may_edit and bool(track.pieces),
            "sound.mute": may_edit and bool(track.pieces),
        }
        for action_id, enabled in possible.items():
            self._actions.set_enabled(action_id, enabled)
        self._actions.set_checked("sound.mute", track.muted)
        if "sound length" in self._banners.shown and not film.commands.sounds.frames_beyond_film():
            self._banners.dismiss("sound length")
        wishes = film.preferences
        self._actions.set_checked("sound.scrub", wishes is None or wishes.flag(HEAR_SCRUBBING, default=True))

    @Slot(object)
    def _show_import(self, state: ImportState) -> None:
        if not state.name:
            self._status.show_part("sound", "")
            self._banners.dismiss("sound import")
            return
        words = self.tr("Reading “{name}”").format(name=_short(state.name))
        self._status.show_part("sound", words, "sound", fraction=state.share)
        if "sound import" not in self._banners.shown:
            ways = [(self.tr("Cancel"), self._film.sound_import.cancel)]
            self._banners.tell("sound import", "info", words, ways)

    @Slot(str)
    def _tell_notes(self, words: str) -> None:
        self._banners.tell("sound notes", "warn", words, seconds=_OFFER_SECONDS)

    @Slot(int)
    def _offer_clips(self, _count: int) -> None:
        """A sound that is longer than the film is seldom meant to be cut off."""
        beyond = self._film.commands.sounds.frames_beyond_film()
        if not beyond or self._film.read_only:
            return
        length = film_length(beyond / self._film.playhead.fps)
        words = self.tr("The sound is {length} longer than the film.").format(length=length)
        if not self._film.document.storyboard.clips:
            words = self.tr("The sound is {length} long, and the film has no clips yet.").format(length=length)
        ways = [(self.tr("As many clips as the sound is long"), self._film.commands.sounds.fill_with_clips)]
        self._banners.tell("sound length", "info", words, ways, seconds=_OFFER_SECONDS)

    @Slot()
    def _show_recording(self) -> None:
        recording = self.recording
        self._actions.set_checked("sound.record", recording.is_recording)
        self._actions.set_text("sound.record", self.tr("Stop recording") if recording.is_recording else None)
        if recording.is_recording:
            words = self.tr("Opening the microphone…")
            if recording.is_heard:
                words = self.tr("Recording {length}").format(length=film_length(recording.seconds))
            self._status.show_part("sound", words, "microphone", "danger", fraction=recording.level**0.5)
        elif not self._film.sound_import.is_busy:
            self._status.show_part("sound", "")


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:40]}…{name[-15:]}"
