"""The takes of the current clip: a list, the selected one in words, and what frees disk space."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from svi_studio.document import words
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.takes.join_words import join_sentences
from svi_studio.document.takes.joins import Joins
from svi_studio.document.takes.take_look import TakeLook, looks_of
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.takes.deletion import Deletion
from svi_studio.ui.takes.take_detail import TakeDetail
from svi_studio.ui.takes.take_list import TakeList


class TakesPanel(QWidget):
    """``show_take_requested`` when a take is picked, ``compare_requested`` with two takes to set side by side."""

    compare_requested = Signal(str, str)
    show_take_requested = Signal(str)

    def __init__(self, film: OpenFilm, actions: Actions, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._actions = actions
        self._clip_id: str | None = None
        self._offered: list[str] = []
        self.joins = Joins(film, self)
        self.deletion = Deletion(film, self)
        self.title = QLabel(self)
        self.title.setProperty("role", "section")
        self.empty = note_label("", self)
        self.list = TakeList(thumbnails, self)
        self.detail = TakeDetail()
        self.clean_up = QPushButton(self.tr("Delete unused takes…"), self)
        self.clean_up.setProperty("flat", True)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.show_state)
        self._lay_out()
        self._connect(thumbnails)
        self._attach()
        self.show_state()

    def show_state(self) -> None:
        """Shows the current clip's takes as they are now."""
        self._soon.stop()
        clip_id = self._film.selection.current
        looks = looks_of(self._film, clip_id) if clip_id is not None else ()
        shown = self._film.states.state(clip_id).current_take if clip_id is not None else None
        offered = [shown or look.take_hash for look in looks[:1]]
        chosen = self._still_chosen(clip_id, offered)
        self._clip_id, self._offered = clip_id, offered
        self.list.takes.show_looks(looks)
        still = [take for take in chosen if self.list.takes.row_of(take) >= 0]
        self.list.select_takes(still or offered)
        self._show_head()
        self._show_detail()

    def _still_chosen(self, clip_id: str | None, offered: list[str]) -> list[str]:
        """What stays selected: nothing of another clip, and nothing where the panel's own choice is another now.

        That is the take that the clip shows, or the newest one while it waits for a new take.
        """
        chosen = [look.take_hash for look in self.list.selected_looks()]
        followed = chosen == self._offered and offered != self._offered
        return [] if clip_id != self._clip_id or followed else chosen

    def _show_head(self) -> None:
        looks = self.list.takes.looks
        index = self._film.document.index(self._clip_id) if self._clip_id is not None else None
        if index is None:
            self.title.setText(self.tr("Takes"))
            self.empty.setText(self.tr("Select a clip to see its takes."))
        else:
            size = words.size(sum(look.bytes for look in looks))
            title = self.tr("Clip {number}: {count} takes, {size}") if looks else self.tr("Clip {number}")
            if len(looks) == 1:
                title = self.tr("Clip {number}: 1 take, {size}")
            self.title.setText(title.format(number=index + 1, count=len(looks), size=size))
            self.empty.setText(self.tr("No takes yet. Each time the clip is rendered, a take is kept here."))
        self.empty.setVisible(not looks)
        self._split.setVisible(bool(looks))
        self._show_clean_up()
        self.list.rows.can_rate = not self._film.read_only

    def _show_clean_up(self) -> None:
        possible = len(self._film.takes) > 0 and not self._film.read_only
        self.clean_up.setEnabled(possible)
        self._actions.set_enabled("take.delete_unused", possible)

    def _show_detail(self) -> None:
        looks, is_open, pair = self.list.selected_looks(), not self._film.read_only, self._pair()
        self.detail.setVisible(bool(looks))
        if looks:
            self.detail.show_takes(looks, is_open, pair is not None, self._join_sentences(looks))
        self._actions.set_enabled("take.choose", is_open and len(looks) == 1 and not looks[0].is_shown)
        self._actions.set_enabled("take.compare", pair is not None)
        self._actions.set_enabled("take.delete", is_open and bool(looks))

    def _join_sentences(self, looks: Sequence[TakeLook]) -> tuple[str, ...]:
        if len(looks) != 1 or not looks[0].is_shown or self._clip_id is None:
            return ()
        return join_sentences(self.joins.of_clip(self._clip_id))

    def _pair(self) -> tuple[str, str] | None:
        """The two takes that a comparison would show: the two selected, or the selected one and the shown one."""
        chosen = [look.take_hash for look in self.list.selected_looks()]
        if len(chosen) == 1:
            chosen += [
                look.take_hash for look in self.list.takes.looks if look.is_shown and look.take_hash != chosen[0]
            ]
        return (chosen[0], chosen[1]) if len(chosen) == 2 else None

    def _picked(self) -> None:
        self._show_detail()
        looks = self.list.selected_looks()
        if len(looks) == 1:
            self.show_take_requested.emit(looks[0].take_hash)

    def _use(self) -> None:
        looks = self.list.selected_looks()
        if len(looks) == 1 and self._clip_id is not None and not looks[0].is_shown:
            self._film.commands.takes.choose(looks[0].take_hash, self._clip_id)

    def _delete(self) -> None:
        if not self._film.read_only:
            self.deletion.delete([look.take_hash for look in self.list.selected_looks()])

    def _rate(self, stars: int) -> None:
        if not self._film.read_only:
            for look in self.list.selected_looks():
                self._film.takes.rate(look.take_hash, stars)

    def _compare(self) -> None:
        pair = self._pair()
        if pair is not None:
            self.compare_requested.emit(*pair)

    def _fork(self) -> None:
        """Forks the chain at the selected take: a copy of the chain whose first clip is that take."""
        looks = self.list.selected_looks()
        if len(looks) != 1 or self._clip_id is None:
            return
        commands, look = self._film.commands, looks[0]
        if commands.clips.fork(self._clip_id) and not look.is_shown and self._film.selection.ids:
            commands.takes.choose(look.take_hash, self._film.selection.ids[0])

    def _reveal(self) -> None:
        looks = self.list.selected_looks()
        if looks:
            open_with_system(looks[0].poster.parent)

    def _takes_changed(self, clip_ids: object) -> None:
        if clip_ids is None or (isinstance(clip_ids, frozenset) and self._clip_id in clip_ids):
            self._soon.start()
        self._show_clean_up()

    def _poster_ready(self, path: str) -> None:
        if any(str(look.poster) == path for look in self.list.takes.looks):
            self.list.viewport().update()

    def _connect(self, thumbnails: Thumbnails) -> None:
        film = self._film
        film.selection.changed.connect(self._soon.start)
        film.document.changed.connect(self._soon.start)
        film.takes.changed.connect(self._takes_changed)
        film.takes.scanned.connect(self._soon.start)
        film.states.changed.connect(self._takes_changed)
        thumbnails.ready.connect(self._poster_ready)
        self.joins.measured.connect(self._show_detail)
        self.list.picked.connect(self._picked)
        self.list.used.connect(self._use)
        self.list.deleted.connect(self._delete)
        self.list.rated.connect(self._rate)
        self.list.rows.rated.connect(film.takes.rate)
        self.detail.use_wanted.connect(self._use)
        self.detail.release_wanted.connect(film.commands.takes.release)
        self.detail.delete_wanted.connect(self._delete)
        self.detail.compare_wanted.connect(self._compare)
        self.detail.fork_wanted.connect(self._fork)
        self.detail.reveal_wanted.connect(self._reveal)
        self.detail.rated.connect(self._rate)
        self.clean_up.clicked.connect(self.deletion.delete_unused)

    def _attach(self) -> None:
        self._actions.connect_action("take.choose", self._use)
        self._actions.connect_action("take.compare", self._compare)
        self._actions.connect_action("take.delete", self._delete)
        self._actions.connect_action("take.delete_unused", self.deletion.delete_unused)

    def _lay_out(self) -> None:
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.setChildrenCollapsible(False)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.detail.setProperty("transparent", True)
        area.setWidget(self.detail)
        area.setMinimumHeight(90)
        self.list.setMinimumHeight(90)
        self._split.addWidget(self.list)
        self._split.addWidget(area)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        layout.addLayout(head)
        layout.addWidget(self.empty)
        layout.addWidget(self._split, 1)
        layout.addStretch(0)
        layout.addWidget(self.clean_up, 0, Qt.AlignmentFlag.AlignLeft)
