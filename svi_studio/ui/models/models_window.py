"""The window "Models": your models, those that lie elsewhere on this computer, what can be got, the LoRAs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from svi_studio.document.models.lora_shelf import ShelvedLora
from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.choose_file import choose_file
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.models.fetch_strip import FetchStrip
from svi_studio.ui.models.file_dialog import FileDialog
from svi_studio.ui.models.find_page import FindPage
from svi_studio.ui.models.get_page import GetPage
from svi_studio.ui.models.installed_page import InstalledPage
from svi_studio.ui.models.lora_page import LoraPage
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon
from svi_studio.ui.window.banner import BannerStack, Way

PageName = Literal["installed", "find", "get", "loras"]

_SIDE = 236
_SECONDS, _READY_SECONDS = 20.0, 60.0


class ModelsWindow(QDialog):
    """One for the program. Closed, it only hides: what is coming goes on coming.

    ``use_wanted`` brings the name of a model that the film shall have, ``kit_wanted`` the state of a kit that it shall
    be made with, ``lora_wanted`` the path of a LoRA for it; ``closed`` comes when the window was hidden.
    """

    use_wanted = Signal(str)
    kit_wanted = Signal(object)
    lora_wanted = Signal(object)
    closed = Signal()

    def __init__(self, desk: ModelsDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Models"))
        self.setAcceptDrops(True)
        self._desk = desk
        self.banners = BannerStack(self)
        self.names = QListWidget(self)
        self.pages = QStackedWidget(self)
        self.installed = InstalledPage(desk, self)
        self.finder = FindPage(desk, self)
        self.get = GetPage(desk, self)
        self.thumbnails = Thumbnails(self)
        self.loras = LoraPage(desk, self.thumbnails, self)
        self.asked: FileDialog | None = None
        self._film_model: str | None = None
        self.strip = FetchStrip(desk.fetches, self)
        self._places: dict[PageName, int] = {}
        self._add_page("installed", self.tr("Your models"), "model", self.installed)
        self._add_page("find", self.tr("On this computer"), "search", self.finder)
        self._add_page("get", self.tr("Get models"), "arrow-down", self.get)
        self._add_page("loras", self.tr("LoRAs"), "layers", self.loras)
        self._lay_out()
        self._connect()
        self.show_page("installed")

    def show_page(self, name: PageName) -> None:
        """Turns to a page."""
        self.names.setCurrentRow(self._places[name])

    def show_film(self, model: str | None) -> None:
        """Which model the film has that LoRAs and models would go into; None = there is none, or it is read only."""
        self._film_model = model
        self.installed.show_film(model)
        self.get.show_film(model)
        self.loras.show_film(model)

    def showEvent(self, event: QShowEvent) -> None:
        """Models may have come or gone."""
        super().showEvent(event)
        self._desk.look()
        self._desk.places.look()
        self._desk.look_as_before()
        self.names.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hides; what is coming goes on."""
        event.accept()
        self.hide()
        self.closed.emit()

    def reject(self) -> None:
        """Closes the window on Escape."""
        self.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere: it is said what it is."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Looks at what was dropped."""
        event.acceptProposedAction()
        self.take(dropped_paths(event.mimeData()))

    def shutdown(self) -> None:
        """Ends the thread that reads pictures."""
        self.hide()
        self.thumbnails.close()

    def take(self, paths: Sequence[Path]) -> None:
        """Says what a file is; looks for models in folders."""
        self._desk.take(paths)

    @Slot(list, list)
    def _dropped(self, folders: list[Path], files: list[Path]) -> None:
        if folders:
            self._look_through(*folders)
        if not folders and files:
            self._ask_about(files[0])
        count = len(files) - (not folders)
        if count > 0:
            left = self.tr("1 file was left out") if count == 1 else self.tr("{count} files were left out")
            self.tell("warn", self.tr("{left}: drop one file at a time.").format(left=left.format(count=count)))

    def _ask_about(self, path: Path) -> None:
        if self.asked is not None:
            self.asked.reject()
        self.asked = dialog = FileDialog(path, self)
        dialog.look_wanted.connect(self._look_through)
        dialog.lora_wanted.connect(self.lora_wanted)
        dialog.finished.connect(lambda _result: self._forget_asked(dialog))
        dialog.open()
        self._desk.what_is(path)

    def _ask_file(self) -> None:
        kinds = self.tr("Model files (*.safetensors *.sft *.gguf *.ckpt *.pt *.pth *.bin)")
        choose_file(self, self.tr("What is this file?"), kinds, lambda file: self.take([Path(file)]))

    @Slot(object, object)
    def _told(self, path: Path, found: object) -> None:
        """Of another file than the one that is asked about now nobody wants to know any more."""
        if self.asked is None or self.asked.path != path:
            return
        if isinstance(found, ModelFile):
            self.asked.show_row(found, can_add=self._film_model is not None)
        else:
            self.asked.show_problem(str(found))

    def _forget_asked(self, dialog: FileDialog) -> None:
        if self.asked is dialog:
            self.asked = None

    def _look_through(self, *folders: Path) -> None:
        self.show_page("find")
        self.finder.look_through(*folders)

    def _add_page(self, name: PageName, title: str, drawing: str, page: QWidget) -> None:
        self._places[name] = self.pages.addWidget(page)
        item = QListWidgetItem(icon(drawing, "text-dim"), title)
        item.setData(Qt.ItemDataRole.UserRole, drawing)
        item.setSizeHint(QSize(100, 38))
        self.names.addItem(item)

    def _lay_out(self) -> None:
        side = QFrame(self)
        side.setProperty("role", "side")
        side.setFixedWidth(_SIDE)
        title = QLabel(self.tr("Models"), side)
        title.setProperty("role", "heading")
        self.names.setProperty("role", "nav")
        self.names.setAccessibleName(self.tr("Pages"))
        self.names.setIconSize(QSize(18, 18))
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        hint = plain_label(self.tr("Drop any model file on this window to hear what it is."), side)
        self.ask_file = QPushButton(self.tr("What is this file…"), side)
        self.ask_file.setAutoDefault(False)
        self.ask_file.clicked.connect(self._ask_file)
        column_of(title, (self.names, 1), hint, self.ask_file, within=side, spacing=12, margins=(16, 20, 16, 18))
        right = column_of(self.banners, (self.pages, 1), self.strip, spacing=0)
        row_of(side, (right, 1), within=self, spacing=0)
        self.setMinimumSize(860, 560)
        room = self.screen().availableSize()
        self.resize(min(1180, round(room.width() * 0.95)), min(780, round(room.height() * 0.92)))

    def _connect(self) -> None:
        self.names.currentRowChanged.connect(self.pages.setCurrentIndex)
        self.installed.use_wanted.connect(self.use_wanted)
        self.get.use_wanted.connect(self.kit_wanted)
        for page in (self.installed, self.loras, self.finder):
            page.get_wanted.connect(lambda: self.show_page("get"))
        for page in (self.installed, self.loras):
            page.find_wanted.connect(self._find)
        self.finder.loras_wanted.connect(lambda: self.show_page("loras"))
        self.loras.add_wanted.connect(self._add_loras)
        self._desk.told.connect(self._told)
        self._desk.dropped.connect(self._dropped)
        self._desk.said.connect(self.tell)
        self._desk.ready.connect(self._tell_ready)
        theme().changed.connect(self._draw_icons)

    @Slot(str, str)
    def tell(self, tone: str, sentence: str) -> None:
        """Says something above the pages; ``tone`` is ok, warn or danger."""
        self.banners.tell("said", "ok" if tone == "ok" else "warn", sentence, seconds=_SECONDS)

    @Slot(str)
    def _tell_ready(self, name: str) -> None:
        """A new model is there: it goes into the film by one press."""
        ways: list[Way] = [(self.tr("See it"), lambda: self.show_page("installed"))]
        if self._film_model is not None:
            ways.append((self.tr("Use in the film"), lambda: self.use_wanted.emit(name)))
        sentence = self.tr("{model} is ready: films can use it now.").format(model=name)
        self.banners.tell("said", "ok", sentence, ways, seconds=_READY_SECONDS)

    @Slot(tuple)
    def _add_loras(self, loras: tuple[ShelvedLora, ...]) -> None:
        for lora in loras:
            self.lora_wanted.emit(lora.path)

    def _find(self) -> None:
        """The page that looks, which begins to where there is anything to look through."""
        self.show_page("find")
        if self._desk.search.result is None:
            self.finder.look_everywhere()

    def _draw_icons(self) -> None:
        for row in range(self.names.count()):
            item = self.names.item(row)
            item.setIcon(icon(item.data(Qt.ItemDataRole.UserRole), "text-dim"))
