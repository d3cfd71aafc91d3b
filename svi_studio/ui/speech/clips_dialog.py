"""Clips from sound: what clips should begin with, where that is, and what it makes of the film; one step of undo."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLabel, QProgressBar, QRadioButton, QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.speech.sound_split import (
    EVERY,
    SplitChoice,
    SplitOffer,
    apply,
    beats_of,
    offer,
    with_tap,
)
from svi_studio.domain.film.sound_marks import MarkKind
from svi_studio.domain.number_range import NumberRange
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label, section_label
from svi_studio.ui.speech.beat_buttons import BeatButtons
from svi_studio.ui.speech.boundary_strip import BoundaryStrip
from svi_studio.ui.speech.pause_slider import PauseSlider


def _tr(text: str) -> str:
    return QCoreApplication.translate("ClipsDialog", text)


class ClipsDialog(PlainDialog):
    """One for a window. Stays open after it was applied, so that another choice can be tried; undo takes it back."""

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Clips from sound"),
            _tr("Lets clips begin where the sound says: each card is trimmed there, to the frame."),
            parent,
        )
        self._film = film
        self._choice = SplitChoice()
        self._offer = SplitOffer()
        self.kinds = {
            MarkKind.SENTENCE: QRadioButton(_tr("A clip for each sentence"), self),
            MarkKind.SILENCE: QRadioButton(_tr("A clip after each silence"), self),
            MarkKind.BEAT: QRadioButton(_tr("Clips on the beat"), self),
            MarkKind.ONSET: QRadioButton(_tr("Clips where a sound begins"), self),
        }
        self.pause = PauseSlider(self)
        self.every = ChoiceBox(self)
        self.beats = BeatButtons(self)
        self.shortest = NumberBox(NumberRange(0.1, 60, 0.1, decimals=1), optional=False, parent=self)
        self.fresh = QCheckBox(_tr("Start fresh at each of them"), self)
        self.words = QCheckBox(_tr("Note the subtitles of each clip on its card"), self)
        self.remove_rest = QCheckBox(_tr("Remove the cards behind the end of the sound"), self)
        self.strip = BoundaryStrip(film, self)
        self.progress = QProgressBar(self)
        self.sentence = plain_label("", self, "")
        self.remark = plain_label("", self)
        self._lay_out()
        self._connect()

    @property
    def choice(self) -> SplitChoice:
        """What is asked for now."""
        return self._choice

    def showEvent(self, event: QShowEvent) -> None:
        """Listens to the sound."""
        super().showEvent(event)
        self._film.sound_finder.want()
        self._judge()

    def _lay_out(self) -> None:
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.every.show_choices([Choice(count, _every(count)) for count in EVERY])
        self.every.show_value(self._choice.every)
        self.every.setMinimumWidth(150)
        self.shortest.show_value(self._choice.shortest)
        self.shortest.setFixedWidth(84)
        self.kinds[MarkKind.SENTENCE].setChecked(True)
        self.words.setChecked(True)
        self._pause_row = _named_row(_tr("A pause is longer than"), self.pause, self)
        self._every_row = _named_row(_tr("A clip on"), self.every, self)
        shortest = _named_row(_tr("Shortest clip, in seconds"), self.shortest, self)
        left = column_of(section_label(_tr("Where"), self), *self.kinds.values(), 1, spacing=6)
        right = column_of(
            section_label(_tr("How"), self),
            *(self._pause_row, self._every_row, self.beats, shortest),
            *(self.fresh, self.words, self.remove_rest, 1),
            spacing=8,
        )
        self.body.addLayout(row_of((left, 2), (right, 3), spacing=32))
        self.body.addWidget(self.strip, 1)
        for widget in (self.progress, self.sentence, self.remark):
            self.body.addWidget(widget)
        self.add_button(_tr("Close")).clicked.connect(self.close)
        self.apply_button = self.add_button(_tr("Make these clips"), primary=True)
        self.resize(820, 500)
        self.setModal(False)

    def _connect(self) -> None:
        group = QButtonGroup(self)
        for button in self.kinds.values():
            group.addButton(button)
            button.toggled.connect(self._read)
        for box in (self.fresh, self.words, self.remove_rest):
            box.toggled.connect(self._read)
        self.pause.changed.connect(self._read)
        self.every.chosen.connect(self._read)
        self.shortest.edited.connect(self._read)
        self.beats.doubled.connect(self._set_tempo)
        self.beats.between.connect(self._set_between)
        self.beats.tapped.connect(self._tap)
        self.apply_button.clicked.connect(self._apply)
        finder, film = self._film.sound_finder, self._film
        finder.changed.connect(self._judge)
        finder.progressed.connect(self._show_progress)
        film.document.changed.connect(self._judge)
        film.playhead.time_changed.connect(self._judge)

    @Slot()
    def _read(self) -> None:
        kind = next((kind for kind, button in self.kinds.items() if button.isChecked()), MarkKind.SENTENCE)
        every = self.every.shown()
        self._choice = replace(
            self._choice,
            kind=kind,
            pause=self.pause.seconds,
            every=every if isinstance(every, int) else 1,
            shortest=float(self.shortest.value or 0.1),
            fresh=self.fresh.isChecked(),
            words=self.words.isChecked(),
            remove_rest=self.remove_rest.isChecked(),
        )
        self._judge()

    def _set_tempo(self, steps: int) -> None:
        self._choice = replace(self._choice, tempo=self._choice.tempo + steps)
        self._judge()

    def _set_between(self) -> None:
        self._choice = replace(self._choice, between=not self._choice.between)
        self._judge()

    @Slot()
    def _tap(self) -> None:
        """A tap counts where the film is heard: at the playhead while it plays."""
        self._choice = with_tap(self._choice, self._film.playhead.frame / self._film.playhead.fps)
        self._judge()

    @Slot()
    def _judge(self) -> None:
        """Shows what the choice would make of the film."""
        if not self.isVisible():
            return
        choice, marks = self._choice, self._film.sound_finder.marks()
        self._offer = found = offer(self._film, choice)
        by_pause = choice.kind in {MarkKind.SENTENCE, MarkKind.SILENCE}
        self._pause_row.setVisible(by_pause)
        self._every_row.setVisible(not by_pause)
        self.beats.setVisible(choice.kind is MarkKind.BEAT)
        self.beats.show_beats(beats_of(marks, choice).bpm, choice)
        has_words = bool(self._film.document.storyboard.subtitles)
        self.words.setVisible(choice.kind is MarkKind.SENTENCE and has_words)
        self.strip.show_places(found.places, marks.speech if choice.kind is MarkKind.SENTENCE else (), marks.stop)
        self.sentence.setText(found.sentence)
        self.remark.setText(found.remark)
        self.apply_button.setEnabled(found.split is not None and not self._film.read_only)
        self._show_progress()

    @Slot()
    def _show_progress(self) -> None:
        finder = self._film.sound_finder
        self.progress.setVisible(finder.is_busy)
        self.progress.setValue(round(finder.share * 1000))

    @Slot()
    def _apply(self) -> None:
        if apply(self._film, self._choice):
            self.sentence.setText(_tr("Done: {count} clips. Undo takes it back.").format(count=self._count()))

    def _count(self) -> int:
        return self._offer.split.cards if self._offer.split is not None else 0


def _every(count: int) -> str:
    words = {1: _tr("every one"), 2: _tr("every second one")}
    return words.get(count, _tr("every {count}th").format(count=count))


def _named_row(name: str, widget: QWidget, parent: QWidget) -> QWidget:
    row = QWidget(parent)
    label = QLabel(name, row)
    label.setBuddy(widget)
    label.setMinimumWidth(170)
    row_of(label, (widget, 1), within=row, spacing=10)
    return row
