"""What an export is asked for: kind, part, size, sound and place, as one form."""

from pathlib import Path

from PySide6.QtCore import QDir, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from svi_studio.document import words
from svi_studio.document.export.export_request import ExportRequest, Extent, available, choose_part
from svi_studio.document.export.kinds import ExportKind, export_kinds
from svi_studio.document.export.target import free_name, last_folder, with_ending
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.dialogs.plain_dialog import section_label

_ROW = 32
_FACTORS = (1, 2, 3, 4, 6, 8, 12, 16)
_LARGEST = 7680  # pixels: as wide as the largest screens, and far from what a film file can hold


class ExportChoices(QWidget):
    """``request`` is what is chosen now; ``changed`` says that it, or what it means, is different."""

    changed = Signal()

    def __init__(self, film: OpenFilm, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._kinds = export_kinds()
        self._folder = last_folder(preferences)
        self._sound: Path | None = None
        self._own_name = False
        self.kind_buttons = [QRadioButton(kind.title, self) for kind in self._kinds]
        self.extents = {extent: QRadioButton(self) for extent in Extent}
        self.sizes = ChoiceBox(self)
        self.sound = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle, parent=self)
        self.choose_sound = QPushButton(self.tr("Choose…"), self)
        self.no_sound = QPushButton(self.tr("None"), self)
        self.name = QLineEdit(self)
        self.folder = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle, parent=self)
        self.choose_folder = QPushButton(self.tr("Change…"), self)
        self._lay_out()
        self._connect()
        self.kind_buttons[0].setChecked(True)
        self.extents[Extent.WHOLE].setChecked(True)
        self.refresh()
        self._kind_changed()

    @property
    def kind(self) -> ExportKind:
        """What is written."""
        return next(
            (kind for kind, button in zip(self._kinds, self.kind_buttons, strict=True) if button.isChecked()),
            self._kinds[0],
        )

    @property
    def extent(self) -> Extent:
        """Which part of the film."""
        return next((extent for extent, button in self.extents.items() if button.isChecked()), Extent.WHOLE)

    @property
    def request(self) -> ExportRequest | None:
        """All choices as one value; None while the file has no name."""
        name = with_ending(self.name.text(), self.kind)
        if not name:
            return None
        return ExportRequest(self.kind, self.extent, self._folder / name, self._enlarge or 1, self._sound)

    @Slot()
    def refresh(self) -> None:
        """Updates what each part of the film means now; a part that is gone is not chosen any more."""
        texts = {
            Extent.WHOLE: self.tr("The whole film"),
            Extent.RANGE: self.tr("Between in and out"),
            Extent.SELECTED: self.tr("The selected clips"),
        }
        for extent, button in self.extents.items():
            there = available(self._film, extent)
            button.setEnabled(there)
            button.setText(f"{texts[extent]}{self._meaning(extent) if there else ''}")
            if not there and button.isChecked():
                self.extents[Extent.WHOLE].setChecked(True)
        self._fill_sizes()
        self._show_sound()
        self.changed.emit()

    def set_folder(self, folder: Path) -> None:
        """Writes into this folder."""
        self._folder = folder
        self.folder.setText(QDir.toNativeSeparators(str(folder)))
        self._suggest()

    def set_sound(self, sound: Path | None) -> None:
        """Lays this sound file under the film, None = the film's own sound, if it has one."""
        self._sound = sound
        self._show_sound()
        self.changed.emit()

    def new_name(self) -> None:
        """Suggests a name that is still free: the last one is taken now."""
        self._own_name = False
        self._suggest()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(3)
        left.addWidget(section_label(self.tr("What"), self))
        for kind, button in zip(self._kinds, self.kind_buttons, strict=True):
            button.setAccessibleDescription(kind.sentence)
            left.addWidget(button)
            left.addWidget(_sentence(kind.sentence, self))
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(3)
        right.addWidget(section_label(self.tr("Which part"), self))
        for button in self.extents.values():
            right.addWidget(button)
        right.addSpacing(14)
        right.addLayout(self._form())
        right.addStretch(1)
        both = QHBoxLayout(self)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(32)
        both.addLayout(left, 1)
        both.addLayout(right, 1)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(12)
        for field in (self.sizes, self.name):
            field.setMinimumHeight(_ROW)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_label(self.tr("Size"), self), self.sizes)
        form.addRow(_label(self.tr("Sound"), self), _row(self.sound, self.choose_sound, self.no_sound))
        form.addRow(_label(self.tr("Name"), self), self.name)
        form.addRow(_label(self.tr("Folder"), self), _row(self.folder, self.choose_folder))
        for widget, said in (
            (self.sizes, self.tr("Size in pixels")),
            (self.choose_sound, self.tr("Choose a sound file")),
            (self.no_sound, self.tr("No sound")),
            (self.name, self.tr("Name of the file")),
            (self.choose_folder, self.tr("Choose another folder")),
        ):
            widget.setAccessibleName(said)
        return form

    def _connect(self) -> None:
        kinds, extents = QButtonGroup(self), QButtonGroup(self)
        for button in self.kind_buttons:
            kinds.addButton(button)
        for button in self.extents.values():
            extents.addButton(button)
        kinds.buttonClicked.connect(self._kind_changed)
        extents.buttonClicked.connect(lambda _button: self.changed.emit())
        self.sizes.chosen.connect(lambda _factor: self.changed.emit())
        self.name.textEdited.connect(self._name_edited)
        self.name.editingFinished.connect(self._tidy_name)
        self.choose_sound.clicked.connect(self._ask_for_sound)
        self.no_sound.clicked.connect(lambda: self.set_sound(None))
        self.choose_folder.clicked.connect(self._ask_for_folder)
        self.set_folder(self._folder)
        self._show_sound()

    @Slot()
    def _kind_changed(self) -> None:
        self._fill_sizes(choose_default=True)
        self.sizes.setEnabled(not self.kind.is_sheet)
        for widget in (self.sound, self.choose_sound):
            widget.setEnabled(self.kind.has_sound)
        self.no_sound.setEnabled(self.kind.has_sound)
        if self._own_name:
            self.name.setText(with_ending(self.name.text(), self.kind))
        self._suggest()
        self.changed.emit()

    def _meaning(self, extent: Extent) -> str:
        chosen = choose_part(self._film, extent)
        if chosen is None:
            return ""
        length = words.film_length(chosen.part.time.seconds)
        if extent is Extent.SELECTED:
            total = len(self._film.document.storyboard.clips)
            named = words.clip_span(chosen.part.first, chosen.part.last, total)
            return f"  ·  {named}, {length}"
        return f"  ·  {words.clips(chosen.clips)}, {length}"

    def _fill_sizes(self, *, choose_default: bool = False) -> None:
        facts = self._film.states.facts
        width, height = facts.facts.size if facts is not None else (0, 0)
        own = facts.facts.card.enlarge if facts is not None else 1
        factors = [each for each in sorted({*_FACTORS, own}) if max(width, height) * each <= _LARGEST] or [1]
        known = self._enlarge
        self.sizes.show_choices([Choice(each, self._size_text(width, height, each)) for each in factors])
        exact = self.kind.film_format is None or self.kind.film_format.exact
        wanted = known if known in factors and not choose_default else (1 if exact else own)
        self.sizes.show_value(wanted if wanted in factors else 1)

    @property
    def _enlarge(self) -> int:
        value = self.sizes.shown()
        return value if isinstance(value, int) else 0

    def _size_text(self, width: int, height: int, factor: int) -> str:
        pixels = self.tr("{width} × {height}").format(width=width * factor, height=height * factor)
        if factor == 1:
            return self.tr("{pixels} (original size)").format(pixels=pixels)
        return self.tr("{pixels} ({factor} times as large)").format(pixels=pixels, factor=factor)

    def _suggest(self) -> None:
        if not self._own_name:
            self.name.setText(free_name(self._folder, self._film.document.storyboard.title, self.kind))
        self.changed.emit()

    @Slot()
    def _name_edited(self) -> None:
        self._own_name = bool(self.name.text().strip())
        self.changed.emit()

    @Slot()
    def _tidy_name(self) -> None:
        self.name.setText(with_ending(self.name.text(), self.kind))
        self._suggest()

    def _show_sound(self) -> None:
        is_heard = track_of(self._film.document.storyboard, InputKind.SOUND).is_heard
        otherwise = self.tr("The film's own sound") if is_heard else self.tr("No sound")
        self.sound.setText(self._sound.name if self._sound is not None else otherwise)
        self.sound.setProperty("tone", "" if is_heard or self._sound is not None else "dim")
        self.no_sound.setText(self.tr("The film's own") if is_heard else self.tr("None"))
        self.no_sound.setAccessibleName(otherwise)
        self.no_sound.setVisible(self._sound is not None)

    @Slot()
    def _ask_for_sound(self) -> None:
        kinds = self.tr("Sound files") + " (*.wav *.flac *.mp3 *.m4a *.ogg *.opus)"
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a sound file"), str(self._folder), kinds)
        if path:
            self.set_sound(Path(path))

    @Slot()
    def _ask_for_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"), str(self._folder))
        if path:
            self.set_folder(Path(path))


def _label(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setMinimumHeight(_ROW)  # as high as a field, so that both stand on one line
    return label


def _sentence(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("tone", "dim")
    label.setWordWrap(True)
    label.setContentsMargins(26, 0, 0, 8)
    return label


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for place, widget in enumerate(widgets):
        row.addWidget(widget, 1 if place == 0 else 0)
    return row
