"""The welcome: a new film from a picture, examples, films opened lately, and what this computer has."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.layouts import Gap, column_of, row_of
from svi_studio.ui.desktop.app_icon import app_pixmap
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.theme.icons import keep_icon
from svi_studio.ui.welcome.drop_well import DropWell
from svi_studio.ui.welcome.film_lists import FilmLists
from svi_studio.ui.welcome.story_card import StoryCard
from svi_studio.ui.window.banner import BannerStack

_SIDE = 336


class WelcomeWindow(QWidget):
    """Signals say what was chosen; the application does it. ``actions`` give the keys of the file menu."""

    picture_wanted = Signal()
    film_wanted = Signal()
    hardware_wanted = Signal()
    models_wanted = Signal()
    film_chosen = Signal(object)  # Path
    example_chosen = Signal(object)  # Path
    forget_film = Signal(object)  # Path
    picture_chosen = Signal(object)  # Path
    dropped = Signal(list)
    closed = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setWindowTitle("SVI Studio")
        self.setObjectName("welcome")
        self.setAcceptDrops(True)
        self.setAutoFillBackground(True)
        self.banners = BannerStack(self)
        self.lists = FilmLists(self)
        self.story = StoryCard(self)
        self._well = DropWell(self)
        self._machine = plain_label("", self)
        self._models = plain_label("", self)
        self._lay_out()
        self._connect()
        actions.add_to(self)
        self.resize(1060, 700)
        self.setMinimumSize(720, 480)

    def show_machine(self, line: str) -> None:
        """What this computer is."""
        self._machine.setText(line)

    def show_models(self, line: str) -> None:
        """Which models are on it."""
        self._models.setText(line)

    def show_only_small_models(self, only: bool) -> None:
        """Whether no model here draws a photograph, so that nobody makes a film of one unwarned."""
        words = self.tr(
            "The model that comes with the program draws only its paper theatre. For your own pictures and words, "
            "find or get a larger one under “Models…”."
        )
        self.small_model.setText(words if only else "")
        self.small_model.setVisible(only)

    def set_busy(self, sentence: str) -> None:
        """Says that a film is being made or opened; an empty sentence when that is over."""
        self._well.set_busy(sentence)
        self.lists.setEnabled(not sentence)
        self.story.set_busy(bool(sentence))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tells the application."""
        event.accept()
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere in this window."""
        if event.mimeData().hasUrls():
            self._well.set_hot(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went away again."""
        self._well.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hands them on."""
        self._well.set_hot(False)
        event.acceptProposedAction()
        self.dropped.emit(dropped_paths(event.mimeData()))

    def _connect(self) -> None:
        self._well.clicked.connect(self.picture_wanted)
        self.lists.film_chosen.connect(self.film_chosen)
        self.lists.example_chosen.connect(self.example_chosen)
        self.lists.forget_film.connect(self.forget_film)
        self.lists.picture_chosen.connect(self.picture_chosen)

    def _lay_out(self) -> None:
        column = column_of(self.banners, within=self, spacing=0)
        row = row_of(self._side(), spacing=0)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.lists)
        ground = QWidget(self)
        ground.setAutoFillBackground(True)
        column_of(column_of(self.story, margins=(32, 32, 32, 0)), (scroll, 1), within=ground, spacing=0)
        row.addWidget(ground, 1)
        column.addLayout(row, 1)

    def _side(self) -> QWidget:
        side = QFrame(self)
        side.setProperty("role", "side")
        side.setFixedWidth(_SIDE)
        column = column_of(
            self._heading(side), Gap(16), self._well, Gap(4), within=side, spacing=10, margins=(28, 32, 28, 24)
        )
        open_button = QPushButton(self.tr("Open a film…"), side)
        keep_icon(open_button, "folder")
        open_button.setAccessibleName(self.tr("Open a film"))
        open_button.clicked.connect(self.film_wanted)
        column.addWidget(open_button)
        self._models_button = QPushButton(self.tr("Models…"), side)
        keep_icon(self._models_button, "model")
        self._models_button.setAccessibleName(self.tr("Models"))
        self._models_button.clicked.connect(self.models_wanted)
        column.addWidget(self._models_button)
        self.small_model = plain_label("", side)
        self.small_model.hide()
        column.addWidget(self.small_model)
        column.addStretch(1)
        column.addLayout(self._machine_lines(side))
        return side

    def _heading(self, side: QWidget) -> QHBoxLayout:
        row = row_of(spacing=14)
        picture = QLabel(side)
        picture.setPixmap(app_pixmap(52, self.devicePixelRatioF()))
        title = QLabel("SVI Studio", side)
        title.setProperty("role", "title")
        line = plain_label(self.tr("One storyboard, one long film"), side)
        words = column_of(title, line, spacing=2)
        row.addWidget(picture)
        row.addLayout(words, 1)
        return row

    def _machine_lines(self, side: QWidget) -> QHBoxLayout:
        row = row_of()
        words = column_of(spacing=3)
        self._machine.setText(self.tr("Looking at this computer…"))
        words.addWidget(self._machine)
        words.addWidget(self._models)
        more = QToolButton(side)
        keep_icon(more, "info", "text-dim")
        more.setToolTip(self.tr("This computer and its models"))
        more.setAccessibleName(self.tr("This computer and its models"))
        more.clicked.connect(self.hardware_wanted)
        row.addLayout(words, 1)
        row.addWidget(more, 0, Qt.AlignmentFlag.AlignBottom)
        return row
