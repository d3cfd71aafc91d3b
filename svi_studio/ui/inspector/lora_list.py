"""The film's LoRAs: add a file, weigh it, take it out."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.clip_loras import slot_of
from svi_studio.domain.film.storyboard import LoraUse
from svi_studio.domain.training.card import TrainingCard, card_sentence
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.field import note_label, small_button
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.picture_well import dropped_file
from svi_studio.ui.controls.section import Section
from svi_studio.ui.controls.weight_slider import WeightSlider
from svi_studio.ui.dialogs.choose_file import choose_file
from svi_studio.ui.inspector.expert_choice import ExpertChoice
from svi_studio.ui.inspector.lora_questions import LoraQuestionList


class LoraRow(QWidget):
    """One LoRA: its name, what it says about its training, how strongly it counts, a button that takes it out.

    In a film whose model has two experts it also says which of them gets the LoRA; ``given`` brings another choice.
    """

    weighed = Signal(object)
    given = Signal(object)
    left = Signal()
    removed = Signal()

    def __init__(self, use: LoraUse, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = lora_name(use)
        self.name = ElidedLabel(name)
        self.remove = small_button("trash", self.tr("Remove {name}").format(name=name), self)
        self.weight = WeightSlider(self)
        self.weight.name(self.tr("Weight of {name}").format(name=name))
        self.training = note_label("", self)
        self.expert = ExpertChoice(name, self)
        self.expert.hide()
        column_of(row_of((self.name, 1), self.remove), self.training, self.expert, self.weight, within=self, spacing=2)
        self.expert.chosen.connect(self.given)
        self.weight.edited.connect(self.weighed)
        self.weight.left.connect(self.left)
        self.remove.clicked.connect(self.removed)
        self.show_use(use, True)

    def show_use(self, use: LoraUse, is_open: bool) -> None:
        """Shows its weight."""
        self.weight.show_value(use.weight)
        self.weight.setEnabled(is_open)
        self.remove.setEnabled(is_open)

    def show_expert(self, use: LoraUse, *, two_experts: bool, taken: Collection[Expert], is_open: bool) -> None:
        """Shows who gets it, where there is a choice; ``taken``: experts that have the same file by another row."""
        self.expert.refuse(taken, self.tr("This expert has the same file already."))
        self.expert.show_expert(use.expert, two_experts=two_experts)
        self.expert.setEnabled(is_open)

    def show_training(self, sentence: str) -> None:
        """Says how it was trained; nothing is said of one that does not tell."""
        self.training.setText(sentence)
        self.training.setVisible(bool(sentence))


class LoraList(Section):
    """A row for each LoRA, kept as long as the files are the same, so that a hand on a slider is not shaken off.

    ``library_wanted``: the user wants to see all LoRAs on this computer.
    """

    library_wanted = Signal()

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._document, self._media, self._commands = film.document, film.media, film.commands.film
        self._film, self._questions = film, film.lora_questions
        self.questions = LoraQuestionList(film.lora_questions, self)
        self._files: tuple[str, ...] = ()
        self._training: dict[str, str] = {}
        self.rows: list[LoraRow] = []
        self.empty = note_label(
            self.tr("A LoRA changes how the model draws or moves. Your film works without one."), self
        )
        self.problem = QLabel(self)
        self.problem.setProperty("tone", "danger")
        self.problem.setWordWrap(True)
        self.problem.setVisible(False)
        self.add = QPushButton(self.tr("Add a LoRA…"), self)
        self.library = QPushButton(self.tr("LoRA library…"), self)
        self._room = column_of(spacing=10)
        self.body.addWidget(self.empty)
        self.body.addLayout(self._room)
        self.body.addWidget(self.questions)
        self.body.addWidget(self.problem)
        self.body.addLayout(row_of((self.add, 1), (self.library, 1), spacing=8))
        self.setAcceptDrops(True)
        self.add.clicked.connect(self._ask)
        self.library.clicked.connect(self.library_wanted)
        film.media.refused.connect(self._refused)
        film.media.noted.connect(self._refused)
        film.media.busy.connect(self._show_busy)
        film.document.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        film.lora_questions.changed.connect(self._open_for_questions)
        self.show_state()
        self.set_open(bool(self._files))

    def show_state(self, _change: object = None) -> None:
        """Shows the film's LoRAs."""
        loras = self._document.storyboard.loras
        is_open = not self._document.read_only
        if tuple(use.file for use in loras) != self._files:
            self._rebuild(loras)
        two = self._film.has_two_experts
        for row, use in zip(self.rows, loras, strict=True):
            row.show_use(use, is_open)
            taken = {other.expert for other in loras if other.file == use.file and other is not use}
            row.show_expert(use, two_experts=two, taken=taken, is_open=is_open)
        self.questions.set_open(is_open)
        self.set_title(self.tr("LoRAs ({count})").format(count=len(loras)) if loras else self.tr("LoRAs"))
        self.empty.setVisible(not loras)
        self.add.setEnabled(is_open)
        self.setAcceptDrops(is_open)

    def bring_in(self, file: Path) -> None:
        """Checks the file and copies it into the film; then it is used at full weight."""
        self.problem.setVisible(False)
        self.set_open(True)
        self._media.lora(file, self._document.storyboard.model, self._use)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere here."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Brings it in."""
        file = dropped_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.bring_in(file)

    def _open_for_questions(self) -> None:
        """What is asked must be seen."""
        if self._questions.asked:
            self.set_open(True)

    def _rebuild(self, loras: tuple[LoraUse, ...]) -> None:
        for row in self.rows:
            self._room.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._files = tuple(use.file for use in loras)
        self.rows = [LoraRow(use, self) for use in loras]
        for place, row in enumerate(self.rows):
            self._room.addWidget(row)
            row.weighed.connect(lambda weight, place=place: self._commands.weigh_lora(place, weight))
            row.given.connect(lambda expert, place=place: self._commands.give_lora(place, expert))
            row.left.connect(self._document.end_merge)
            row.removed.connect(lambda place=place: self._commands.remove_lora(place))
        self._show_training()
        for file in self._files:
            if file not in self._training:
                self._read_training(file)

    def _read_training(self, file: str) -> None:
        def told(card: TrainingCard | None) -> None:
            self._training[file] = card_sentence(card) if card else ""
            self._show_training()

        with suppress(StudioError):  # the film says itself that it cannot have this file
            self._media.training(self._document.file(file), told)

    def _show_training(self) -> None:
        for row, file in zip(self.rows, self._files, strict=True):
            row.show_training(self._training.get(file, ""))

    def _use(self, use: LoraUse) -> None:
        if slot_of(use) in map(slot_of, self._document.storyboard.loras):
            self._refused(self.tr("The film already has this LoRA."))
        else:
            self._commands.add_lora(use)

    def _refused(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(True)

    def _show_busy(self, waiting: int) -> None:
        self.add.setText(self.tr("Copying…") if waiting else self.tr("Add a LoRA…"))

    def _ask(self) -> None:
        """Chooses a file without blocking the window."""
        kinds = self.tr("LoRA files (*.safetensors)")
        dialog = choose_file(self, self.tr("Choose a LoRA"), kinds, lambda file: self.bring_in(Path(file)))
        dialog.setObjectName("choose lora")


def lora_name(use: LoraUse) -> str:
    """What people call this LoRA."""
    return use.label or use.file.rpartition("/")[2].removesuffix(".safetensors")
