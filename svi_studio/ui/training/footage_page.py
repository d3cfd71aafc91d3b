"""The footage of a new training: choose a folder, wait while it is read, look over what came of it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QDir, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStackedWidget, QWidget

from svi_studio.document import words as common
from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.training import words
from svi_studio.document.training.footage_desk import FootageDesk
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.training.data_recipe import FolderRepeat
from svi_studio.domain.training.events import PreparationStage, Preparing
from svi_studio.domain.training.footage import problems_beside
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.export.result_page import ResultPage
from svi_studio.ui.training.clip_browser import ClipBrowser
from svi_studio.ui.training.folder_well import FolderWell, footage_folder
from svi_studio.ui.training.left_files_dialog import LeftFilesDialog

_PROBLEMS = 4
_MOST_HIDDEN = 30  # shown when the mouse rests on the others
_WAITING_HEIGHT = 260


class FootagePage(QWidget):
    """``folder_chosen`` brings a folder; ``again_wanted`` asks to read it once more, ``cancelled`` to stop.

    ``captions_wanted`` asks for captions by a model, for the clips that have none, ``words_wanted`` for what is said of
    all clips, and how often they count.
    """

    folder_chosen = Signal(object)
    again_wanted = Signal()
    captions_wanted = Signal()
    words_wanted = Signal()
    cancelled = Signal()

    def __init__(self, desk: FootageDesk, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setAcceptDrops(True)
        self.pages = QStackedWidget(self)
        self.well = FolderWell(self)
        self.hint = note_label(
            self.tr(
                "Long videos are cut at their scene changes into short clips; folders inside the folder are read, too. "
                "A text file beside a video, with its name and the ending .txt or .caption, becomes its caption; so "
                "does a table (CSV, JSON or JSONL) with the columns file and caption, or Filename and Video "
                "Description."
            ),
            self,
        )
        self.waiting = ResultPage(self, busy_icon="search")
        self.waiting.bar.setAccessibleName(self.tr("Reading progress"))
        self.waiting.setMaximumHeight(_WAITING_HEIGHT)
        self.cancel = QPushButton(self.tr("Stop reading"), self)
        self.browser = ClipBrowser(desk, thumbnails, self)
        self.folder = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle, parent=self)
        self.summary = QLabel(self)
        self.offer = note_label(parent=self)
        self.problems = note_label(parent=self)
        self.problems.setProperty("tone", "warn")
        self.change = QPushButton(self.tr("Another folder…"), self)
        self.again = QPushButton(self.tr("Read it again"), self)
        self.captions = QPushButton(self.tr("Write captions…"), self)
        self.words = QPushButton(self.tr("Words and folders…"), self)
        self.words.setToolTip(self.tr("Trigger word, words before captions, repeats of folders, shapes of pictures"))
        self.left = QPushButton(self)
        self.failure = note_label(parent=self)
        self.failure.setProperty("tone", "danger")
        self._lay_out()
        self.well.folder_chosen.connect(self.folder_chosen)
        self.change.clicked.connect(self.well.ask)
        self.again.clicked.connect(self.again_wanted)
        self.captions.clicked.connect(self.captions_wanted)
        self.words.clicked.connect(self.words_wanted)
        self.left.clicked.connect(self.show_left_files)
        self.cancel.clicked.connect(self.cancelled)
        desk.changed.connect(self.refresh)
        self.refresh()

    @property
    def bar(self) -> QProgressBar:
        """How far the reading is."""
        return self.waiting.bar

    def show_reading(self, event: Preparing | None) -> None:
        """The folder is being read; ``event`` says how far that is."""
        self.show_failure("")
        headline = self.tr("Reading your videos")
        if event is not None and event.stage is PreparationStage.CAPTIONS:
            headline = self.tr("Writing captions")
        elif event is not None and event.stage is PreparationStage.SKELETON:
            headline = self.tr("Looking for the person in each clip")
        if event is None or not event.total:
            self.waiting.show_progress(headline, event.name if event else self.tr("This takes a moment."), None)
        else:
            said = self.tr("{done} of {total}: {name}").format(done=event.done, total=event.total, name=event.name)
            self.waiting.show_progress(headline, said, event.done / event.total)
        self.pages.setCurrentIndex(1)

    def show_failure(self, sentence: str) -> None:
        """Why it could not be read; empty takes the words away."""
        self.failure.setText(sentence)
        self.failure.setVisible(bool(sentence))
        if sentence:
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Shows the clips, or the place to drop a folder."""
        footage = self._desk.footage
        if footage is None:
            self.pages.setCurrentIndex(0)
            return
        used = sum(clip.is_used for clip in footage.clips)
        seconds = sum(clip.seconds for clip in footage.clips if clip.is_used)
        said = self.tr("{used} of {clips} are used, {length} in all")
        self.summary.setText(
            said.format(
                used=f"{used:,}", clips=words.clip_count(len(footage.clips)), length=common.film_length(seconds)
            )
        )
        held = len(self._desk.held_out)
        if held:
            self.summary.setText(
                self.tr("{summary}; {count} are held out for test films").format(
                    summary=self.summary.text(), count=f"{held:,}"
                )
            )
        silent = 0 if footage.needs else sum(clip.is_used and not clip.caption for clip in footage.clips)
        self._show_silent(silent)
        self.folder.setText(QDir.toNativeSeparators(footage.folder))
        self._show_problems(problems_beside(footage))
        self._show_left(len(footage.not_used))
        self.pages.setCurrentIndex(2)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A folder may be dropped anywhere here."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Reads it."""
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.folder_chosen.emit(footage_folder(Path(paths[0])))

    def _show_problems(self, problems: tuple[str, ...]) -> None:
        shown = list(problems[:_PROBLEMS])
        if len(problems) > _PROBLEMS:
            shown.append(self.tr("And {count} more.").format(count=len(problems) - _PROBLEMS))
        self.problems.setText("\n".join(shown))
        hidden = "<br>".join(escape(each) for each in problems[_PROBLEMS:_MOST_HIDDEN])
        self.problems.setToolTip(hidden and f"<p>{hidden}</p>")
        self.problems.setVisible(bool(shown))

    def show_named(self, named: Sequence[FolderRepeat]) -> None:
        """Offers what folders are named for; none = there is nothing to offer."""
        shown = ", ".join(f"“{each.folder}”" for each in named[:_PROBLEMS])
        said = self.tr("{folders}: named for repeats, as in kohya's trainer. Choose that under “Words and folders”.")
        self.offer.setText(said.format(folders=visible(shown)) if named else "")
        self.offer.setVisible(bool(named))

    def show_left_files(self) -> None:
        """Names every file in the folder that is not used, and why."""
        footage = self._desk.footage
        if footage is not None:
            dialog = LeftFilesDialog(footage.not_used, self)
            dialog.setObjectName("files not used")
            dialog.open()

    def _show_left(self, count: int) -> None:
        one = self.tr("1 file not used…")
        self.left.setText(one if count == 1 else self.tr("{count} files not used…").format(count=f"{count:,}"))
        self.left.setVisible(count > 0)

    def _show_silent(self, count: int) -> None:
        """How many clips have no caption: without any there is nothing to write."""
        self.captions.setEnabled(count > 0)
        self.captions.setToolTip(
            self.tr("A model looks at the clips without a caption and describes them.")
            if count
            else self.tr("Every clip that is used has a caption.")
        )

    def _lay_out(self) -> None:
        empty = QWidget(self)
        column_of((self.well, 1), self.hint, within=empty, spacing=12)
        reading = QWidget(self)
        column_of(2, self.waiting, (self.cancel, 0, Qt.AlignmentFlag.AlignHCenter), 3, within=reading, margins=None)
        self.pages.addWidget(empty)
        self.pages.addWidget(reading)
        self.pages.addWidget(self._clips_page())
        column_of(self.failure, (self.pages, 1), within=self, spacing=8)

    def _clips_page(self) -> QWidget:
        page = QWidget(self)
        self.summary.setProperty("role", "strong")
        self.folder.setProperty("tone", "dim")
        head = row_of(self.summary, (self.folder, 1), self.again, self.change, spacing=10)
        tools = row_of(self.words, self.captions, 1, self.left, spacing=10)
        column_of(head, tools, self.offer, self.problems, (self.browser, 1), within=page, spacing=8)
        return page
