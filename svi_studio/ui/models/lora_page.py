"""The page of all LoRAs on this computer: searched by any word, those that fit the film first."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QStackedWidget, QWidget

from svi_studio.document.models.lora_shelf import ShelvedLora, kind_words, twin_of
from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.ui.controls.layouts import Gap, column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.models.lora_detail import LoraDetail
from svi_studio.ui.models.lora_list import LoraListView

_DETAIL = 330


class LoraPage(QWidget):
    """``add_wanted`` brings the LoRAs that shall go into the film, ``find_wanted`` and ``get_wanted``: other pages."""

    add_wanted = Signal(tuple)
    find_wanted = Signal()
    get_wanted = Signal()

    def __init__(self, desk: ModelsDesk, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._has_film, self._model = False, ""
        self.words = QLineEdit(self)
        self.words.setPlaceholderText(self.tr("Search by name, kind or word"))
        self.words.setAccessibleName(self.tr("Search the LoRAs"))
        self.words.setClearButtonEnabled(True)
        self.only_fitting = QCheckBox(self.tr("Only those that fit the film"), self)
        self.list = LoraListView(thumbnails, self)
        self.detail = LoraDetail(thumbnails, self)
        self.count = plain_label("", self)
        self.empty = self._empty_page()
        self.pages = QStackedWidget(self)
        self._lay_out()
        self.words.textChanged.connect(self.show_state)
        self.only_fitting.toggled.connect(self.show_state)
        self.list.picked.connect(self._picked)
        self.list.taken.connect(self._taken)
        self.detail.add_wanted.connect(self.add_wanted)
        desk.changed.connect(self.show_state)
        self.show_film(None)

    def show_film(self, model: str | None) -> None:
        """Which model the film has; None = no film can take a LoRA."""
        self._has_film, self._model = model is not None, model or ""
        self.detail.set_refusal("" if self._has_film else self.tr("No film is open: open one, then add it there."))
        self.only_fitting.setVisible(self._has_film)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Shows the LoRAs that were asked for."""
        every = self._desk.loras
        wanted = self.words.text().casefold().split()
        only = self.only_fitting.isChecked() and self._has_film
        shown = [lora for lora in every if _has(lora, wanted) and not (only and (lora.problem or lora.unfit))]
        shown.sort(key=lambda lora: (bool(lora.problem), bool(lora.unfit)))
        self.detail.set_compared(not self._has_film or self._desk.loras_for == self._model)
        self.list.show_loras(shown)
        self.pages.setCurrentIndex(0 if every or not self._desk.has_read_loras else 1)
        self.count.setText(self._count(len(shown), len(every)))

    def _count(self, shown: int, every: int) -> str:
        if not self._desk.has_read_loras:
            return self.tr("Looking at your LoRAs…")
        if not shown:
            return self.tr("None of your {count} LoRAs is like that.").format(count=every)
        if shown < every:
            return self.tr("{shown} of {count} LoRAs").format(shown=shown, count=every)
        return self.tr("1 LoRA") if every == 1 else self.tr("{count} LoRAs").format(count=every)

    @Slot(object)
    def _picked(self, lora: ShelvedLora | None) -> None:
        self.detail.setVisible(lora is not None)
        if lora is not None:
            self.detail.show_lora(lora, twin_of(lora, self._desk.loras))

    @Slot(object)
    def _taken(self, _lora: ShelvedLora) -> None:
        if self.detail.add.isEnabled():
            self.detail.add.click()

    def _empty_page(self) -> QWidget:
        """Without any LoRA: what one is, and the two ways to some."""
        page = QWidget(self)
        sentence = plain_label(
            self.tr(
                "A LoRA changes how a model draws or moves. Yours appear here: those in the models folder, and those "
                "found in the folders of other programs."
            ),
            page,
        )
        find, get = QPushButton(self.tr("Find LoRAs here"), page), QPushButton(self.tr("Get some"), page)
        find.setProperty("primary", True)
        find.clicked.connect(self.find_wanted)
        get.clicked.connect(self.get_wanted)
        column_of(sentence, row_of(find, get, 1, spacing=8), 1, within=page, spacing=14, margins=(32, 0, 32, 0))
        return page

    def _lay_out(self) -> None:
        title = QLabel(self.tr("LoRAs"), self)
        title.setProperty("role", "title")
        self.detail.setFixedWidth(_DETAIL)
        head = column_of(title, plain_label(self.tr("What changes how a model draws or moves."), self), spacing=4)
        head.setContentsMargins(32, 28, 24, 6)
        filled = QWidget(self)
        tools = row_of((self.words, 1), self.only_fitting, spacing=14)
        left = column_of(tools, self.count, (self.list, 1), spacing=8, margins=(32, 0, 0, 12))
        row_of((left, 1), self.detail, within=filled, spacing=8)
        self.pages.addWidget(filled)
        self.pages.addWidget(self.empty)
        column_of(head, Gap(6), (self.pages, 1), within=self, spacing=4)


def _has(lora: ShelvedLora, wanted: list[str]) -> bool:
    told = " ".join((lora.title, str(lora.path), *kind_words(lora), *lora.notes.triggers)).casefold()
    return all(word in told for word in wanted)
