"""The page of the chosen piece of sound: what it is, how loud, how it begins and ends, and how loud people hear it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.words import film_length
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.decibels import LOUDEST_DB, SILENT_DB, decibels
from svi_studio.domain.film.timecode import timecode
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.domain.number_range import NumberRange
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.field import Field, note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.desktop.show_folder import show_folder

_SOUND = InputKind.SOUND
_LEVELS = NumberRange(SILENT_DB, LOUDEST_DB, step=0.5, decimals=1)
_SECONDS = NumberRange(0.0, 3600.0, step=0.1, decimals=2)


class SoundPage(QWidget):
    """Everything about the chosen piece of the film's sound."""

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self.title = QLabel(self)
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.facts = note_label("", self)
        self.problem = note_label("", self)
        self.level = NumberBox(_LEVELS, optional=False)
        self.fade_in, self.fade_out = (NumberBox(_SECONDS, optional=False) for _ in range(2))
        self.loudness = note_label("", self)
        self.bring = QPushButton(self.tr("Bring to −23 LUFS"), self)
        self.split = QPushButton(self.tr("Split at the playhead"), self)
        self.fill = QPushButton(self.tr("As many clips as the sound is long"), self)
        self.folder = QPushButton(self.tr("Show in its folder"), self)
        self.remove = QPushButton(self.tr("Remove"), self)
        self.mute = QCheckBox(self.tr("Mute the film's sound"), self)
        self.muted = note_label(self.tr("It is not heard, here and in exported films. Clips are made from it."), self)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.level)
        self.show_state()

    def _lay_out(self) -> None:
        fades = row_of(
            (Field(self.tr("Fade in, seconds"), self.fade_in), 1),
            (Field(self.tr("Fade out, seconds"), self.fade_out), 1),
            spacing=10,
        )
        column_of(
            column_of(self.title, self.facts, self.problem, spacing=4),
            Field(self.tr("Loudness, decibels"), self.level),
            column_of(self.loudness, row_of(self.bring, 1), spacing=4),
            fades,
            column_of(self.mute, self.muted, spacing=2),
            column_of(row_of(self.split, self.remove, 1), row_of(self.fill, 1), row_of(self.folder, 1), spacing=6),
            1,
            within=self,
            spacing=14,
            margins=None,
        )

    def _connect(self) -> None:
        film, sounds = self._film, self._film.commands.sounds
        self.level.edited.connect(lambda level: sounds.set_level(float(level)))
        self.fade_in.edited.connect(lambda seconds: sounds.set_fades(fade_in=self._frames(seconds)))
        self.fade_out.edited.connect(lambda seconds: sounds.set_fades(fade_out=self._frames(seconds)))
        for box in (self.level, self.fade_in, self.fade_out):
            box.left.connect(film.document.end_merge)
        self.bring.clicked.connect(lambda: sounds.bring_to(-23.0))
        self.split.clicked.connect(lambda: film.commands.tracks.split(_SOUND))
        self.fill.clicked.connect(sounds.fill_with_clips)
        self.remove.clicked.connect(self._remove)
        self.folder.clicked.connect(self._show_folder)
        self.mute.clicked.connect(self._mute)
        for signal in (film.pieces.changed, film.document.changed, film.sounds.changed, film.playhead.time_changed):
            signal.connect(self.show_state)
        film.playhead.moved.connect(self._show_split)  # at every frame of a film that plays

    @Slot()
    def show_state(self) -> None:
        """Says what the chosen piece is like now."""
        piece = self._piece()
        if piece is None:
            return
        self.title.setText(" ".join(visible(piece.name).split()) or self.tr("Sound"))
        self._show_facts(piece)
        fps = self._film.playhead.fps
        self.level.show_value(round(decibels(piece.gain), 1))
        self.fade_in.show_value(round(piece.fade_in / fps, 2))
        self.fade_out.show_value(round(piece.fade_out / fps, 2))
        self._show_loudness()
        self._show_possible(piece)

    def _show_facts(self, piece: Piece) -> None:
        fps, reading = self._film.playhead.fps, self._film.sounds.reading(piece.file)
        words = self.tr("{length}, under the film from {start} to {stop}")
        lines = [
            words.format(
                length=film_length(piece.length / fps),
                start=timecode(piece.start, fps),
                stop=timecode(piece.stop, fps),
            )
        ]
        whole = self._film.sounds.frames(piece.file)
        if whole is not None and (piece.offset or piece.length < whole):
            part = self.tr("From {offset} on, of {whole} in the file")
            lines.append(part.format(offset=film_length(piece.offset / fps), whole=film_length(whole / fps)))
        self._say(self.facts, "\n".join(lines))
        notes = self._film.sounds.notes(piece.file)
        problem = reading.problem if reading is not None else notes
        if reading is not None and not reading.problem:
            problem = self.tr("Reading the sound…")
        self._say(self.problem, problem)

    def _show_loudness(self) -> None:
        found = self._film.commands.sounds.loudness()
        words = self.tr("Heard at {level} LUFS").format(level=f"{found:.1f}".replace("-", "−")) if found else ""
        self._say(self.loudness, words)

    def _show_possible(self, piece: Piece) -> None:
        film = self._film
        may_edit = not film.read_only
        for box in (self.level, self.fade_in, self.fade_out):
            box.setReadOnly(not may_edit)
        for button in (self.bring, self.fill, self.remove, self.mute):
            button.setEnabled(may_edit)
        self.bring.setEnabled(may_edit and film.sounds.ready(piece.file) is not None)
        self._show_split()
        muted = track_of(film.document.storyboard, _SOUND).muted
        self.mute.setChecked(muted)
        self.muted.setVisible(muted)

    @Slot()
    def _show_split(self) -> None:
        piece, film = self._piece(), self._film
        if piece is not None:
            self.split.setEnabled(not film.read_only and piece.start < film.playhead.frame < piece.stop)

    def _piece(self) -> Piece | None:
        return self._film.pieces.piece if self._film.pieces.of(_SOUND) is not None else None

    def _frames(self, seconds: float) -> int:
        return round(float(seconds) * self._film.playhead.fps)

    def _remove(self) -> None:
        place = self._film.pieces.of(_SOUND)
        if place is not None:
            self._film.commands.tracks.remove(_SOUND, place)

    def _mute(self) -> None:
        self._film.commands.sounds.toggle_mute()
        self.show_state()

    def _show_folder(self) -> None:
        piece = self._piece()
        if piece is not None:
            show_folder(self._film, piece.file)

    @staticmethod
    def _say(label: QLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))
