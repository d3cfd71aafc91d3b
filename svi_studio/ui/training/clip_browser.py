"""The clip browser: exactly what is fed to the training, and why a clip is left out."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSize, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QButtonGroup, QListView, QToolButton, QWidget

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.training.footage_desk import FootageDesk
from svi_studio.domain.training.footage import FootageClip, with_caption, with_choice
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.theme import theme
from svi_studio.ui.training.clip_delegate import CARD, SPACING, ClipDelegate
from svi_studio.ui.training.clip_detail import ClipDetail
from svi_studio.ui.training.clip_model import ClipModel, Shown


class ClipBrowser(QWidget):
    """Shows the footage of ``desk`` and edits it there."""

    def __init__(self, desk: FootageDesk, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._thumbnails = desk, thumbnails
        self._shown = Shown.ALL
        self.filters = {shown: QToolButton(self) for shown in Shown}
        self.clips = ClipModel(self)
        self.list = QListView(self)
        self.detail = ClipDetail(thumbnails, self)
        self._following = False
        self._set_up_list()
        self._lay_out()
        group = QButtonGroup(self)
        for shown, button in self.filters.items():
            button.setCheckable(True)
            group.addButton(button)
            button.clicked.connect(lambda _checked=False, shown=shown: self.show_only(shown))
        self.filters[Shown.ALL].setChecked(True)
        desk.changed.connect(self.refresh)
        thumbnails.ready.connect(self.list.viewport().update)
        theme().changed.connect(self.list.viewport().update)
        self.list.selectionModel().selectionChanged.connect(self._selected)
        self.detail.captioned.connect(self._caption)
        self.detail.chosen.connect(self._choose)
        self.refresh()

    @property
    def selected(self) -> tuple[FootageClip, ...]:
        """The selected clips, in order."""
        rows = sorted(index.row() for index in self.list.selectedIndexes())
        return tuple(self.clips.clips[row] for row in rows if row < len(self.clips.clips))

    def show_only(self, shown: Shown) -> None:
        """Shows these clips only."""
        self._shown = shown
        self.filters[shown].setChecked(True)
        self.refresh(keep=False)

    def select(self, ids: Sequence[str]) -> None:
        """Selects these clips and scrolls to the first."""
        chosen = QItemSelection()
        rows = [row for row in map(self.clips.row_of, ids) if row >= 0]
        for row in rows:
            chosen.select(self.clips.index(row), self.clips.index(row))
        self.list.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            first = self.clips.index(rows[0])
            self.list.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.list.scrollTo(first)

    @Slot()
    def refresh(self, keep: bool = True) -> None:
        """Shows the footage as it is now; clips that are being edited stay where they are."""
        footage, folder = self._desk.footage, self._desk.run or Path()
        ids = [clip.id for clip in self.selected]
        self._following = True
        self.clips.mark(self._desk.held_out)
        self.clips.show_footage(footage, folder, self._shown, ids if keep else ())
        if ids:
            self.select(ids)
        self._following = False
        every = footage.clips if footage is not None else ()
        for shown, button in self.filters.items():
            count = sum(shown.holds(clip) for clip in every)
            button.setText(f"{self._filter_name(shown)}  {count:,}")
            button.setEnabled(bool(count) or shown is Shown.ALL)
        if not self.selected and self.clips.clips:
            self.select([self.clips.clips[0].id])
        self._selected()

    def _filter_name(self, shown: Shown) -> str:
        return {
            Shown.ALL: self.tr("All"),
            Shown.USED: self.tr("Used"),
            Shown.LEFT_OUT: self.tr("Left out"),
            Shown.NO_CAPTION: self.tr("Without a caption"),
        }[shown]

    def _set_up_list(self) -> None:
        view = self.list
        view.setModel(self.clips)
        view.setItemDelegate(ClipDelegate(self._thumbnails, view))
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setMovement(QListView.Movement.Static)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setGridSize(CARD + QSize(SPACING, SPACING))
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setAccessibleName(self.tr("Clips of the footage"))
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _lay_out(self) -> None:
        row_of(
            (column_of(row_of(*self.filters.values(), 1, spacing=4), (self.list, 1), spacing=6), 1),
            self.detail,
            within=self,
            spacing=18,
        )

    @Slot()
    def _selected(self) -> None:
        if not self._following:
            self.detail.show_clips(self.selected, self._desk.footage, self._desk.run or Path())
            self.detail.show_held_out(self._desk.held_out)

    @Slot(str)
    def _caption(self, text: str) -> None:
        ids = [clip.id for clip in self.selected]
        self._desk.edit(lambda footage: with_caption(footage, ids, text))

    @Slot(bool)
    def _choose(self, use: bool) -> None:
        """A choice that only repeats what the checks say is none: another scan may say otherwise."""
        same = [clip.id for clip in self.selected if use == (clip.left_out is None)]
        other = [clip.id for clip in self.selected if use != (clip.left_out is None)]
        self._desk.edit(lambda footage: with_choice(with_choice(footage, same, None), other, use))
