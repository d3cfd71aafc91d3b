"""The page of the selected clips: prompt, start, end and seed, and below them what experts want."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import InspectedClips
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.inspector.clip_loras import ClipLoraList
from svi_studio.ui.inspector.clip_more import ClipMore
from svi_studio.ui.inspector.clip_notice import ClipNotice
from svi_studio.ui.inspector.end_part import EndPart
from svi_studio.ui.inspector.prompt_part import PromptPart
from svi_studio.ui.inspector.seed_part import SeedPart
from svi_studio.ui.inspector.start_part import StartPart
from svi_studio.ui.theme.icons import keep_icon


class ClipPage(QWidget):
    """Everything about the clips in ``clips``."""

    def __init__(self, clips: InspectedClips, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clips = clips
        self.title = QLabel(self)
        self.title.setProperty("role", "heading")
        self.lock = QToolButton(self)
        self.lock.setCheckable(True)
        self.lock.clicked.connect(self._toggle_lock)
        self.notice = ClipNotice(clips, film, self)
        self.prompt = PromptPart(clips, film.reach, self)
        self.start = StartPart(clips, film, self)
        self.end = EndPart(clips, film, self)
        self.seed = SeedPart(clips, film, self)
        self.loras = ClipLoraList(clips, film, self)
        self.more = ClipMore(clips, film, self)
        column_of(
            self._head(),
            *(self.notice, self.prompt, self.start, self.end, self.seed, self.loras, self.more),
            1,
            within=self,
            spacing=14,
            margins=None,
        )
        clips.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Says which clips these are."""
        clips = self._clips
        total = len(clips.document.storyboard.clips)
        if len(clips.clips) == 1:
            number = clips.indexes[0] + 1
            self.title.setText(self.tr("Clip {number} of {total}").format(number=number, total=total))
        else:
            self.title.setText(self.tr("{count} clips").format(count=len(clips.clips)))
        self._show_lock(sum(clip.locked for clip in clips.clips))

    def _show_lock(self, locked: int) -> None:
        every = bool(self._clips.clips) and locked == len(self._clips.clips)
        self.lock.setChecked(every)
        self.lock.setEnabled(bool(self._clips.clips) and not self._clips.document.read_only)
        keep_icon(self.lock, "lock" if every else "unlock")
        words = self.tr("Unlock, so that it can be edited") if every else self.tr("Lock: keep it exactly as it is")
        self.lock.setToolTip(words)
        self.lock.setAccessibleName(words)

    def _toggle_lock(self) -> None:
        self._clips.commands.clips.toggle_lock()
        self.show_state()

    def _head(self) -> QHBoxLayout:
        head = row_of((self.title, 1), self.lock)
        return head
