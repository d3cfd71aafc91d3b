"""How the parts of the film's model share the graphics card and the computer's memory: automatic, or as one chooses."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from svi_studio.document.states.memory_fit import MemoryFit
from svi_studio.domain.render.memory_needs import MemoryNeeds
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.value import with_fields
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label


class MemoryDialog(PlainDialog):
    """A choice counts at once, from the next render on; what it means stands below."""

    measure_asked = Signal()

    def __init__(self, memory: MemoryFit, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("MemoryDialog", "How the model lies in memory"), parent=parent)
        self._memory = memory
        self.boxes: dict[str, ChoiceBox] = {}
        self.said = plain_label("", self, "")
        self.details = plain_label("", self, "dim")
        self._lay_out()
        self.automatic = self.add_button(self.tr("Choose all automatically"), left=True)
        self.automatic.clicked.connect(lambda: memory.wish(NO_WISHES))
        self.measure = self.add_button(self.tr("Measure…"), left=True)
        self.measure.setToolTip(self.tr("Time each way that could fit, on this computer"))
        self.measure.clicked.connect(self.measure_asked)
        self.add_button(self.tr("Close"), primary=True).clicked.connect(self.accept)
        self.resize(560, 520)
        memory.changed.connect(self.show_state)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Shows what is chosen, and what becomes of it."""
        fitting, wishes = self._memory.fitting, self._memory.wishes
        for name, box in self.boxes.items():
            box.show_value(getattr(wishes, name))
        self.automatic.setEnabled(wishes != NO_WISHES)
        self.said.setText("" if fitting is None else fitting.sentence)
        self.details.setText("" if fitting is None else "\n".join(fitting.details))

    def _lay_out(self) -> None:
        self.sentence.setText(
            self.tr(
                "The film only takes longer or shorter, whatever you choose, with two exceptions: tiles may leave "
                "faint seams, and a part that works on the processor rounds in another way than on the card, so that "
                "small details may differ. Automatic takes what is fastest of all that fits."
            )
        )
        self.sentence.show()
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for row, (field, name, choices) in enumerate(self._choices()):
            label = QLabel(name, self)
            box = ChoiceBox(self)
            box.setAccessibleName(name)
            label.setBuddy(box)
            box.show_choices([Choice(None, self.tr("Automatic")), *choices])
            box.chosen.connect(lambda value, field=field: self._wish(field, value))
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
            self.boxes[field] = box
        self.body.addLayout(grid)
        self.body.addLayout(column_of(self.said, self.details, 1, spacing=6, margins=(0, 10, 0, 0)), 1)
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _choices(self) -> list[tuple[str, str, Sequence[Choice]]]:
        """Field, name and values of each part that this model has."""
        fitting = self._memory.fitting
        needs = fitting.needs if fitting is not None and fitting.needs is not None else MemoryNeeds(())
        where = (
            Choice("resident", self.tr("On the card")),
            Choice("while_working", self.tr("On the card only while it works")),
            Choice("processor", self.tr("On the processor")),
        )
        rows: list[tuple[str, str, Sequence[Choice]]] = [
            ("resident_blocks", self.tr("Blocks on the card"), _block_choices(len(needs.blocks), self.tr("All")))
        ]
        if needs.experts == 2:
            others = (
                Choice("beside", self.tr("On the card")),
                Choice("waiting", self.tr("In the computer's memory")),
                Choice("read_again", self.tr("On the disk")),
            )
            rows.append(("other_expert", self.tr("The other expert"), others))
        rows.append(("text_encoder", self.tr("Text encoder"), where))
        if needs.image_encoder:
            rows.append(("image_encoder", self.tr("Picture encoder"), where))
        yes_no = (Choice(True, self.tr("Yes")), Choice(False, self.tr("No")))
        rows += [
            ("vae", self.tr("Video decoder"), where[:2]),
            ("tiled_vae", self.tr("Pictures in tiles"), yes_no),
            ("aside_for_pictures", self.tr("Card cleared for pictures"), yes_no),
        ]
        if needs.branches > 1:
            rows.append(("branches_at_once", self.tr("Branches of guidance together"), yes_no))
        return rows

    def _wish(self, field: str, value: object) -> None:
        wishes: PlanWishes = with_fields(self._memory.wishes, {field: value, "smallest": False})
        self._memory.wish(wishes)
        self.show_state()


def _block_choices(total: int, all_of_them: str) -> list[Choice]:
    """All, three quarters, half, a quarter and none."""
    counts = dict.fromkeys(total * quarters // 4 for quarters in (3, 2, 1, 0))
    return [Choice("all", all_of_them), *(Choice(count, f"{count} / {total}") for count in counts)]
