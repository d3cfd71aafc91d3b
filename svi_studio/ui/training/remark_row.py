"""One remark as a row: an icon that says how grave it is, and the sentence."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from svi_studio.document.training.check_words import Remark, Tone
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.theme.icons import icon_pixmap

_ICONS: dict[Tone, tuple[str, str]] = {
    "ok": ("check", "ok"),
    "warn": ("warning", "warn"),
    "danger": ("warning", "danger"),
    "dim": ("info", "text-dim"),
}


def remark_row(remark: Remark, parent: QWidget) -> QWidget:
    """The row for ``remark``; its sentence is a label called ``remark``."""
    row = QWidget(parent)
    words = tone_label(remark.sentence, "dim" if remark.tone == "dim" else "", row)
    words.setObjectName("remark")
    row_of((tone_icon(remark.tone, row), 0, Qt.AlignmentFlag.AlignTop), (words, 1), within=row, spacing=10)
    return row


def tone_icon(tone: Tone, parent: QWidget) -> QLabel:
    """The icon of ``tone``."""
    label = QLabel(parent)
    label.setPixmap(icon_pixmap(_ICONS[tone][0], 18, _ICONS[tone][1], parent.devicePixelRatioF()))
    label.setFixedWidth(20)
    return label


def tone_label(text: str, tone: str, parent: QWidget) -> QLabel:
    """Plain words that wrap, in the colour of ``tone``; "" = as all text."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("tone", tone)
    return label
