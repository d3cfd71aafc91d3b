"""Lets the user click the dancer in a video, then shows how the skeleton is found; it can go on without the dialog."""

import time

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSlider, QStackedWidget, QWidget

from svi_studio.document.skeleton.dance_search import DanceSearch, SearchState
from svi_studio.document.skeleton.pose import Pose
from svi_studio.document.skeleton.pose_networks import PoseNetworks
from svi_studio.domain.poses.search_events import SearchProgress
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label
from svi_studio.ui.skeleton.person_view import PersonView
from svi_studio.ui.skeleton.pose_view import PoseView

_STEPS = 1000
_LOOK_MS = 120
_SEEN_ABOVE = 0.3


class SearchDialog(PlainDialog):
    """Shows ``search``; closing it lets a search go on that has begun, and gives up one that has not."""

    def __init__(self, search: DanceSearch, networks: PoseNetworks, parent: QWidget | None = None) -> None:
        super().__init__(search.video.name, "", parent)
        self.search, self._networks = search, networks
        self._begun = 0.0
        self.person = PersonView(self)
        self.pose = PoseView(self.tr("Looking for the dancer…"), self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, _STEPS)
        self.slider.setAccessibleName(self.tr("Moment of the video"))
        self.time = QLabel(self)
        self.words = plain_label("", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.far = plain_label("", self)
        self.pages = QStackedWidget(self)
        self.get = QPushButton(self.tr("Get the pose networks"), self)
        self.get.setAutoDefault(False)
        self.forget = QPushButton(self.tr("Forget the clicks"), self)
        self.forget.setAutoDefault(False)
        self._soon = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._soon.timeout.connect(self._look)
        search.finds_people = not networks.is_missing
        self._lay_out()
        self._connect()
        self.resize(820, 640)
        self.setModal(False)
        self.show_state()

    def done(self, result: int) -> None:
        """Closes it; nothing goes on that was not begun."""
        if self.search.state not in (SearchState.SEARCHING, SearchState.FOUND):
            self.search.cancel()
        super().done(result)

    @Slot()
    def show_state(self) -> None:
        """Shows where the search stands."""
        search, state = self.search, self.search.state
        searching = state in (SearchState.SEARCHING, SearchState.FOUND)
        self.pages.setCurrentIndex(1 if searching else 0)
        self.sentence.setText(self._sentence())
        self.sentence.setVisible(True)
        if search.facts is None:
            self.person.show_words(search.problem or self.tr("Reading the video…"))
        else:
            self.person.show_picture(search.image, (search.facts.width, search.facts.height))
        self.person.show_people(search.people or (), None if search.person is None else search.person[:2])
        self.time.setText(f"{search.seconds:.1f} s")
        self.slider.setEnabled(search.facts is not None and not searching)
        self._show_words()
        self._show_buttons(searching=searching)
        if state is SearchState.SEARCHING and not self._begun:
            self._begun = time.monotonic()
        if search.is_over:
            self.accept()

    def _sentence(self) -> str:
        if self.search.state in (SearchState.SEARCHING, SearchState.FOUND):
            return self.tr("The dancer is followed through the video. You can go on with the film meanwhile.")
        return self.tr("Click the dancer. Choose a moment at which the whole body is seen well.")

    def _show_words(self) -> None:
        search = self.search
        self.get.setVisible(self._networks.is_missing)
        self.forget.setVisible(len(search.clicks) > 1)
        if self._networks.is_busy:
            words = self.tr("Getting the pose networks (36 MB)…")
        elif search.problem or self._networks.problem:
            words = self._networks.problem or search.problem
        elif self._networks.is_missing:
            words = self.tr("People are found by small networks that are not on this computer yet (15 MB).")
        else:
            words = self._people_words()
        self.words.setText(words)

    def _people_words(self) -> str:
        """Who is in the picture, and who of them is followed."""
        search = self.search
        if search.people is None:
            return self.tr("Looking for people…") if search.image is not None else ""
        if search.clicks:
            return self._chosen_words(len(search.clicks))
        if not search.people:
            return self.tr("Nobody was found here. Click the dancer all the same, or choose another moment.")
        one, many = self.tr("One person is here: click to follow them."), self.tr("{count} people are here: click one.")
        return one if len(search.people) == 1 else many.format(count=len(search.people))

    def _chosen_words(self, clicks: int) -> str:
        if self.search.person is None:
            return self.tr("Somebody is chosen already. Click the same person here, too, where people meet.")
        if clicks > 1:
            return self.tr("This one is followed, as you clicked at {count} moments.").format(count=clicks)
        return self.tr("This one is followed. Click somebody else to follow them instead.")

    def _show_buttons(self, *, searching: bool) -> None:
        ready = self.search.state in (SearchState.CHOOSING, SearchState.FAILED) and self.search.facts is not None
        busy = self._networks.is_busy
        self.find_button.setVisible(not searching)
        self.find_button.setEnabled(ready and not self._networks.is_missing and not busy and bool(self.search.clicks))
        self.get.setEnabled(not busy)
        self.cancel.setText(self.tr("Cancel") if not searching else self.tr("Stop"))
        self.hide_button.setVisible(searching)

    @Slot()
    def _advance(self) -> None:
        progress = self.search.progress
        self.bar.setRange(0, max(progress.total, 1))
        self.bar.setValue(progress.done)
        self.far.setText(self._how_far(progress))
        if progress.body and self.search.facts is not None:
            self.pose.show_pose(pose_in(progress, (self.search.facts.width, self.search.facts.height)))

    def _how_far(self, progress: SearchProgress) -> str:
        words = self.tr("Frame {done} of {total}").format(done=f"{progress.done:,}", total=f"{progress.total:,}")
        taken = time.monotonic() - self._begun
        if progress.done < 5 or taken < 1:
            return words
        left = round(taken / progress.done * (progress.total - progress.done))
        return self.tr("{frames}, about {left} s left").format(frames=words, left=left)

    @Slot()
    def _slid(self) -> None:
        if self.search.facts is not None:
            self.search.seconds = self.slider.value() / _STEPS * self.search.facts.seconds
            self.time.setText(f"{self.search.seconds:.1f} s")
            self._soon.start()

    @Slot()
    def _look(self) -> None:
        self.search.look(self.search.seconds)

    @Slot()
    def _networks_changed(self) -> None:
        self.search.finds_people = not self._networks.is_missing
        if self.search.finds_people and not self._networks.is_busy and self.search.facts is not None:
            self.search.try_again()
        self.show_state()

    def _stop(self) -> None:
        self.search.cancel()
        self.reject()

    def _connect(self) -> None:
        self.search.changed.connect(self.show_state)
        self.search.advanced.connect(self._advance)
        self.search.closed.connect(self.accept)
        self.person.chosen.connect(self.search.choose)
        self.slider.valueChanged.connect(self._slid)
        self.find_button.clicked.connect(self.search.search)
        self.cancel.clicked.connect(self._stop)
        self.hide_button.clicked.connect(self.accept)
        self.forget.clicked.connect(self.search.forget_clicks)
        self.get.clicked.connect(self._networks.get)
        self._networks.changed.connect(self._networks_changed)

    def _lay_out(self) -> None:
        choosing, searching = QWidget(self), QWidget(self)
        moment = row_of((self.slider, 1), self.time, spacing=8)
        told = row_of((self.words, 1), self.forget, self.get, spacing=8)
        column_of((self.person, 1), moment, told, within=choosing, spacing=8)
        column_of((self.pose, 1), self.bar, self.far, within=searching, spacing=8)
        self.time.setMinimumWidth(self.fontMetrics().horizontalAdvance("0000.0 s"))
        self.words.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.pages.addWidget(choosing)
        self.pages.addWidget(searching)
        self.body.addWidget(self.pages, 1)
        self.cancel = self.add_button(self.tr("Cancel"))
        self.hide_button = self.add_button(self.tr("Go on in the background"), primary=True)
        self.find_button = self.add_button(self.tr("Find the skeleton"), primary=True)


def pose_in(progress: SearchProgress, video: tuple[int, int]) -> Pose:
    """The body that was found last, on a canvas of the video's size."""
    numbers = progress.body
    triples = zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
    return Pose(video, tuple((x, y) if seen > _SEEN_ABOVE else None for x, y, seen in triples))
