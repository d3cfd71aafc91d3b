"""The place for footage: press it to choose a folder, or drop one."""

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QSizePolicy, QWidget

from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_ICON = 40
_CENTRE = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)


class FolderWell(QAbstractButton):
    """``folder_chosen`` brings a folder; of a dropped video, the one that it lies in."""

    folder_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hot = False
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # painted anew when the mouse comes and goes
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Choose the folder with your videos"))
        self.clicked.connect(self.ask)
        theme().changed.connect(self.update)

    def ask(self) -> None:
        """Chooses a folder without blocking the window."""
        dialog = QFileDialog(self, self.tr("Choose the folder with your videos"))
        dialog.setObjectName("choose footage")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self.folder_chosen.emit(Path(folder)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def sizeHint(self) -> QSize:
        """A large target."""
        return QSize(480, 240)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders of this computer."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self._hot = True
            self.update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Gone again."""
        self._hot = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Takes the folder."""
        self._hot = False
        self.update()
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.folder_chosen.emit(footage_folder(paths[0]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dashed box with what to do."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self._hot or self.underMouse() or self.hasFocus()
        pen = QPen(theme().colour("focus" if lit else "border-strong"), 2 if lit else 1.4, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme().colour("hover" if self._hot or self.underMouse() else "field"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 12, 12)
        self._draw_words(painter)
        painter.end()

    def _draw_words(self, painter: QPainter) -> None:
        top = self.height() // 2 - 74
        drawing = icon_pixmap("folder", _ICON, "accent", self.devicePixelRatioF())
        painter.drawPixmap((self.width() - _ICON) // 2, top, drawing)
        room = QRect(24, top + _ICON + 12, self.width() - 48, 120)
        font = self.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        painter.setFont(font)
        painter.setPen(theme().colour("text"))
        painter.drawText(room, _CENTRE, self.tr("Drop a folder with your videos here, or choose one"))
        painter.setFont(self.font())
        painter.setPen(theme().colour("text-dim"))
        painter.drawText(
            room.translated(0, 30),
            _CENTRE,
            self.tr("MP4, MOV, MKV, WebM, AVI, MPEG, WMV and more, of any size and length. They are never changed."),
        )


def footage_folder(path: Path) -> Path:
    """What was dropped, when it is a folder, else the folder that it lies in."""
    return path if path.is_dir() else path.parent
