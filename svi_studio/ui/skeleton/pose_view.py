"""One pose on a dark ground, as large as there is room."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.document.skeleton.pose import Pose
from svi_studio.ui.skeleton.pose_painter import Stretch, draw_pose
from svi_studio.ui.theme import theme


class PoseView(QWidget):
    """Shows a pose in the colours that the model sees."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        """``words`` stand where there is no pose."""
        super().__init__(parent)
        self._pose: Pose | None = None
        self._words = words
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("The skeleton that was found last"))

    def show_pose(self, pose: Pose | None) -> None:
        """Shows this one from now on."""
        self._pose = pose
        self.update()

    def sizeHint(self) -> QSize:
        """As large as the picture that stood here before."""
        return QSize(720, 420)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The canvas in the middle, black as for the model."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("picture-backdrop"))
        if self._pose is None or not (self._pose.has_person or self._pose.picture):
            painter.setPen(theme().colour("on-picture-dim"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
            return
        size = QSize(*self._pose.canvas).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        painter.fillRect(QRectF(left, top, size.width(), size.height()), Qt.GlobalColor.black)
        draw_pose(painter, self._pose, Stretch(size.width() / self._pose.canvas[0], left, top))
