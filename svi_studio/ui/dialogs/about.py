"""What this program is, its version, and whose work it stands on."""

import platform

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from svi_studio import __version__
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.desktop.app_icon import app_pixmap
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label


class AboutDialog(PlainDialog):
    """One page, with a button that copies the versions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("AboutDialog", "About SVI Studio"), parent=parent)
        self.setFixedWidth(520)
        row = row_of(spacing=20)
        picture = QLabel(self)
        picture.setPixmap(app_pixmap(72, self.devicePixelRatioF()))
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._words(), 1)
        self.body.addLayout(row)
        self.add_button(self.tr("Copy the versions"), left=True).clicked.connect(self._copy)
        self.add_button(self.tr("Close"), primary=True).clicked.connect(self.accept)

    @property
    def versions(self) -> str:
        """One line with the versions that matter."""
        return (
            f"SVI Studio {__version__} · Qt {qVersion()} · Python {platform.python_version()} · {platform.platform()}"
        )

    def _words(self) -> QVBoxLayout:
        column = column_of(
            plain_label(self.tr("Version {number}").format(number=__version__), self, ""),
            plain_label(
                self.tr(
                    "SVI Studio turns a storyboard into one long film, on your own computer. It has no account, "
                    "and nothing leaves this computer."
                ),
                self,
            ),
            plain_label(
                self.tr(
                    "It stands on Stable Video Infinity and on Wan, and is made with Qt, PyTorch, Diffusers and "
                    "FFmpeg. Free software under the Apache License 2.0."
                ),
                self,
            ),
            spacing=10,
        )
        return column

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.versions)
