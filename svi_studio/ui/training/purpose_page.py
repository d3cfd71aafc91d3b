"""What the LoRA is for, and for which computer: plain cards, and the expert's knobs one level down."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QScrollArea, QWidget

from svi_studio.document.training.estimate_words import proof_words
from svi_studio.document.training.training_draft import TrainingDraft
from svi_studio.document.training.words import needs_words, scene_words
from svi_studio.domain.training.recipe import Purpose, TrainingRecipe
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field, note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.section import Section
from svi_studio.ui.training.choice_card import ChoiceCard
from svi_studio.ui.training.expert_form import ExpertForm
from svi_studio.ui.training.needs_box import NeedsBox
from svi_studio.ui.training.start_fields import StartFields

_USUAL: tuple[Purpose, ...] = ("scene", "story", "pro", "style")


class PurposePage(QWidget):
    """Fills ``draft`` from ``presets``, by their short names. ``models`` are those on this computer, by name."""

    def __init__(
        self, draft: TrainingDraft, presets: Mapping[str, TrainingRecipe], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._draft, self._presets = draft, presets
        self._purpose: Purpose = "scene"
        self._prefers = ""
        self.cards = {purpose: self._card(purpose) for purpose in (*_USUAL, "talk", "dance")}
        self.preset = ChoiceBox(self)
        self.model = ChoiceBox(self)
        self.follows = note_label(parent=self)
        self.changed_note = note_label(parent=self)
        self.needs = note_label(parent=self)
        self.proof = note_label(parent=self)
        self.estimate = NeedsBox(self)
        self.start = StartFields(draft, self)
        self.more = Section(self.tr("Talk and Dance"), parent=self)
        self.expert = Section(self.tr("Expert settings"), parent=self)
        self.form = ExpertForm(draft, self)
        self.expert.body.addWidget(self.form)
        self._lay_out()
        group = QButtonGroup(self)
        for purpose, card in self.cards.items():
            group.addButton(card)
            card.clicked.connect(lambda _checked=False, purpose=purpose: self.choose_purpose(purpose))
        self.preset.chosen.connect(self.choose_preset)
        self.model.chosen.connect(lambda name: draft.edit("model", name))
        draft.changed.connect(self.refresh)

    def prefer_model(self, name: str) -> None:
        """Of several presets for a purpose, begin with the first one for this model; the film's, for example."""
        self._prefers = name

    def show_models(self, names: tuple[str, ...]) -> None:
        """These models are on this computer."""
        self._models = names
        self.refresh()

    def choose_purpose(self, purpose: Purpose) -> None:
        """Takes the purpose, and the preset for it that needs least, or that is for the film's own model."""
        self._purpose = purpose
        names = self._names(purpose)
        own = [name for name in names if self._presets[name].model == self._prefers]
        if names:
            self.choose_preset((own or names)[0])

    def choose_preset(self, name: object) -> None:
        """Begins with this preset."""
        if isinstance(name, str) and name in self._presets:
            self._draft.start(name, self._presets[name])

    _models: tuple[str, ...] = ()

    @Slot()
    def refresh(self) -> None:
        """Shows the draft."""
        recipe = self._draft.recipe
        if recipe is None:
            return
        self._purpose = recipe.purpose
        self.cards[recipe.purpose].setChecked(True)
        if recipe.purpose not in _USUAL:
            self.more.set_open(True)
        self.preset.show_choices([Choice(name, self._presets[name].name) for name in self._names(recipe.purpose)])
        self.preset.show_value(self._draft.preset_name or self._nearest(recipe))
        names = dict.fromkeys((*self._models, recipe.model))
        missing = self.tr("{name} (not on this computer)")
        self.model.show_choices(
            [Choice(name, name if name in self._models else missing.format(name=name)) for name in names]
        )
        self.model.show_value(recipe.model)
        self.follows.setText(recipe.follows)
        self.follows.setVisible(bool(recipe.follows))
        self.changed_note.setVisible(self._draft.is_changed)
        self.proof.setText(proof_words(recipe.purpose)[1])
        self.proof.setVisible(bool(self.proof.text()))
        self.estimate.ask()
        self.needs.setText(" ".join(filter(None, (needs_words(recipe.family), scene_words(recipe)))))
        self.needs.setVisible(bool(self.needs.text()))
        self.start.refresh()

    def _nearest(self, recipe: TrainingRecipe) -> str:
        """The preset that a recipe from elsewhere came from, by what it follows."""
        names = self._names(recipe.purpose)
        return next((name for name in names if self._presets[name].follows == recipe.follows), "")

    def _names(self, purpose: Purpose) -> list[str]:
        """The presets for ``purpose``, the one that needs least first."""
        own = [name for name, recipe in self._presets.items() if recipe.purpose == purpose]
        return sorted(own, key=lambda name: (_load(self._presets[name]), name))

    def _card(self, purpose: Purpose) -> ChoiceCard:
        icon, title, sentence = {
            "scene": (
                "pin",
                self.tr("Keep one scene stable"),
                self.tr("One place, one subject, for as long as you like: colours and shapes stay as they were."),
            ),
            "story": (
                "film",
                self.tr("Film with scene changes"),
                self.tr("A storyline with new scenes and actions that stays sharp and keeps its colours."),
            ),
            "pro": (
                "layers",
                self.tr("Pro, for Wan 2.2"),
                self.tr(
                    "Long stories on Wan 2.2, with latents handed from clip to clip. Trains a LoRA for each of its two "
                    "experts. Untested at full size."
                ),
            ),
            "style": (
                "picture",
                self.tr("A style"),
                self.tr("The look of your footage: its light, its colours, its hand. It does nothing against drift."),
            ),
            "talk": (
                "text",
                self.tr("Talk"),
                self.tr("Faces that stay steady while they speak. Needs videos of one speaker, with their sound."),
            ),
            "dance": (
                "compare",
                self.tr("Dance"),
                self.tr("Bodies that stay steady while they dance. Needs videos of one dancer; poses are found there."),
            ),
        }[purpose]
        return ChoiceCard(icon, title, sentence, self, proof_words(purpose)[0])

    def _lay_out(self) -> None:
        inner = QWidget(self)
        inner.setProperty("transparent", True)
        column = column_of(
            row_of(*((self.cards[purpose], 1) for purpose in _USUAL), spacing=14),
            row_of(
                (Field(self.tr("Recipe"), self.preset, parent=self), 1),
                (Field(self.tr("Model"), self.model, parent=self), 1),
                spacing=16,
            ),
            self.follows,
            self.proof,
            self.needs,
            self.estimate,
            self.start,
            within=inner,
            spacing=14,
            margins=(2, 2, 10, 2),
        )
        self.changed_note.setText(self.tr("You changed some of its settings."))
        column.addWidget(self.changed_note)
        self.more.body.addLayout(row_of((self.cards["talk"], 1), (self.cards["dance"], 1), spacing=14))
        column.addWidget(self.expert)
        column.addWidget(self.more)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        column_of(scroll, within=self)


def _load(recipe: TrainingRecipe) -> float:
    """How much work a recipe is, only to sort: pixels of a step, its clips, all steps of both experts, the rank."""
    pixels = recipe.num_frames * recipe.width * recipe.height
    steps = recipe.steps * (len(recipe.parts) or 1)
    return float(pixels * recipe.batch_size * recipe.accumulation * steps * recipe.lora.rank)
