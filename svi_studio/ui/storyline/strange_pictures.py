"""Says under the pictures of a story that the film's model cannot draw one of them; looks at them in a thread."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from svi_studio.document.model_reach import ModelReach
from svi_studio.ui.storyline.picture_part import PicturePart


class StrangePictures(QObject):
    """Ends with the film's threads by itself."""

    def __init__(self, reach: ModelReach, part: PicturePart, parent: QObject) -> None:
        super().__init__(parent)
        self._reach, self._part = reach, part
        part.others_shown.connect(self.look)
        reach.changed.connect(self.look)
        self.look()

    @Slot()
    def look(self) -> None:
        """Judge what is shown now."""
        shown = self._part.shown
        self._part.strange.show_warning("")
        if shown:
            self._reach.judge(shown, lambda warning: self._say(shown, warning))

    def _say(self, judged: tuple[Path, ...], warning: str) -> None:
        if judged == self._part.shown:
            self._part.strange.show_warning(warning)
