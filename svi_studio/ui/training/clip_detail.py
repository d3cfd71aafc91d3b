"""One clip of the footage, or several at once: what is fed, whether it is used, its caption."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QWidget

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.training import words
from svi_studio.domain.training.buckets import fed_size
from svi_studio.domain.training.footage import Footage, FootageClip
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import Gap, column_of
from svi_studio.ui.dialogs.plain_dialog import section_label
from svi_studio.ui.training.crop_view import CropView
from svi_studio.ui.training.strip_view import StripView

WIDTH = 300


class ClipDetail(QWidget):
    """``captioned`` brings the words that the user typed, ``chosen`` whether the clips are used. Of all shown clips."""

    captioned = Signal(str)
    chosen = Signal(bool)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clips: tuple[FootageClip, ...] = ()
        self._showing = False
        self.setFixedWidth(WIDTH)
        self.crop = CropView(thumbnails, self)
        self.strip = StripView(thumbnails, 64, self)
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle, parent=self)
        self.name.setProperty("role", "strong")
        self.facts = note_label(parent=self)
        self.reason = QLabel(self)
        self.reason.setWordWrap(True)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.reason.setProperty("tone", "warn")
        self.use = QCheckBox(self.tr("Use this clip"), self)
        self.caption = QPlainTextEdit(self)
        self.caption.setAccessibleName(self.tr("Caption"))
        self.caption.setTabChangesFocus(True)
        self.caption.setPlaceholderText(self.tr("What happens here, in one plain sentence"))
        self.source_note = note_label(parent=self)
        self.held_out = note_label(parent=self)
        self.empty = note_label(self.tr("Choose a clip to see what the model gets, and to write its caption."), self)
        self._lay_out()
        self.use.clicked.connect(lambda: self.chosen.emit(self.use.isChecked()))
        self.caption.textChanged.connect(self._typed)
        self.show_clips((), None, Path())

    @Slot()
    def _typed(self) -> None:
        if not self._showing:
            self.captioned.emit(self.caption.toPlainText())

    def show_clips(self, clips: Sequence[FootageClip], footage: Footage | None, folder: Path) -> None:
        """Shows one clip with its pictures, or what several have in common."""
        other = [clip.id for clip in clips] != [clip.id for clip in self._clips]
        self._clips = tuple(clips)
        first = clips[0] if clips else None
        for widget in (self.name, self.facts, self.use, self.caption, self._caption_head):
            widget.setVisible(first is not None)
        self.empty.setVisible(first is None)
        one = first if len(clips) == 1 else None
        self.crop.setVisible(one is not None)
        self.strip.setVisible(one is not None and bool(one.strip))
        self._strip_head.setVisible(self.strip.isVisibleTo(self))
        self.reason.setVisible(False)
        self.source_note.setVisible(False)
        if first is None:
            return
        if one is not None:
            self._show_one(one, footage, folder)
        else:
            self.name.setText(words.clip_count(len(clips)))
            self.facts.setText(self.tr("What you write or tick here applies to all of them."))
        self._show_use()
        self._show_caption(other)

    def show_held_out(self, held_out: frozenset[str]) -> None:
        """Says of a shown clip among these ids that it is not learned from."""
        held = sum(clip.is_used and clip.id in held_out for clip in self._clips)
        self.held_out.setText(
            self.tr("Held out: it is never trained on, and test films begin with it.")
            if len(self._clips) == 1
            else self.tr("{count} of them are held out: never trained on, and test films begin with them.").format(
                count=held
            )
        )
        self.held_out.setVisible(held > 0)

    def _lay_out(self) -> None:
        self._strip_head = section_label(self.tr("What the model gets"), self)
        self._caption_head = section_label(self.tr("Caption"), self)
        column = column_of(
            *(
                self.empty,
                self.crop,
                self._strip_head,
                self.strip,
                self.name,
                self.facts,
                self.reason,
                self.held_out,
                self.use,
            ),
            *(Gap(6), self._caption_head, (self.caption, 1), self.source_note, 0),
            within=self,
            spacing=6,
        )
        self.caption.setMaximumHeight(150)
        self.caption.setMinimumHeight(64)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _show_one(self, clip: FootageClip, footage: Footage | None, folder: Path) -> None:
        self.crop.show_clip(clip, folder)
        self.strip.show_file(folder / clip.strip if clip.strip else None)
        self.name.setText(clip.source)
        self.facts.setText(self._facts(clip, footage))
        self.facts.setVisible(bool(self.facts.text()))
        said = clip.detail or (words.reason(clip.left_out) if clip.left_out is not None else "")
        self.reason.setText(said)
        self.reason.setVisible(bool(said) and clip.left_out is not None)
        origin = {
            "sidecar": self._from_file(clip, self.tr("From the text file beside the video.")),
            "table": self._from_file(clip, self.tr("From the table beside the videos.")),
            "model": self.tr("Written by a model: read it, and correct what is wrong."),
        }.get(clip.caption_from, "")
        self.source_note.setText(origin)
        self.source_note.setVisible(bool(origin))

    def _from_file(self, clip: FootageClip, otherwise: str) -> str:
        return self.tr("From {file}.").format(file=clip.caption_file) if clip.caption_file else otherwise

    def _facts(self, clip: FootageClip, footage: Footage | None) -> str:
        if not clip.width:
            return ""
        video = self.tr("{place}, {width} × {height}, {fps} a second").format(
            place=words.place(clip), width=clip.width, height=clip.height, fps=f"{clip.fps:g}"
        )
        if footage is None or clip.crop is None:
            return video
        cut = (clip.crop.width, clip.crop.height)
        width, height = fed_size(cut, (footage.width, footage.height), footage.shapes)
        fed = self.tr("Fed as {frames} frames of {width} × {height}").format(
            frames=footage.num_frames, width=width, height=height
        )
        return "\n".join(filter(None, (video, fed, words.beside_words(clip))))

    def _show_use(self) -> None:
        usable = [clip for clip in self._clips if clip.can_be_used]
        used = sum(clip.is_used for clip in usable)
        self.use.setEnabled(bool(usable))
        self.use.setText(self.tr("Use this clip") if len(self._clips) == 1 else self.tr("Use these clips"))
        self.use.setTristate(0 < used < len(usable))
        partly = Qt.CheckState.PartiallyChecked if used else Qt.CheckState.Unchecked
        self.use.setCheckState(Qt.CheckState.Checked if usable and used == len(usable) else partly)

    def _show_caption(self, other: bool) -> None:
        captions = {clip.caption for clip in self._clips}
        text = captions.pop() if len(captions) == 1 else ""
        if not other and (self.caption.hasFocus() or self.caption.toPlainText().strip() == text):
            return
        self._showing = True
        self.caption.setPlainText(text)
        self._showing = False
