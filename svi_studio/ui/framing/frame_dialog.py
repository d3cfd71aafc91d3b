"""Asks which part of a picture fills the film, or whether all of it shall be squeezed into the film's shape."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.pictures.picture_look import PictureLook, Size
from svi_studio.domain.value import with_fields
from svi_studio.ui.controls.either_box import EitherBox
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label
from svi_studio.ui.framing.frame_view import FrameView

_TALLEST = 190  # logical pixels of what is filmed


class FrameDialog(PlainDialog):
    """``framed`` brings the Framing that the user chose; closing it otherwise changes nothing."""

    framed = Signal(object)

    def __init__(self, framing: Framing, film: Size, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Frame the picture"), self.tr("What is in the frame is what will be filmed."), parent)
        self._framing, self._film = framing, film
        self._image: QImage | None = None
        self._picture: Size = film
        self.is_over = False
        self.fit = EitherBox(self.tr("Use a part"), self.tr("Squeeze all of it"), self)
        self.view = FrameView(film, self)
        self.filmed = QLabel(self)
        self.words = plain_label("", self)
        self.middle = QPushButton(self.tr("Middle"), self)
        self.middle.setAutoDefault(False)
        self._lay_out()
        self.fit.show_value(framing.fit == "squeeze")
        self.fit.chosen.connect(self._show_fit)
        self.middle.clicked.connect(self.view.set_middle)
        self.view.changed.connect(self._show_filmed)
        self.resize(940, 600)
        self._show_fit()

    def show_picture(self, image: QImage, picture: Size) -> None:
        """Shows the whole picture: a small copy of it, and its size in pixels."""
        self._image, self._picture = image, picture
        self.view.show_picture(image, picture, self._framing.look(self._film).crop)
        self.ok.setEnabled(True)
        self._show_fit()
        self.view.setFocus()

    def show_problem(self, sentence: str) -> None:
        """Shows that the picture cannot be read, so that there is nothing to frame."""
        self.words.setText(sentence)

    def done(self, result: int) -> None:
        """Closes the dialog; results that come later are dropped."""
        self.is_over = True
        super().done(result)

    @property
    def is_squeezed(self) -> bool:
        """Whether all of the picture is used, whatever its shape."""
        return self.fit.yes.isChecked()

    def accept(self) -> None:
        """Hands the frame on and closes."""
        self.framed.emit(self._chosen())
        super().accept()

    def _chosen(self) -> Framing:
        if self.is_squeezed:
            return with_fields(self._framing, {"fit": "squeeze", "crop": None})
        left, top, right, bottom = self.view.box
        is_middle = self.view.box == (PictureLook(self._film).box(self._picture) or (0, 0, *self._picture))
        crop = None if is_middle else (left, top, right - left, bottom - top)
        return with_fields(self._framing, {"fit": "crop", "crop": crop})

    def _show_fit(self) -> None:
        self.view.set_squeezed(self.is_squeezed)
        self.middle.setEnabled(not self.is_squeezed)
        self.keys.setVisible(not self.is_squeezed)
        self._show_filmed()

    def _show_filmed(self) -> None:
        if self._image is None:
            return
        left, top, right, bottom = (0, 0, *self._picture) if self.is_squeezed else self.view.box
        scale = self._image.width() / self._picture[0]
        part = self._image.copy(*(round(each * scale) for each in (left, top, right - left, bottom - top)))
        self.filmed.setPixmap(_in_shape(part, self._film, self.filmed.devicePixelRatioF()))
        self.words.setText(self._said((right - left, bottom - top)))

    def _said(self, part: Size) -> str:
        if self.is_squeezed:
            words = self.tr("All {width} × {height} pixels, squeezed to {film_width} × {film_height}.")
        elif part[0] < self._film[0]:
            words = self.tr("{width} × {height} pixels, enlarged to {film_width} × {film_height}: it will look soft.")
        else:
            words = self.tr("{width} × {height} pixels, used at {film_width} × {film_height}.")
        words = words.replace(" × ", "\u00a0×\u00a0")
        return words.format(width=part[0], height=part[1], film_width=self._film[0], film_height=self._film[1])

    def _lay_out(self) -> None:
        side = column_of(spacing=8)
        heading = plain_label(self.tr("This will be filmed"), self, "")
        side.addWidget(self.fit)
        side.addSpacing(8)
        side.addWidget(heading)
        side.addWidget(self.filmed)
        side.addWidget(self.words)
        self.keys = plain_label(self.tr("Drag the frame or its corners. Arrow keys move it, + and − resize it."), self)
        side.addWidget(self.keys)
        side.addStretch(1)
        self.words.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.filmed.setFixedSize(*_room(self._film))
        self.filmed.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        row = row_of((self.view, 1), side, spacing=16)
        self.body.addLayout(row, 1)
        self.add_button(self.tr("Cancel")).clicked.connect(self.reject)
        self.ok = self.add_button(self.tr("Film it like this"), primary=True)
        self.ok.setEnabled(False)
        self.ok.clicked.connect(self.accept)
        self._buttons.insertWidget(0, self.middle)


def _room(film: Size) -> Size:
    width = min(260, round(_TALLEST * film[0] / film[1]))
    return width, max(1, round(width * film[1] / film[0]))


def _in_shape(part: QImage, film: Size, ratio: float) -> QPixmap:
    width, height = _room(film)
    picture = QPixmap(round(width * ratio), round(height * ratio))
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRect(0, 0, width, height), part)
    painter.end()
    return picture
