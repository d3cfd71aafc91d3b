"""What is said of all clips of a training, how often each folder counts, and the shapes of their pictures."""

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from svi_studio.document.training.footage_desk import FootageDesk
from svi_studio.document.training.training_draft import TrainingDraft
from svi_studio.domain.number_range import NumberRange
from svi_studio.domain.training.data_recipe import DataRecipe
from svi_studio.domain.training.footage import FootageClip
from svi_studio.domain.training.said_words import said_words
from svi_studio.domain.value import Value
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field, note_label
from svi_studio.ui.controls.line_box import LineBox
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label, section_label
from svi_studio.ui.training.folder_repeats import FolderRepeats
from svi_studio.ui.training.word_changes import WordChanges

_WIDTH, _HEIGHT = 620, 680


class WordsDialog(PlainDialog):
    """Edits ``draft`` at once and shows on a caption of ``desk`` what comes of it. Closed, it is gone."""

    def __init__(self, draft: TrainingDraft, desk: FootageDesk, parent: QWidget | None = None) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            translate("WordsDialog", "Words and folders"),
            translate("WordsDialog", "What the training makes of your clips. Captions and files stay as they are."),
            parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_WIDTH, _HEIGHT)
        self._draft, self._desk = draft, desk
        self.trigger = LineBox(200, self)
        self.prefix = LineBox(1000, self)
        self.changes = WordChanges(self)
        self.dropout = NumberBox(NumberRange(0.0, 1.0, 0.05, decimals=3), optional=False, parent=self)
        self.sample_head = section_label("", self)
        self.sample = plain_label("", self, tone="")
        self.repeats = FolderRepeats(desk.footage, self)
        self.shapes = ChoiceBox(self)
        self.stills = QCheckBox(self.tr("Take pictures, too, as clips that hold still"), self)
        self.close_button = self.add_button(self.tr("Done"), primary=True)
        self._lay_out()
        self._connect()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Shows the recipe as it is now, and what is said of one clip."""
        recipe = self._draft.recipe
        data = recipe.data if recipe is not None else DataRecipe()
        self.trigger.show_text(data.trigger)
        self.prefix.show_text(data.caption_prefix)
        self.changes.show_changes(data.replacements)
        self.dropout.show_value(data.caption_dropout)
        self.repeats.show_data(data)
        self.shapes.show_value(data.shapes)
        self.stills.setChecked(data.stills == "held")
        clip = self._sample_clip()
        said = said_words(clip.caption, data) if clip is not None else ""
        self.sample_head.setText(self.tr("What is said of {name}").format(name=clip.source) if clip else "")
        self.sample.setText(said or self.tr("Nothing: it has no caption."))
        self.sample.setVisible(clip is not None)

    def _sample_clip(self) -> FootageClip | None:
        """A used clip, one with a caption before those without."""
        used = [clip for clip in self._desk.footage.clips if clip.is_used] if self._desk.footage else []
        return next((clip for clip in used if clip.caption), used[0] if used else None)

    def _lay_out(self) -> None:
        column = self.add_scrolled(14, right=12)
        trigger = self.tr("A word of your own, such as ohwx, by which you ask for the look later")
        share = self.tr("How often a clip comes without its caption: 0 = never, 1 = always. The authors never do that.")
        column.addWidget(Field(self.tr("Trigger word"), self.trigger, trigger))
        column.addWidget(Field(self.tr("Before every caption"), self.prefix))
        column.addWidget(Field(self.tr("Replace in captions"), self.changes, self.tr("Plain text, from top to bottom")))
        column.addWidget(Field(self.tr("Caption dropout"), self.dropout, share))
        column.addWidget(self.sample_head)
        column.addWidget(self.sample)
        if self.repeats.has_choice:
            often = self.tr("10 = its clips come ten times where others come once")
            column.addWidget(Field(self.tr("How often a folder counts"), self.repeats, often))
        self._lay_out_shapes(column)
        column.addStretch(1)

    def _lay_out_shapes(self, column: QVBoxLayout) -> None:
        one, fit = self.tr("All in one size"), self.tr("Wide, upright or square, as each clip is")
        self.shapes.show_choices((Choice("one", one), Choice("fit", fit)))
        area = self.tr("Sizes of about as many pixels; test films keep the size of the recipe")
        column.addWidget(Field(self.tr("Shapes"), self.shapes, area))
        column.addWidget(self.stills)
        still = self.tr(
            "The model is given a clip's first picture and learns how it goes on: from a still picture it learns that "
            "nothing moves. A few among many videos do little harm."
        )
        column.addWidget(note_label(still, self))

    def _connect(self) -> None:
        draft = self._draft
        self.trigger.edited.connect(lambda text: draft.edit("data.trigger", text))
        self.prefix.edited.connect(lambda text: draft.edit("data.caption_prefix", text))
        self.changes.edited.connect(lambda changes: draft.edit("data.replacements", _fields(changes)))
        self.dropout.edited.connect(lambda share: draft.edit("data.caption_dropout", float(share)))
        self.repeats.edited.connect(lambda repeats: draft.edit("data.repeats", _fields(repeats)))
        self.shapes.chosen.connect(lambda shapes: draft.edit("data.shapes", shapes))
        self.stills.clicked.connect(lambda on: draft.edit("data.stills", "held" if on else "out"))
        self.close_button.clicked.connect(self.accept)
        draft.changed.connect(self.refresh)


def _fields(values: tuple[Value, ...]) -> tuple[dict[str, object], ...]:
    """As a draft takes them."""
    return tuple(value.model_dump() for value in values)
