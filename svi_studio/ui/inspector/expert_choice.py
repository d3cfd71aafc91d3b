"""Which of a model's two transformers a LoRA is for, as a small list to choose from."""

from collections.abc import Collection

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from svi_studio.domain.film.architecture import Expert
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox

translate = QCoreApplication.translate


class ExpertChoice(ChoiceBox):
    """``chosen`` brings an Expert. Hidden where the model has one transformer and the LoRA is for all there are."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """``name`` is the LoRA's."""
        super().__init__(parent)
        self.setAccessibleName(translate("Inspector", "Expert of {name}").format(name=name))
        self.setToolTip(
            translate(
                "Inspector",
                "This model has two halves: one lays out the motion while there is much noise, the other draws the "
                "details. Files for one of them say high or low in their names.",
            )
        )
        self.refuse(())

    def refuse(self, experts: Collection[Expert], reason: str = "") -> None:
        """Only the other experts can be chosen; ``reason`` says why."""
        words = expert_words().items()
        self.show_choices([Choice(expert, text, reason if expert in experts else "") for expert, text in words])

    def show_expert(self, expert: Expert, *, two_experts: bool) -> None:
        """Shows whom it is for."""
        self.show_value(expert)
        self.setVisible(two_experts or expert != "both")


def expert_words() -> dict[Expert, str]:
    """The experts in words, in the order of a list."""
    return {
        "both": translate("Inspector", "For both experts"),
        "high": translate("Inspector", "For the high-noise expert"),
        "low": translate("Inspector", "For the low-noise expert"),
    }
