"""How fast the film is made: one list of recipes, what the chosen one costs, and a menu for the user's own."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QToolButton, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.recipe_cost import RecipePrices
from svi_studio.document.inspector.recipe_shelf import RecipeShelf
from svi_studio.document.inspector.recipe_words import (
    cost_words,
    part_words,
    recipe_sentence,
    recipe_title,
)
from svi_studio.domain.film.speed_recipe import FULL, SpeedRecipe
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field, small_button
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.inspector.recipe_dialogs import FilesDialog, NameDialog

_OWN = "own"


class FilmSpeed(QWidget):
    """A list of recipes; ``Own settings`` when the film's values are those of none."""

    def __init__(self, film: InspectedFilm, recipes: RecipeShelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film, self._recipes = film, recipes
        self.choice = ChoiceBox(self)
        self.field = Field(self.tr("Speed"), self.choice)
        self.more = self._more_button()
        self.field.row.addWidget(self.more)
        self.problem = plain_label("", self, "danger")
        self.problem.hide()
        column_of(self.field, self.problem, within=self, spacing=4)
        self.choice.chosen.connect(self._chosen)
        recipes.changed.connect(self.show_state)
        recipes.refused.connect(self.tell)
        film.states.settled.connect(self._planned)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Shows the recipe whose values the film has, and what it costs."""
        recipes, present = self._recipes, self._recipes.present
        prices = RecipePrices(self._film, recipes.sampling(FULL))
        choices = [self._choice(each, prices) for each in recipes.recipes]
        if present is None:
            choices.append(Choice(_OWN, self.tr("Own settings")))
        self.choice.show_choices(choices)
        self.choice.show_value(_OWN if present is None else present)
        self.choice.setEnabled(recipes.is_open and not recipes.is_copying)
        self.field.set_help(self._help(present, prices))
        self.keep.setEnabled(present is None and recipes.is_open)
        own = recipes.is_own(present)
        self.rename.setEnabled(own)
        self.remove.setEnabled(own)
        self.files.setEnabled(any(each.loras for each in recipes.recipes))

    @Slot()
    def _planned(self) -> None:
        """Prices may be known now; nobody who types a prompt waits for them."""
        if self.isVisible():
            self.show_state()

    def showEvent(self, event: QShowEvent) -> None:
        """Shows what came meanwhile."""
        super().showEvent(event)
        self.show_state()

    @Slot(str)
    def tell(self, sentence: str) -> None:
        """Says what is wrong; nothing with an empty sentence."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _choice(self, recipe: SpeedRecipe, prices: RecipePrices) -> Choice:
        title = recipe_title(recipe)
        if self._recipes.missing(recipe):
            return Choice(recipe, self.tr("{recipe} (needs files…)").format(recipe=title))
        part = part_words(prices.cost(self._recipes.sampling(recipe)))
        return Choice(recipe, f"{title} · {part}" if part else title)

    def _help(self, present: SpeedRecipe | None, prices: RecipePrices) -> str:
        if self._recipes.is_copying:
            return self.tr("Copying the LoRA files into the film…")
        cost = cost_words(prices.cost(self._recipes.sampling()))
        sentences = [recipe_sentence(present) if present is not None else "", cost, self._own_clips()]
        return " ".join(filter(None, sentences))

    def _own_clips(self) -> str:
        """Clips keep what they set themselves, whatever the recipe says."""
        clips = self._film.document.storyboard.clips
        own = sum(clip.num_inference_steps is not None or clip.guidance_scale is not None for clip in clips)
        if not own:
            return ""
        one = self.tr("1 clip has steps or guidance of its own.")
        return one if own == 1 else self.tr("{count} clips have steps or guidance of their own.").format(count=own)

    @Slot(object)
    def _chosen(self, value: object) -> None:
        self.tell("")
        if not isinstance(value, SpeedRecipe):
            self.show_state()
        elif self._recipes.missing(value):
            self.show_state()
            self.ask_for_files(value)
        else:
            self._recipes.use(value)
            self.show_state()

    def ask_for_files(self, recipe: SpeedRecipe) -> FilesDialog:
        """Lets the user choose the files that ``recipe`` needs, and uses it then."""
        dialog = FilesDialog(self._recipes, recipe, self._film.architecture, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.accepted.connect(lambda: self._recipes.use(recipe))
        dialog.open()
        return dialog

    def _more_button(self) -> QToolButton:
        button = small_button("more", self.tr("Recipes of your own"), self)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = KeyMenu(button)
        self.keep = menu.addAction(self.tr("Keep these settings as a recipe…"), self._ask_name)
        self.rename = menu.addAction(self.tr("Rename this recipe…"), self._ask_new_name)
        self.remove = menu.addAction(self.tr("Remove this recipe"), self._remove)
        menu.addSeparator()
        self.files = menu.addAction(self.tr("LoRA files for recipes…"), self._show_files)
        button.setMenu(menu)
        return button

    def _ask_name(self) -> None:
        words = self.tr("It holds steps, guidance, shift, boundary and the strengths of distilled LoRAs.")
        NameDialog(self.tr("Keep these settings"), words, "", self._recipes.keep, self).open()

    def _ask_new_name(self) -> None:
        present = self._recipes.present
        if present is not None:
            rename = lambda name: self._recipes.rename(present, name)  # noqa: E731 - the recipe as it is now
            NameDialog(self.tr("Rename the recipe"), "", present.name, rename, self).open()

    def _remove(self) -> None:
        present = self._recipes.present
        if present is not None:
            self.tell(self._recipes.remove(present))

    def _show_files(self) -> None:
        """The files of the recipe that wants the most of them."""
        most = max(self._recipes.recipes, key=lambda recipe: len(recipe.loras))
        if most.loras:
            dialog = FilesDialog(self._recipes, most, self._film.architecture, self, can_use=False)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
