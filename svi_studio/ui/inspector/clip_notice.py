"""What one should know about the selected clip before editing it: it is locked, kept, or failed."""

from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import InspectedClips
from svi_studio.document.states.clip_view import ClipView
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import column_of, row_of


class ClipNotice(QWidget):
    """A notice about the clip in one or two lines. A clip that keeps a chosen take can be released from here."""

    def __init__(self, clips: InspectedClips, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clips, self._states = clips, film.states
        self.words = note_label("", self)
        self.trouble = note_label("", self)
        self.trouble.setProperty("tone", "danger")
        self.release = QPushButton(self.tr("Follow the settings again"), self)
        column_of(self.trouble, self.words, row_of(self.release, 1), within=self, spacing=6)
        self.release.clicked.connect(film.commands.takes.release)
        clips.changed.connect(self.show_state)
        film.states.changed.connect(self._states_changed)
        self.show_state()

    def show_state(self) -> None:
        """Shows the notice for the clip as it is now."""
        clips = self._clips.clips
        locked = sum(clip.locked for clip in clips)
        view = self._states.state(clips[0].id) if len(clips) == 1 else ClipView()
        kept = view.kept and not view.locked
        words = self._locked_words(locked, len(clips))
        if kept:
            words = self.tr("You chose this clip's take. Changing its prompt, seed or picture lets go of it.")
        self.words.setText(words)
        self.words.setVisible(bool(words))
        trouble = view.message if view.state is ClipState.FAILED else ""  # other troubles show where they can be cured
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        self.release.setVisible(kept and not self._clips.document.read_only)
        self.setVisible(bool(words or trouble))

    def _locked_words(self, locked: int, count: int) -> str:
        if not locked:
            return ""
        if locked == count:
            return self.tr("Locked. Unlock to edit.")
        return self.tr("Locked clips ({locked} of {count}) stay as they are.").format(locked=locked, count=count)

    def _states_changed(self, clip_ids: frozenset[str] | None) -> None:
        if clip_ids is None or any(clip.id in clip_ids for clip in self._clips.clips[:2]):
            self.show_state()
