"""The queue panel: what waits to be rendered, in which order, how long it takes and whether the disk holds it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.render.queue_needs import QueueNeeds, disk_words, queue_needs, total_words
from svi_studio.document.render.queue_row import QueueRow, queue_row
from svi_studio.document.render.queue_watch import clip_now
from svi_studio.domain.render.request import QueuedRender, QueueStatus
from svi_studio.ui.controls.field import small_button
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.render.queue_delegate import QueueDelegate
from svi_studio.ui.render.queue_list import QueueList
from svi_studio.ui.render.queue_model import QueueModel
from svi_studio.ui.render.queue_nothing import QueueNothing
from svi_studio.ui.theme.icons import keep_icon

if TYPE_CHECKING:
    from svi_studio.document.render.queue import RenderQueue

_PAUSE_MS = 150
_TICK_MS = 5000


class QueuePanel(QWidget):
    """Shows ``queue``, the queue of ``film``. ``clips_wanted`` brings first and last clip of a row that was opened."""

    clips_wanted = Signal(int, int)

    def __init__(
        self, queue: "RenderQueue", film: OpenFilm, thumbnails: Thumbnails | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._film = film
        self.model = QueueModel(self)
        self.list = QueueList(self.model, self)
        self.list.setItemDelegate(QueueDelegate(thumbnails, self.list))
        self.reason = QLabel(self)
        self.total = QLabel(self)
        self.disk = QLabel(self)
        self.nothing = QueueNothing(self)
        self._buttons = self._make_buttons()
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self.count)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.count)
        self._lay_out()
        self._listen(thumbnails)
        self.refresh()
        self.count()

    @Slot()
    def refresh(self) -> None:
        """Shows the rows as they are now."""
        self.model.show_rows([self._row(item, self._poster(item)) for item in self._queue.items])
        self.pages.setCurrentIndex(1 if self.model.rows else 0)
        self._show_buttons()
        self._soon.start()

    @Slot()
    def count(self) -> None:
        """Works out time and room again."""
        needs = queue_needs(self._film, self._queue) if self.model.rows else QueueNeeds()
        self.total.setText(total_words(needs))
        self.total.setVisible(bool(self.total.text()))
        self.disk.setText(disk_words(needs))
        self.disk.setVisible(bool(self.disk.text()))
        set_look(self.disk, "tone", "dim" if needs.fits else "warn")
        (self._tick.start if self._queue.current is not None else self._tick.stop)()

    def _row(self, item: QueuedRender, poster: Path | None) -> QueueRow:
        under_way = item is self._queue.current
        live = clip_now(self._queue, self._film.document) if under_way else None
        return queue_row(item, live, poster, under_way=under_way)

    def _poster(self, item: QueuedRender) -> Path | None:
        """The take of its first clip, or the picture that this clip starts from."""
        board = item.request.storyboard
        take = self._film.states.state(board.clips[item.request.first].id).take_hash
        if take is not None:
            return self._film.takes.poster(take)
        image = board.chain_image(item.request.first)
        return None if image is None else self._film.path / image

    def _make_buttons(self) -> dict[str, QToolButton]:
        return {
            "first": self._button("skip-start", self.tr("Render this first"), self._render_first),
            "up": self._button("arrow-up", self.tr("Move up (Alt+Up)"), lambda: self.list.move_by(-1)),
            "down": self._button("arrow-down", self.tr("Move down (Alt+Down)"), lambda: self.list.move_by(1)),
            "again": self._button("refresh", self.tr("Try again"), self._try_again),
            "remove": self._button("trash", self.tr("Remove (Del)"), self._remove),
            "clear": self._button("check", self.tr("Clear finished renders"), self._queue.remove_ended),
            "pause": self._button("pause", self.tr("Pause"), self._queue.pause_or_go_on),
            "stop": self._button("stop", self.tr("Stop; finished clips are kept"), self._queue.stop),
        }

    def _button(self, icon: str, words: str, pressed: Callable[[], object]) -> QToolButton:
        button = small_button(icon, words, self)
        button.setIconSize(QSize(18, 18))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: pressed())
        return button

    def _lay_out(self) -> None:
        self.reason.setProperty("tone", "danger")
        for label in (self.reason, self.total, self.disk):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for name in ("first", "up", "down", "again", "remove", "clear"):
            tools.addWidget(self._buttons[name])
        tools.addStretch(1)
        for name in ("pause", "stop"):
            tools.addWidget(self._buttons[name])
        filled = QWidget(self)
        column = QVBoxLayout(filled)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addLayout(tools)
        column.addWidget(self.list, 1)
        column.addWidget(self.reason)
        column.addWidget(self.total)
        column.addWidget(self.disk)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.nothing)
        self.pages.addWidget(filled)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)
        self.setFocusProxy(self.list)

    def _listen(self, thumbnails: Thumbnails | None) -> None:
        queue = self._queue
        queue.changed.connect(self.refresh)
        queue.item_changed.connect(self._item_changed)
        queue.clip_changed.connect(self._clip_changed)
        queue.service.state_changed.connect(self._show_buttons)
        self._film.states.settled.connect(self._soon.start)
        self._film.takes.changed.connect(self.refresh)
        self.list.move_wanted.connect(queue.move)
        self.list.remove_wanted.connect(queue.remove)
        self.list.chosen.connect(self._show_buttons)
        self.list.doubleClicked.connect(lambda _index: self._open_row())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        if thumbnails is not None:
            thumbnails.ready.connect(self._picture_came)

    @Slot(str)
    def _item_changed(self, render_id: str) -> None:
        place, item = self.model.row_of(render_id), self._queue.item(render_id)
        if place is not None and item is not None:
            self.model.show_row(place, self._row(item, self.model.rows[place].poster))

    @Slot(str)
    def _clip_changed(self, clip_id: str) -> None:
        del clip_id
        if self._queue.current is not None:
            self._item_changed(self._queue.current.request.id)

    @Slot(str)
    def _picture_came(self, path: str) -> None:
        self.model.update_posters(lambda row: str(row.poster) == path)

    @Slot()
    def _show_buttons(self) -> None:
        row, place, last = self.list.current_row, self.list.currentIndex().row(), len(self.model.rows) - 1
        waits = row is not None and row.is_waiting
        self.reason.setText(row.state if row is not None and row.has_failed else "")
        self.reason.setVisible(bool(self.reason.text()))
        queue, buttons = self._queue, self._buttons
        halted = queue.state.is_halted
        waiting = any(item.status in {QueueStatus.WAITING, QueueStatus.PAUSED} for item in queue.items)
        buttons["first"].setEnabled(waits and place > self._first_place())
        buttons["up"].setEnabled(waits and place > self._first_place())
        buttons["down"].setEnabled(waits and place < last)
        buttons["again"].setVisible(row is not None and row.is_over)
        buttons["remove"].setEnabled(row is not None)
        buttons["clear"].setVisible(any(item.status.is_over for item in queue.items))
        buttons["pause"].setEnabled(queue.current is not None or (halted and waiting))
        buttons["stop"].setEnabled(queue.current is not None)
        words = self.tr("Go on") if halted else self.tr("Pause at the next step")
        keep_icon(buttons["pause"], "play" if halted else "pause")
        buttons["pause"].setToolTip(words)
        buttons["pause"].setAccessibleName(words)

    def _first_place(self) -> int:
        """The first place that a row can be moved to: none stands before what is under way."""
        places = (place for place, item in enumerate(self._queue.items) if item is self._queue.current)
        return next(places, -1) + 1

    def _render_first(self) -> None:
        row = self.list.current_row
        if row is not None:
            self._queue.move(row.id, self._first_place())
            self.list.choose(row.id)

    def _try_again(self) -> None:
        row = self.list.current_row
        if row is not None:
            self._queue.try_again(row.id)

    def _remove(self) -> None:
        row = self.list.current_row
        if row is not None:
            self._queue.remove(row.id)

    def _open_row(self) -> None:
        row = self.list.current_row
        item = self._queue.item(row.id) if row is not None else None
        if item is not None:
            self.clips_wanted.emit(item.request.first, item.request.last)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if self.list.current_row is None:
            return
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Show its clips"), self._open_row)
        menu.addSeparator()
        for name in ("first", "up", "down", "again", "remove"):
            button = self._buttons[name]
            if not button.isHidden():
                menu.addAction(button.icon(), button.toolTip(), button.click).setEnabled(button.isEnabled())
        menu.popup(self.list.viewport().mapToGlobal(place))
