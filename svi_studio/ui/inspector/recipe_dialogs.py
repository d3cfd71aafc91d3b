"""Asks for what a speed recipe lacks: a name for one's own, the LoRA files that one needs."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from svi_studio.document.inspector.recipe_shelf import RecipeShelf
from svi_studio.document.inspector.recipe_words import lora_words, missing_sentence, recipe_title
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.speed_recipe import KnownLora, RecipeLora, SpeedRecipe
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.picture_well import dropped_file
from svi_studio.ui.dialogs.choose_file import choose_file
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label

_WIDTH = 520


class NameDialog(PlainDialog):
    """Asks for a name until ``take`` finds nothing wrong with it: it gets the name and returns a sentence, or ""."""

    def __init__(
        self, heading: str, sentence: str, name: str, take: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(heading, sentence, parent)
        self._take = take
        self.setMinimumWidth(_WIDTH - 120)
        self.name = QLineEdit(name, self)
        self.name.setMaxLength(80)
        self.name.setPlaceholderText(self.tr("For example: night scenes, 6 steps"))
        self.name.setAccessibleName(self.tr("Name of the recipe"))
        self.problem = plain_label("", self, "danger")
        self.problem.hide()
        self.body.addWidget(self.name)
        self.body.addWidget(self.problem)
        self.body.addStretch(1)
        self.add_button(self.tr("Cancel")).clicked.connect(self.reject)
        self.ok = self.add_button(self.tr("Keep"), primary=True)
        self.ok.clicked.connect(self.accept)
        self.name.textChanged.connect(self._typed)
        self.finished.connect(self.deleteLater)
        self._typed()

    def accept(self) -> None:
        """Closes when the name could be taken."""
        problem = self._take(self.name.text())
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if not problem:
            super().accept()

    def _typed(self) -> None:
        self.ok.setEnabled(bool(self.name.text().strip()))
        self.problem.hide()


class FileRow(QWidget):
    """One LoRA that a recipe wants, the file that was found for it, and a button that asks for another."""

    def __init__(self, recipes: RecipeShelf, lora: RecipeLora, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipes, self.lora = recipes, lora
        title = QLabel(lora_words(lora), self)
        title.setProperty("role", "section")
        title.setWordWrap(True)
        self.file = ElidedLabel("")
        self.choose = QPushButton(self.tr("Choose…"), self)
        self.choose.setAutoDefault(False)
        self.choose.setAccessibleName(self.tr("Choose: {what}").format(what=lora_words(lora)))
        self.problem = plain_label("", self, "danger")
        self.problem.hide()
        column_of(title, row_of((self.file, 1), self.choose, spacing=8), self.problem, within=self, spacing=4)
        self.choose.clicked.connect(self._ask)
        self.setAcceptDrops(True)

    def show_file(self, known: KnownLora | None) -> None:
        """Shows the file that was found for it."""
        self.file.setText(self.tr("No file yet") if known is None else self._recipes.name(known))
        self.file.setToolTip("" if known is None else known.file)

    def take(self, path: Path) -> None:
        """Takes a file, or says why it cannot be."""
        self.problem.hide()
        self._recipes.choose_file(path, self.lora, self._told)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped here."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Takes it."""
        file = dropped_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.take(file)

    def _told(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _ask(self) -> None:
        kinds = self.tr("LoRA files (*.safetensors)")
        choose_file(self, self.tr("Choose a LoRA"), kinds, lambda file: self.take(Path(file)))


class FilesDialog(PlainDialog):
    """A row for each LoRA that ``recipe`` wants; accepted when all are there and the user wants it."""

    def __init__(
        self,
        recipes: RecipeShelf,
        recipe: SpeedRecipe,
        architecture: Architecture | None,
        parent: QWidget | None = None,
        *,
        can_use: bool = True,
    ) -> None:
        super().__init__(self.tr("LoRA files for “{recipe}”").format(recipe=recipe_title(recipe)), " ", parent)
        self._recipes, self._recipe, self._architecture = recipes, recipe, architecture
        self.setMinimumWidth(_WIDTH)
        self.rows = [FileRow(recipes, lora, self) for lora in recipe.loras]
        for row in self.rows:
            self.body.addWidget(row)
        self.body.addStretch(1)
        self.add_button(self.tr("Close") if not can_use else self.tr("Cancel")).clicked.connect(self.reject)
        self.ok = self.add_button(self.tr("Use this recipe"), primary=True)
        self.ok.setVisible(can_use)
        self.ok.clicked.connect(self.accept)
        recipes.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Shows which files are there."""
        missing = self._recipes.missing(self._recipe)
        here = self.tr("The recipe's files are here; the film gets copies of those that it has not yet.")
        self.sentence.setText(missing_sentence(missing, self._architecture) if missing else here)
        for row, (_, known) in zip(self.rows, self._recipes.found(self._recipe), strict=True):
            row.show_file(known)
        self.ok.setEnabled(not missing)
