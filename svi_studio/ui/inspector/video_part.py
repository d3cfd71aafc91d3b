"""The video that the selected clip goes on from, where it starts a chain: chosen, named, taken away."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document.pictures.video_files import video_filter
from svi_studio.ui.controls.field import note_label, small_button
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.choose_file import choose_file


class VideoPart(QWidget):
    """``chosen`` brings a video, ``removed`` says that the clip shall start from its picture again."""

    chosen = Signal(Path)
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = note_label("", self)
        self.choose = QPushButton(self.tr("Go on from a video…"), self)
        self.choose.setProperty("flat", True)
        self.choose.setToolTip(
            self.tr("The clip takes over the motion at the end of a video of yours, and the film goes on from there.")
        )
        self.remove = small_button("trash", self.tr("Do not go on from the video"), self)
        column_of(row_of((self.words, 1), self.remove, spacing=6), row_of(self.choose, 1), within=self, spacing=4)
        self.choose.clicked.connect(self._ask)
        self.remove.clicked.connect(self.removed)

    def show_video(self, *, has_video: bool, is_open: bool) -> None:
        """Says whether the clip goes on from one."""
        self.words.setText(self.tr("Goes on from the end of a video, with its motion.") if has_video else "")
        self.words.setVisible(has_video)
        self.remove.setVisible(has_video)
        self.remove.setEnabled(is_open)
        self.choose.setText(self.tr("Another video…") if has_video else self.tr("Go on from a video…"))
        self.choose.setEnabled(is_open)

    def _ask(self) -> None:
        """Chooses a file without blocking the window."""
        dialog = choose_file(
            self, self.tr("Choose a video to go on from"), video_filter(), lambda file: self.chosen.emit(Path(file))
        )
        dialog.setObjectName("choose video")
