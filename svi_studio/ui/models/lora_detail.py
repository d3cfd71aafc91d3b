"""All that is known of one LoRA, beside the list: its picture, what it is for, its words, whether it fits the film."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QWidget

from svi_studio.document import words
from svi_studio.document.models.file_words import short_path
from svi_studio.document.models.lora_shelf import ShelvedLora, kind_words
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import Gap, column_of, row_of
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.dialogs.plain_dialog import plain_label, section_label
from svi_studio.ui.models.lora_list import draw_cover

_PICTURE = 240
_MAY_BREAK = "\u200b"


class _Picture(QWidget):
    """The preview picture, as large as there is room."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._lora: ShelvedLora | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        thumbnails.ready.connect(lambda _path: self.update())

    def show_lora(self, lora: ShelvedLora) -> None:
        self._lora = lora
        self.setVisible(lora.notes.picture is not None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_PICTURE, _PICTURE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._lora is None or self._lora.notes.picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height())
        draw_cover(painter, QRect(0, 0, side, side), self._thumbnails.pixmap(self._lora.notes.picture, 2 * _PICTURE))
        painter.end()


class LoraDetail(QFrame):
    """``add_wanted`` brings the LoRAs for the film: the shown one, or it and that of the other expert."""

    add_wanted = Signal(tuple)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lora: ShelvedLora | None = None
        self._twin: ShelvedLora | None = None
        self._refusal = ""
        self._busy = False
        self._is_compared = True
        self._picture = _Picture(thumbnails, self)
        self.title = QLabel(self)
        self.title.setProperty("role", "heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.kind = plain_label("", self)
        self.fit = plain_label("", self, "ok")
        self.add = QPushButton(self.tr("Add to the film"), self)
        self.add.setProperty("primary", True)
        self.add.setAutoDefault(False)
        self.both = QPushButton(self.tr("Add both, high and low"), self)
        self.both.setAutoDefault(False)
        self.both.hide()
        self._triggers = section_label(self.tr("Words that wake it"), self)
        self.triggers = note_label("", self)
        self._use = section_label(self.tr("How strongly"), self)
        self.strength = note_label("", self)
        self._file = section_label(self.tr("File"), self)
        self.file = note_label("", self)
        self.folder = QPushButton(self.tr("Show its folder"), self)
        self.folder.setAutoDefault(False)
        self._lay_out()
        self.add.clicked.connect(lambda: self.add_wanted.emit((self._lora,)) if self._lora is not None else None)
        self.both.clicked.connect(self._add_both)
        self.folder.clicked.connect(
            lambda: open_with_system(self._lora.path.parent) if self._lora is not None else None
        )

    def _add_both(self) -> None:
        if self._lora is not None and self._twin is not None:
            pair = (self._lora, self._twin)
            self.add_wanted.emit(tuple(sorted(pair, key=lambda lora: lora.traits.expert == "low")))

    def set_refusal(self, sentence: str) -> None:
        """Why no film can take a LoRA now; empty when one can."""
        self._refusal = sentence
        self._show_fit()

    def set_compared(self, compared: bool) -> None:
        """Whether what is shown was compared with the film's model already."""
        self._is_compared = compared
        self._show_fit()

    def set_busy(self, busy: bool) -> None:
        """While a LoRA is copied into the film."""
        self._busy = busy
        self._show_fit()

    def show_lora(self, lora: ShelvedLora, twin: ShelvedLora | None = None) -> None:
        """Shows what is known of it; ``twin`` is the one for the other expert."""
        self._lora, self._twin = lora, twin
        self._picture.show_lora(lora)
        self.title.setText(_breaking(visible(lora.title)))
        self.kind.setText(visible(" · ".join(kind_words(lora))))
        self.triggers.setText(visible(", ".join(lora.notes.triggers)))
        self.strength.setText(self._strength(lora))
        size = " · ".join(filter(None, (words.size(lora.bytes) if lora.bytes else "", lora.precision)))
        self.file.setText(_breaking(visible(f"{short_path(lora.path)}\n{size}")))
        for heading, label in ((self._triggers, self.triggers), (self._use, self.strength)):
            heading.setVisible(bool(label.text()))
            label.setVisible(bool(label.text()))
        self.file.show()
        self._show_fit()

    def _strength(self, lora: ShelvedLora) -> str:
        if lora.notes.strength is None:
            return ""
        return self.tr("{number}, as the note beside it says.").format(number=f"{lora.notes.strength:g}")

    def _show_fit(self) -> None:
        lora = self._lora
        if lora is None:
            return
        compared = self._is_compared
        refusal = lora.problem or (lora.unfit if compared else "")
        doubt = lora.doubt if compared else ""
        fits = self.tr("Fits the film's model.") if compared else self.tr("Looking whether it fits the film…")
        warned = "danger" if lora.problem else "warn" if refusal or (doubt and not self._refusal) else ""
        self.fit.setText(visible(refusal or self._refusal or doubt or fits))
        set_look(self.fit, "tone", warned or ("dim" if self._refusal or not compared else "ok"))
        self.add.setEnabled(not (refusal or self._refusal or self._busy))
        self.both.setVisible(self._twin is not None)
        self.both.setEnabled(self.add.isEnabled())
        self.add.setText(self.tr("Copying it into the film…") if self._busy else self.tr("Add to the film"))

    def _lay_out(self) -> None:
        inner = QWidget(self)
        inner.setProperty("transparent", True)
        column_of(
            self._picture,
            self.title,
            self.kind,
            Gap(2),
            self.fit,
            row_of(self.add, 1),
            row_of(self.both, 1),
            Gap(8),
            self._triggers,
            self.triggers,
            self._use,
            self.strength,
            self._file,
            self.file,
            row_of(self.folder, 1),
            1,
            within=inner,
            spacing=8,
            margins=(20, 4, 24, 24),
        )
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        column_of((area, 1), within=self)


def _breaking(text: str) -> str:
    """``text`` that may begin a new line after ``_``, too: names of files are longer than the column is wide."""
    return text.replace("_", f"_{_MAY_BREAK}")
