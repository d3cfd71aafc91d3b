"""The export dialog: choose what, which part and where to; the window stays usable while it is written."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QWidget

from svi_studio.document import words
from svi_studio.document.export.dialog_words import Verdict, summary, verdict
from svi_studio.document.export.export_request import choose_part
from svi_studio.document.export.run import ExportRun
from svi_studio.document.export.target import remember_folder
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label
from svi_studio.ui.export.choices import ExportChoices
from svi_studio.ui.export.result_page import ResultPage

_PAUSE_MS = 150


class ExportDialog(PlainDialog):
    """One for a window, shown again and again. Closed while it exports it only hides: the export goes on.

    ``render_wanted`` brings the indexes of clips that have no take yet (tuple). ``run`` tells how far an export is, and
    ``shutdown`` ends it.
    """

    render_wanted = Signal(object)

    def __init__(self, film: OpenFilm, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("ExportDialog", "Export"), parent=parent)
        self._film = film
        self._preferences = preferences
        self._written: Path | None = None
        self._missing: tuple[int, ...] = ()
        self.choices = ExportChoices(film, preferences, self)
        self.outcome = ResultPage(self)
        self.summary = plain_label("", self)
        self.problem = plain_label("", self, "warn")
        self.run = ExportRun(film, self)
        self.pages = QStackedWidget(self)
        self.render_missing = QPushButton(self.tr("Render them"), self)
        self.show_button = self.add_button(self.tr("Show in folder"), left=True)
        self.play_button = self.add_button(self.tr("Open"), left=True)
        self.again_button = self.add_button(self.tr("Export again"))
        self.close_button = self.add_button(self.tr("Close"))
        self.cancel_button = self.add_button(self.tr("Cancel the export"))
        self.export_button = self.add_button(self.tr("Export"), primary=True)
        self._lay_out()
        self._connect()
        self._show_choices()

    def shutdown(self) -> bool:
        """Ends an export that is under way; returns whether its process is gone. Waits some seconds at most."""
        return self.run.shutdown()

    def showEvent(self, event: QShowEvent) -> None:
        """The film may have changed since the last time."""
        super().showEvent(event)
        self.choices.refresh()
        if not self.run.is_running and self.pages.currentWidget() is self.outcome:
            self._show_choices()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hides; an export goes on."""
        event.accept()
        self.hide()

    def _lay_out(self) -> None:
        form = QWidget(self)
        column = QHBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.choices)
        self.pages.addWidget(form)
        self.pages.addWidget(self.outcome)
        self.body.addWidget(self.pages, 1)
        said = QHBoxLayout()
        said.setSpacing(12)
        said.addWidget(self.problem, 1)
        said.addWidget(self.render_missing)
        self.body.addWidget(self.summary)
        self.body.addLayout(said)
        self.problem.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.resize(860, 520)
        self.setModal(False)

    def _connect(self) -> None:
        self.choices.changed.connect(self._judge)
        self.export_button.clicked.connect(self._start)
        self.cancel_button.clicked.connect(self.run.cancel)
        self.close_button.clicked.connect(self.close)
        self.again_button.clicked.connect(self._show_choices)
        self.show_button.clicked.connect(self._show_in_folder)
        self.play_button.clicked.connect(self._open_file)
        self.render_missing.clicked.connect(lambda: self.render_wanted.emit(self._missing))
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._film_changed)
        film = self._film
        for signal in (film.states.settled, film.states.facts_changed, film.takes.changed, film.takes.scanned):
            signal.connect(self._soon.start)
        film.selection.changed.connect(self._film_changed)
        film.playhead.range_changed.connect(self._film_changed)
        self.run.progress.connect(self._show_progress)
        self.run.finished.connect(self._finished)
        self.run.failed.connect(self._failed)
        self.run.cancelled.connect(self._show_choices)

    @Slot()
    def _film_changed(self) -> None:
        if self.isVisible():
            self.choices.refresh()

    @Slot()
    def _judge(self) -> None:
        """Shows whether the export is possible, and what it will be."""
        request, chosen = self.choices.request, choose_part(self._film, self.choices.extent)
        found: Verdict = verdict(self._film, request, chosen)
        self._missing = found.missing
        self.problem.setText(found.sentence)
        self.problem.setVisible(bool(found.sentence) and self._is_choosing())
        self.render_missing.setVisible(bool(found.missing) and not self._film.read_only and self._is_choosing())
        self.summary.setText(summary(self._film, request, chosen) if request is not None and chosen is not None else "")
        self.export_button.setEnabled(found.is_possible)

    def _is_choosing(self) -> bool:
        return self.pages.currentWidget() is not self.outcome

    @Slot()
    def _show_choices(self) -> None:
        self._turn_to(0, self.export_button, self.close_button)
        self.choices.new_name()
        self._judge()

    def _turn_to(self, page: int, *buttons: QPushButton) -> None:
        self.pages.setCurrentIndex(page)
        self.summary.setVisible(page == 0)
        for widget in (self.problem, self.render_missing):
            widget.setVisible(False)
        for button in (
            self.show_button,
            self.play_button,
            self.again_button,
            self.close_button,
            self.cancel_button,
            self.export_button,
        ):
            button.setVisible(button in buttons)
        buttons[0].setDefault(True)
        buttons[0].setFocus()

    @Slot()
    def _start(self) -> None:
        request, chosen = self.choices.request, choose_part(self._film, self.choices.extent)
        if request is None or chosen is None or self.run.is_running:
            return
        remember_folder(self._preferences, request.target.parent)
        self._written = request.target
        self._turn_to(1, self.close_button, self.cancel_button)
        said = self.tr("You can go on working. Closing this dialog does not stop it.")
        self.outcome.show_progress(self.tr("Writing {name}").format(name=request.target.name), said, None)
        self.run.start(request, chosen)

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        name = self._written.name if self._written is not None else ""
        clip = self.tr("Clip {number} of {total}").format(number=min(done + 1, total), total=total)
        said = self.tr("{clip}. You can go on working; closing this dialog does not stop it.").format(clip=clip)
        self.outcome.show_progress(self.tr("Writing {name}").format(name=name), said, done / max(total, 1))

    @Slot(object)
    def _finished(self, path: Path) -> None:
        self._written = path
        self.again_button.setText(self.tr("Export again"))
        self._turn_to(1, self.show_button, self.play_button, self.again_button, self.close_button)
        where = self.tr("It is in {folder}.").format(folder=path.parent)
        size = self.tr("{size}. {where}").format(size=words.size(_bytes(path)), where=where)
        self.outcome.show_end(self.tr("{name} is done").format(name=path.name), size, well=True)

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        self.again_button.setText(self.tr("Back"))
        self._turn_to(1, self.again_button, self.close_button)
        self.outcome.show_end(self.tr("The export failed"), sentence, well=False)

    @Slot()
    def _show_in_folder(self) -> None:
        if self._written is not None:
            open_with_system(self._written.parent)

    @Slot()
    def _open_file(self) -> None:
        if self._written is not None:
            open_with_system(self._written)


def _bytes(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(file.stat().st_size for file in path.iterdir())
        return path.stat().st_size
    except OSError:
        return 0
