"""The last look before a training: its name, what it needs, what this computer has, and no promises."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from svi_studio.document.training import words
from svi_studio.document.training.check_words import Need, Remark, needs, remarks, rounds_offered, swap_offered
from svi_studio.document.training.training_check import Checked
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.ui.controls.field import Field, note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.line_box import LineBox
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.dialogs.plain_dialog import empty_layout
from svi_studio.ui.theme import theme
from svi_studio.ui.training.remark_row import remark_row, tone_icon, tone_label
from svi_studio.ui.training.test_films_box import TestFilmsBox


class CheckPage(QWidget):
    """``renamed`` brings another name for the LoRA; ``smaller_wanted`` asks for the smaller preset.

    ``rounds_wanted`` brings how many rounds a step is to have, to see as many clips as the authors' did, and
    ``swap_wanted`` how many blocks are to be kept in ordinary memory.
    """

    rounds_wanted = Signal(int)
    swap_wanted = Signal(int)
    renamed = Signal(str)
    smaller_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checked: Checked | None = None
        self._without_caption = 0
        self.name = LineBox(80, self)
        self.summary = note_label(parent=self)
        self.smaller = QPushButton(self.tr("Use the smaller recipe"), self)
        self.smaller.hide()
        self.swap = QPushButton(self)
        self.swap.hide()
        self.swap.clicked.connect(self._want_swap)
        self.rounds = QPushButton(self)
        self.rounds.hide()
        self.rounds.clicked.connect(self._want_rounds)
        self.tests = TestFilmsBox(self)
        self._needs = QGridLayout()
        self._remarks = QVBoxLayout()
        self._lay_out()
        self.name.edited.connect(self.renamed)
        self.smaller.clicked.connect(self.smaller_wanted)
        theme().changed.connect(self._draw)

    def show_recipe(self, recipe: TrainingRecipe, clips: int, held_out: int = 0) -> None:
        """Shows what will be trained; it learns from ``clips`` of the footage, and ``held_out`` others test it."""
        self.tests.show_recipe(recipe, clips, held_out)
        if not self.name.hasFocus():
            self.name.show_text(recipe.name)
        what = self.tr("{steps} steps over {clips}, {frames} frames of {width} × {height}, rank {rank}, for {model}.")
        if recipe.parts:
            what = self.tr(
                "Two LoRAs, one for each expert, of {steps} steps each over {clips}, {frames} frames of "
                "{width} × {height}, rank {rank}, for {model}."
            )
        self.summary.setText(
            what.format(
                steps=f"{recipe.steps:,}",
                clips=words.clip_count(clips),
                frames=recipe.num_frames,
                width=recipe.width,
                height=recipe.height,
                rank=recipe.lora.rank,
                model=recipe.model,
            )
        )
        self.summary.show()

    def show_waiting(self) -> None:
        """Shows that the computer is being looked at."""
        self._checked = None
        self._draw()

    def show_checked(self, checked: Checked, without_caption: int) -> None:
        """Shows what was found."""
        self._checked, self._without_caption = checked, without_caption
        self._draw()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The texts of all remarks."""
        return tuple(each.sentence for each in self._all_remarks())

    def _all_remarks(self) -> tuple[Remark, ...]:
        if self._checked is None:
            return (Remark(self.tr("Looking at this computer and the model…"), "dim"),)
        return remarks(self._checked, self._without_caption)

    def _draw(self) -> None:
        empty_layout(self._needs)
        empty_layout(self._remarks)
        for place, need in enumerate(needs(self._checked) if self._checked is not None else ()):
            self._needs.addWidget(self._need_card(need), 0, place)
            self._needs.setColumnStretch(place, 1)
        said = self._all_remarks()
        for remark in said:
            self._remarks.addWidget(remark_row(remark, self))
        offers = self._checked is not None and self._checked.recipe.smaller_preset is not None
        self.smaller.setVisible(offers and any(remark.tone == "danger" for remark in said))
        rounds = 0 if self._checked is None else rounds_offered(self._checked)
        self.rounds.setText(self.tr("Take {count} rounds a step").format(count=rounds))
        self.rounds.setVisible(rounds > 0)
        swapped = 0 if self._checked is None else swap_offered(self._checked)
        self.swap.setText(self.tr("Keep {count} blocks in ordinary memory").format(count=swapped))
        self.swap.setVisible(swapped > 0)

    @Slot()
    def _want_swap(self) -> None:
        if self._checked is not None:
            self.swap_wanted.emit(swap_offered(self._checked))

    @Slot()
    def _want_rounds(self) -> None:
        if self._checked is not None:
            self.rounds_wanted.emit(rounds_offered(self._checked))

    def _need_card(self, need: Need) -> QFrame:
        card = QFrame(self)
        card.setProperty("role", "card")
        column = column_of(within=card, spacing=3, margins=(14, 12, 14, 12))
        head = row_of()
        name = tone_label(need.name, "dim", card)
        head.addWidget(name, 1)
        head.addWidget(tone_icon(need.tone, card))
        value = tone_label(need.needed, "", card)
        value.setProperty("role", "heading")
        there = tone_label(need.there, "danger" if need.tone == "danger" else "dim", card)
        column.addLayout(head)
        column.addWidget(value)
        column.addWidget(there)
        column.addStretch(1)
        card.setAccessibleName(f"{need.name}: {need.needed}, {need.there}")
        return card

    def _lay_out(self) -> None:
        inner = QWidget(self)
        column = column_of(within=inner, spacing=16, margins=(2, 2, 10, 2))
        name = Field(self.tr("Name of the LoRA"), self.name, parent=self)
        name.setMaximumWidth(420)
        column.addWidget(name)
        column.addWidget(self.summary)
        self._needs.setSpacing(12)
        column.addLayout(self._needs)
        self._remarks.setSpacing(10)
        column.addLayout(self._remarks)
        column.addLayout(row_of(self.swap, self.smaller, self.rounds, 1, spacing=10))
        column.addWidget(self.tests)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        column_of(scroll, within=self)
        set_look(self.summary, "tone", "dim")
