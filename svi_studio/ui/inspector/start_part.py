"""How the selected clips begin: they follow the clip before, or start anew from a picture or a video."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import VARIOUS, ClipValue, InspectedClips
from svi_studio.document.pictures.video_files import is_video
from svi_studio.ui.controls.either_box import EitherBox
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.inspector.picture_field import PictureField
from svi_studio.ui.inspector.video_part import VideoPart


class StartPart(QWidget):
    """How the clip starts: as a cut, with its picture, or from the clip before."""

    def __init__(self, clips: InspectedClips, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clips, self._commands, self._ends = clips, film.commands.pictures, film.commands.ends
        self._cut = ClipValue(clips, "cut", self.tr("Change the start"), self)
        self._image = ClipValue(clips, "image", self.tr("Change the picture"), self)
        self.start = EitherBox(self.tr("Follow on"), self.tr("Start fresh"), self)
        self.start_field = Field(self.tr("Start"), self.start)
        self.picture = PictureField(self.tr("Start picture"), film, self)
        self.picture_field = Field(self.tr("Start picture"), self.picture)
        self.video = VideoPart(self)
        column_of(self.start_field, self.picture_field, self.video, within=self, spacing=10)
        self.start.chosen.connect(self._start_chosen)
        self.picture.chosen.connect(self._picture_chosen)
        self.picture.removed.connect(lambda: self._image.set(None))
        self.video.chosen.connect(self._video_chosen)
        self.video.removed.connect(lambda: self._ends.clear_video(self._clips.open_ids))
        clips.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Shows how the clips begin now."""
        if self._clips.clips:
            self._show_start()
            self._show_picture()
            self._show_video()

    def _show_start(self) -> None:
        cut = self._cut.get()
        first_only = self._clips.indexes == (0,)
        self.start.show_value(True if first_only else None if cut is VARIOUS else cut)
        self.start.setEnabled(self._cut.is_open and not first_only)
        self.start_field.set_help(self._start_words(cut, first_only))

    def _start_words(self, cut: object, first_only: bool) -> str:
        if first_only:
            return self.tr("The first clip starts from a picture, or goes on from a video.")
        if cut is VARIOUS:
            return self.tr("Some of these clips follow on, others start fresh.")
        if cut and any(map(self._clips.document.storyboard.start_video, self._clips.indexes)):
            return self.tr("A cut: this clip goes on from a video, not from the clip before.")
        if cut:
            return self.tr("A cut: this clip starts from a picture, not from the clip before.")
        if len(self._clips.indexes) == 1:
            return self.tr("Goes on from the end of clip {number}.").format(number=self._clips.indexes[0])
        return self.tr("Each goes on from the end of the clip before.")

    def _show_picture(self) -> None:
        board = self._clips.document.storyboard
        starts = [board.starts_chain(index) for index in self._clips.indexes]
        own = self._image.get()
        has_effect = all(starts) or board.uses_anchor
        self.picture_field.setVisible(has_effect or own is not None)
        starts_from_it = all(starts) and not any(map(board.start_video, self._clips.indexes))
        name = self.tr("Start picture") if starts_from_it else self.tr("Anchor")
        self.picture_field.name.setText(name)
        self.picture.well.setAccessibleName(name)
        self.picture_field.set_help("" if has_effect else self._without_effect())
        if own is VARIOUS:
            words = self.tr("Different pictures. One dropped here replaces them all.")
            self.picture.show_empty(words, self._image.is_open)
        else:
            self._show_file(own or board.chain_image(self._clips.indexes[0]), own is None, all(starts))

    def _show_file(self, relative: str | None, inherited: bool, starts: bool) -> None:
        is_open = self._image.is_open
        if relative is None or (inherited and len(self._clips.clips) > 1 and not starts):
            self.picture.show_empty(self._empty_words(), is_open)
            return
        words = self.tr("The film's start picture") if starts else self.tr("Same as the clips before")
        self.picture.show_picture(relative, is_open, words if inherited else "")

    def _empty_words(self) -> str:
        board = self._clips.document.storyboard
        if all(map(board.start_video, self._clips.indexes)):
            return self.tr("The last frame of the video. Drop another picture here, or click to choose one")
        return self.tr("Drop a picture here, or click to choose one")

    def _show_video(self) -> None:
        board, indexes = self._clips.document.storyboard, self._clips.indexes
        single = len(indexes) == 1
        self.video.setVisible(single and board.starts_chain(indexes[0]))
        if single:
            has_video = board.start_video(indexes[0]) is not None
            self.video.show_video(has_video=has_video, is_open=self._clips.is_open)

    def _without_effect(self) -> str:
        return self.tr("This picture is not used while the clip follows on. Start fresh to use it, or remove it.")

    def _start_chosen(self, cut: bool) -> None:
        if not self._cut.set(cut):
            self.show_state()
        self._cut.end()

    def use_picture(self, path: Path) -> None:
        """The selected clips start from this picture; when they show the film's, the film does."""
        if is_video(path):
            self._video_chosen(path)
        elif self._image.get() is None:
            self._commands.set_reference(path)
        else:
            self._picture_chosen(path)

    def _picture_chosen(self, path: Path) -> None:
        if is_video(path):
            self._video_chosen(path)
            return
        self._commands.set_images(self._clips.open_ids, path)

    def _video_chosen(self, path: Path) -> None:
        for clip_id in self._clips.open_ids[:1]:
            self._ends.go_on_from_video(path, clip_id)
