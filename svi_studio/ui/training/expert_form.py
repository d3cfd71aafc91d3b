"""The expert's form: every knob of the recipe, in groups, bound to the draft."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton, QWidget

from svi_studio.document.training.knobs import Group, Knob, groups
from svi_studio.document.training.training_draft import TrainingDraft
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field, note_label
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.number_box import NumberBox

Control = NumberBox | ChoiceBox | QCheckBox


@dataclass
class _Section:
    """The fields of one group, of which those are in its grid that apply to the recipe."""

    part: QWidget
    grid: QGridLayout
    columns: int
    fields: list[tuple[Knob, Field]]
    has_flags: bool
    shown: tuple[int, ...] | None = None

    def fit(self, recipe: TrainingRecipe) -> None:
        """Shows what applies, one field beside the other without gaps."""
        wanted = tuple(number for number, (knob, _) in enumerate(self.fields) if knob.applies(recipe))
        if wanted == self.shown:
            return
        self.shown = wanted
        for number, (_, field) in enumerate(self.fields):
            self.grid.removeWidget(field)
            field.setVisible(number in wanted)
        for place, number in enumerate(wanted):
            field = self.fields[number][1]
            self.grid.addWidget(field, place // self.columns, place % self.columns, Qt.AlignmentFlag.AlignTop)
        self.part.setVisible(bool(wanted) or self.has_flags)


class ExpertForm(QWidget):
    """``controls`` by the path of their field; those that do not apply to the recipe are hidden."""

    def __init__(self, draft: TrainingDraft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self.controls: dict[str, Control] = {}
        self._sections: list[_Section] = []
        self.problem = note_label(parent=self)
        self.problem.setProperty("tone", "danger")
        self.back = QPushButton(self.tr("Back to the preset"), self)
        self.back.clicked.connect(draft.back_to_preset)
        column = column_of(within=self, spacing=22)
        for group in groups():
            column.addWidget(self._lay_out(group))
        column.addWidget(self.problem)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        draft.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Shows the recipe as it is now."""
        if self._draft.recipe is not None:
            for section in self._sections:
                section.fit(self._draft.recipe)
        for path, control in self.controls.items():
            value = self._draft.value(path)
            match control:
                case QCheckBox():
                    control.setChecked(bool(value))
                case ChoiceBox():
                    control.show_value(value)
                case NumberBox():
                    control.show_value(value)
        on = bool(self._draft.value("errors.enabled"))
        for path, control in self.controls.items():
            if path.startswith("errors.") and path != "errors.enabled":
                control.setEnabled(on)
        self.problem.setText(self._draft.problem)
        self.problem.setVisible(bool(self._draft.problem))
        self.back.setEnabled(self._draft.is_changed)

    def _lay_out(self, group: Group) -> QWidget:
        """Fields side by side; what is only yes or no in lines of its own, above them when it decides about them."""
        part = QWidget(self)
        column = column_of(_heading(group.title, part), within=part, spacing=10)
        flags = [knob for knob in group.knobs if _is_flag(knob)]
        if flags and _is_flag(group.knobs[0]):
            column.addWidget(self._flag(flags.pop(0)))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for place in range(group.columns):
            grid.setColumnStretch(place, 1)
            grid.setColumnMinimumWidth(place, 120)
        column.addLayout(grid)
        fields = [(knob, self._field(knob, part)) for knob in group.knobs if not _is_flag(knob)]
        self._sections.append(_Section(part, grid, group.columns, fields, has_flags=any(map(_is_flag, group.knobs))))
        for knob in flags:
            column.addWidget(self._flag(knob))
        return part

    def _field(self, knob: Knob, part: QWidget) -> Field:
        return Field(knob.name, self._choice(knob) if knob.choices else self._number(knob), knob.help, part)

    def _flag(self, knob: Knob) -> QCheckBox:
        box = QCheckBox(knob.name, self)
        box.clicked.connect(lambda on: self._draft.edit(knob.path, on))
        self.controls[knob.path] = box
        return box

    def _choice(self, knob: Knob) -> ChoiceBox:
        box = ChoiceBox(self)
        box.show_choices([Choice(value, words) for value, words in knob.choices])
        box.chosen.connect(lambda value: self._draft.edit(knob.path, value))
        self.controls[knob.path] = box
        return box

    def _number(self, knob: Knob) -> NumberBox:
        assert knob.numbers is not None  # noqa: S101 - the caller looked
        box = NumberBox(knob.numbers, optional=False, parent=self)

        def take(value: object) -> None:
            if not self._draft.edit(knob.path, value):
                box.show_value(self._draft.value(knob.path))

        box.edited.connect(take)
        self.controls[knob.path] = box
        return box


def _heading(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", "heading")
    return label


def _is_flag(knob: Knob) -> bool:
    return knob.numbers is None and not knob.choices
