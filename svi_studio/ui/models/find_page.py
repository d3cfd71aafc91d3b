"""The page that looks for models of other programs on this computer, and says what can be filmed with them."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from svi_studio.document.models.file_words import facts, kind_title, short_path
from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.document.models.places import SearchPlace
from svi_studio.document.models.search_desk import SearchResult
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.field import small_button
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.section import Section
from svi_studio.ui.dialogs.choose_file import choose_folder
from svi_studio.ui.dialogs.plain_dialog import plain_label, section_label
from svi_studio.ui.models.card import Card
from svi_studio.ui.models.filmable_card import FilmableCard
from svi_studio.ui.models.other_files import OtherFiles
from svi_studio.ui.models.page import ModelsPage

_PROBLEMS = 5  # sentences


class FindPage(ModelsPage):
    """``loras_wanted``: the user wants to see those that were found; ``get_wanted``: there is nothing here to use."""

    loras_wanted = Signal()
    get_wanted = Signal()

    def __init__(self, desk: ModelsDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.set_heading(
            self.tr("On this computer"),
            self.tr(
                "Models that ComfyUI, Wan2GP and others have are used where they are: nothing is copied or changed."
            ),
        )
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Looking for models"))
        self.place = ElidedLabel("", parent=self)
        self.place.setProperty("tone", "dim")
        self.cancel = QPushButton(self.tr("Stop looking"), self)
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(desk.search.cancel)
        self.search_line = QWidget(self)
        words = column_of(self.bar, self.place, spacing=6)
        row_of((words, 1), self.cancel, within=self.search_line, spacing=16)
        self.head.addSpacing(8)
        self.head.addWidget(self.search_line)
        desk.places.changed.connect(self.show_state)
        desk.search.changed.connect(self.show_state)
        desk.search.progress.connect(self._show_progress)
        desk.changed.connect(self.show_state)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Shows the places and what was found in them."""
        desk = self._desk
        searching = desk.search.is_searching
        self.search_line.setVisible(searching)
        if not searching:
            self.place.setText("")
        state = (desk.places.all, desk.places.has_looked, searching, desk.search.result, desk.search.linking)
        self.fill((*state, desk.installed, tuple(desk.fetches.models)), self._build)

    def look_everywhere(self) -> None:
        """Looks through every place on the list."""
        self._desk.search.look_through([place.folder for place in self._desk.places.all])

    def look_through(self, *folders: Path) -> None:
        """Looks through folders that the user chose, and keeps them on the list."""
        for folder in folders:
            self._desk.places.add(folder)
        self._desk.search.look_through(folders)

    @Slot(int, str)
    def _show_progress(self, count: int, folder: str) -> None:
        words = self.tr("{count} files and folders looked at, in {folder}")
        self.place.setText(words.format(count=f"{count:,}", folder=short_path(Path(folder))))

    def _used(self) -> frozenset[str]:
        return frozenset(file for model in self._desk.installed for file in model.transformer)

    def _build(self) -> None:
        result = self._desk.search.result
        if result is not None and not self._desk.search.is_searching:
            self._build_result(result)
        self.add(section_label(self.tr("Where to look"), self))
        self.add(self._places())

    def _places(self) -> Card:
        places = self._desk.places
        title = self.tr("Folders of models")
        if not places.all:
            title = self.tr("No folder of another program was found") if places.has_looked else self.tr("Looking…")
        card = Card("folder", title, "", self)
        for place in places.all:
            card.body.addWidget(self._place_row(place, card))
        if not places.all and places.has_looked:
            card.add_line(
                self.tr("Choose the folder in which ComfyUI, Wan2GP or you yourself keep models, or one above it.")
            )
        if not places.all:
            card.add_button(self.tr("Get a model")).clicked.connect(self.get_wanted)
        choose = card.add_button(self.tr("Choose a folder…"), primary=not places.all)
        choose.clicked.connect(self._choose)
        if places.all:
            look = card.add_button(self.tr("Look for models"), primary=True)
            look.setEnabled(not self._desk.search.is_searching)
            look.clicked.connect(self.look_everywhere)
        return card

    def _place_row(self, place: SearchPlace, parent: QWidget) -> QWidget:
        row = QWidget(parent)
        name = plain_label(place.program or self.tr("Chosen by you"), row, "")
        name.setFixedWidth(130)
        path = ElidedLabel(short_path(place.folder), parent=row)
        path.setProperty("tone", "dim")
        line = row_of(name, (path, 1), within=row, spacing=8)
        look = small_button("search", self.tr("Look through this folder alone"), row)
        look.setEnabled(not self._desk.search.is_searching)
        look.clicked.connect(lambda: self._desk.search.look_through([place.folder]))
        line.addWidget(look)
        if not place.program:
            forget = small_button("close", self.tr("Take this folder off the list"), row)
            forget.clicked.connect(lambda: self._desk.places.forget(place.folder))
            line.addWidget(forget)
        return row

    def _choose(self) -> None:
        choose_folder(self, self.tr("Choose a folder of models"), lambda folder: self.look_through(Path(folder)))

    def _build_result(self, result: SearchResult) -> None:
        ready = [each for each in result.filmables if each.ready]
        asking = [each for each in result.filmables if each.questions and not each.missing]
        lacking = [each for each in result.filmables if each.missing]
        used = self._used()
        if not result.rows:
            places = ", ".join(short_path(folder) for folder in result.folders[:3])
            nothing = Card("search", self.tr("No model files are there"), places, self)
            nothing.add_button(self.tr("Get a model")).clicked.connect(self.get_wanted)
            self.add(nothing)
        for title, found in (
            (self.tr("Ready to film"), ready),
            (self.tr("Ready after one answer"), asking),
            (self.tr("Something is missing"), lacking),
        ):
            if found:
                self.add(section_label(title, self))
            for each in found:
                files = set(each.parts["transformer"].files) if "transformer" in each.parts else set()
                self.add(FilmableCard(self._desk, each, is_used=bool(files) and files <= used, parent=self))
        self._add_loras(result)
        others = tuple(_others(result))
        if others:
            self.add(self._other_files(others))
        for problem in result.problems[:_PROBLEMS]:
            self.add(plain_label(problem, self, "warn"))
        more = len(result.problems) - _PROBLEMS
        if more > 0:
            self.add(plain_label(self.tr("And {count} more like that.").format(count=more), self, "warn"))

    def _add_loras(self, result: SearchResult) -> None:
        count = sum(row.kind == "lora" and row.usable for row in result.rows)
        if count:
            title = self.tr("1 LoRA") if count == 1 else self.tr("{count} LoRAs").format(count=count)
            card = Card("layers", title, self.tr("They are in the library now."), self)
            card.add_button(self.tr("See the LoRAs")).clicked.connect(self.loras_wanted)
            self.add(card)

    def _other_files(self, rows: tuple[ModelFile, ...]) -> Section:
        title = self.tr("1 other file") if len(rows) == 1 else self.tr("{count} other files").format(count=len(rows))
        section = Section(title, parent=self)
        section.body.addWidget(OtherFiles([(Path(row.path), kind_title(row), facts(row), row.why) for row in rows]))
        return section


def _others(result: SearchResult) -> Iterator[ModelFile]:
    """Files that no model of the result is made of, and that are no LoRA that can be used."""
    taken = {file for each in result.filmables for network in each.parts.values() for file in network.files}
    asked = {
        file for each in result.filmables for question in each.questions for n in question.choices for file in n.files
    }
    for row in result.rows:
        if row.path not in taken | asked and not (row.kind == "lora" and row.usable):
            yield row
