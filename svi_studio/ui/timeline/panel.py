"""The storyboard timeline as a panel: head, lane names, the painted film, its scroll bar, or the grid instead."""

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QGridLayout, QScrollBar, QStackedWidget, QVBoxLayout, QWidget

from svi_studio.document import words
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.timeline.scale import LEAD_IN
from svi_studio.domain.film.timecode import timecode
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.timeline.cards.in_words import describe
from svi_studio.ui.timeline.cards.look import MAX_WORDS
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.empty_state import EmptyState
from svi_studio.ui.timeline.grid.view import GridView
from svi_studio.ui.timeline.header import TimelineHeader
from svi_studio.ui.timeline.lanes.markers import name_marker
from svi_studio.ui.timeline.surface.lane_names import LaneNames
from svi_studio.ui.timeline.surface.view import TimelineView

KEY_ZOOM = 1.5


class TimelinePanel(QWidget):
    """Everything of the storyboard timeline, for one open film.

    ``prompt_edit_requested`` (clip id): someone double clicked a card or pressed F2. ``context_menu_requested``: where
    on the screen, and the clip's id or None. ``picture_requested`` (clip id): choose a picture for its anchor.
    ``file_requested`` (InputKind): choose a sound or a dance; ``piece_wanted``: show what can be changed of the chosen
    piece of a track.
    """

    prompt_edit_requested = Signal(str)
    picture_requested = Signal(str)
    file_requested = Signal(object)
    piece_wanted = Signal()
    context_menu_requested = Signal(QPoint, object)

    def __init__(self, film: OpenFilm, actions: Actions, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.film, self._actions = film, actions
        self.source = CardSource(film, thumbnails, self)
        self.view = TimelineView(self.source, self)
        self.grid = GridView(self.source, self)
        self.header = TimelineHeader(actions, self)
        self.names = LaneNames(self.view, actions, self)
        self.bar = QScrollBar(Qt.Orientation.Horizontal, self)
        self.empty = EmptyState(self.view)
        self._pages = QStackedWidget(self)
        self._build()
        self._connect()
        self._connect_actions()
        self._show_length()
        self._follow_current()
        self._show_scale()

    def _build(self) -> None:
        lanes = QWidget(self)
        grid = QGridLayout(lanes)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.names, 0, 0)
        grid.addWidget(self.view, 0, 1)
        grid.addWidget(self.bar, 1, 1)
        self._pages.addWidget(lanes)
        self._pages.addWidget(self.grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._pages, 1)
        self.setFocusProxy(self.view)
        self.view.setAccessibleName(self.tr("Storyboard timeline"))
        self.bar.setAccessibleName(self.tr("Position on the timeline"))
        self.bar.setSingleStep(40)
        self.view.installEventFilter(self)

    def _connect(self) -> None:
        film, view = self.film, self.view
        view.scale_changed.connect(self._show_scale)
        self.bar.valueChanged.connect(self._scrolled)
        self.header.zoom_chosen.connect(view.set_zoom_share)
        self.source.relaid.connect(self._show_length)
        self.source.relaid.connect(self._tell_current)
        self.source.changed.connect(self._cards_changed)
        film.selection.changed.connect(self._show_length)
        film.selection.changed.connect(self._follow_current)
        film.playhead.moved.connect(self._follow_playhead)
        self.empty.write_requested.connect(self._write_first)
        for each in (view, self.grid):
            each.prompt_edit_requested.connect(self.prompt_edit_requested)
            each.context_menu_requested.connect(self.context_menu_requested)
        view.picture_requested.connect(self.picture_requested)
        view.file_requested.connect(self.file_requested)
        view.piece_wanted.connect(self.piece_wanted)
        film.pieces.changed.connect(self._tell_current)

    def _connect_actions(self) -> None:
        connect = self._actions.connect_action
        connect("view.zoom_in", lambda: self.view.zoom(KEY_ZOOM))
        connect("view.zoom_out", lambda: self.view.zoom(1 / KEY_ZOOM))
        connect("view.fit", self.view.fit)
        connect("view.snap", self.set_snapping)
        connect("view.grid", self.show_grid)
        connect("play.rename_marker", self._rename_marker_here)
        has_marker = self.film.commands.markers.at() is not None and not self.film.document.read_only
        self._actions.set_enabled("play.rename_marker", has_marker)
        self._actions.set_checked("view.snap", self.view.snapping)

    # What the window asks for

    def show_grid(self, shown: bool) -> None:
        """Shows the clips as a grid, or on their time line."""
        self._pages.setCurrentIndex(1 if shown else 0)
        self.header.set_zoomable(not shown)
        self.setFocusProxy(self.grid if shown else self.view)
        self._actions.set_checked("view.grid", shown)
        if shown:
            self.grid.follow()

    def set_snapping(self, snapping: bool) -> None:
        """Sets whether dragged things snap to edges, markers and the playhead."""
        self.view.snapping = snapping
        self._actions.set_checked("view.snap", snapping)

    @Slot()
    def edit_prompt(self) -> None:
        """Asks for the prompt of the current clip to be edited."""
        if self.film.selection.current is not None:
            self.prompt_edit_requested.emit(self.film.selection.current)

    @Slot(int)
    def edit_marker(self, place: int) -> None:
        """Lets the marker ``place`` of the storyboard be named where it stands."""
        if not self.film.document.read_only:
            self.show_grid(False)  # markers stand on the time line only
            name_marker(self.view, place)

    # What follows what

    @Slot()
    def _show_scale(self) -> None:
        with QSignalBlocker(self.bar):
            self.bar.setRange(-LEAD_IN, self.view.max_offset())
            self.bar.setPageStep(max(self.view.width(), 1))
            self.bar.setValue(self.view.scale.offset)
        self.header.show_zoom(self.view.zoom_share())

    @Slot(int)
    def _scrolled(self, offset: int) -> None:
        self.view.scroll_by(offset - self.view.scale.offset)

    @Slot()
    def _show_length(self) -> None:
        layout, chosen = self.source.layout, len(self.film.selection.ids)
        self.empty.setVisible(not len(layout))
        if not len(layout):
            self.header.show_length(self.tr("No clips yet"))
            return
        parts = [words.clips(len(layout)), timecode(layout.frames, layout.fps)]
        if chosen > 1:
            parts.append(self.tr("{count} selected").format(count=chosen))
        self.header.show_length("  ·  ".join(parts))

    @Slot()
    def _follow_current(self) -> None:
        """Brings the current clip into view."""
        self._tell_current()
        current = self.film.selection.current
        index = self.source.layout.positions.get(current) if current else None
        if index is not None and not self.view.in_hand:
            self.view.show_clip(index)

    @Slot(object)
    def _cards_changed(self, clip_ids: object) -> None:
        current = self.film.selection.current
        if clip_ids is None or current in clip_ids:  # type: ignore[operator]
            self._tell_current()

    def _tell_current(self) -> None:
        """Describes the current clip, and tells a screen reader when that is news."""
        current = self.film.selection.current
        index = self.source.layout.positions.get(current) if current else None
        told = self._told_piece() or self.tr("No clip selected")
        if index is not None:
            prompt = self.source.layout.clips[index].prompt[:MAX_WORDS]
            told = ". ".join(part for part in (describe(self.source, index), prompt) if part)
        if told == self.view.accessibleDescription():
            return
        self.view.setAccessibleDescription(told)
        if QAccessible.isActive():
            for kind in (QAccessible.Event.DescriptionChanged, QAccessible.Event.Selection):
                QAccessible.updateAccessibility(QAccessibleEvent(self.view, kind))

    def _told_piece(self) -> str:
        """The chosen piece of a track in words, empty when none is chosen."""
        chosen = self.film.pieces.chosen
        if chosen is None:
            return ""
        lane = next((lane for lane in self.view.lanes if lane.name == str(chosen.kind)), None)
        return lane.describe(self.source, self.view.scene, chosen.place) if lane and lane.describe else ""

    @Slot(int)
    def _follow_playhead(self, frame: int) -> None:
        if not self.view.in_hand:
            self.view.show_frame(frame)

    @Slot()
    def _write_first(self) -> None:
        if self.film.commands.clips.insert_prompts([""], 0):
            self.edit_prompt()

    # Markers

    @Slot()
    def _rename_marker_here(self) -> None:
        place = self.film.commands.markers.at()
        if place is not None:
            self.edit_marker(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The empty state fills the painted surface."""
        if watched is self.view and event.type() == QEvent.Type.Resize:
            self.empty.setGeometry(self.view.rect())
        return super().eventFilter(watched, event)
