"""Asks which model shall write the captions that the footage of a training lacks."""

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.preferences import Preferences
from svi_studio.document.story.story_server import StoryServer
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind
from svi_studio.document.training.caption_choice import captions_by, keep_caption_choice, read_caption_choice
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field
from svi_studio.ui.dialogs.plain_dialog import PlainDialog
from svi_studio.ui.storyline.local_form import LocalForm
from svi_studio.ui.storyline.server_form import ServerForm

_WIDTH = 480


class CaptionDialog(PlainDialog):
    """``chosen`` brings the writer as the trainer's command line is told; the dialog closes by itself then."""

    chosen = Signal(tuple)

    def __init__(
        self, preferences: Preferences, parent: QWidget | None = None, server: StoryServer | None = None
    ) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            translate("CaptionDialog", "Write captions"),
            translate(
                "CaptionDialog",
                "A model that sees pictures looks at some frames of each clip without a caption, and describes it. "
                "Read the captions afterwards: the LoRA learns what they say.",
            ),
            parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._preferences = preferences
        self._models = server or StoryServer(parent=self)
        self._choice = read_caption_choice(preferences)
        self.kind = ChoiceBox(self)
        self.field = Field(self.tr("Writer"), self.kind, " ")
        self.server = ServerForm(self._models, self)
        self.local = LocalForm(self, self.tr("It is loaded for the captions and unloaded when they are written."))
        self.cancel = self.add_button(self.tr("Cancel"))
        self.write = self.add_button(self.tr("Write captions"), primary=True)
        self._lay_out()
        self._connect()
        self._show()

    def done(self, result: int) -> None:
        """Ends the thread that asks servers."""
        self._models.close()
        super().done(result)

    def _lay_out(self) -> None:
        self.kind.show_choices(
            (
                Choice(WriterKind.SERVER, self.tr("My server")),
                Choice(WriterKind.LOCAL, self.tr("A model on this computer")),
            )
        )
        self.server.show_choice(self._choice)
        self.local.show_choice(self._choice)
        for part in (self.field, self.server, self.local):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def _connect(self) -> None:
        self.kind.chosen.connect(self._take)
        self.server.changed.connect(self._take)
        self.local.changed.connect(self._take)
        self.cancel.clicked.connect(self.reject)
        self.write.clicked.connect(self._write)

    @Slot()
    def _take(self) -> None:
        kind = self.kind.shown()
        chosen: WriterChoice = self.local.choice(self.server.choice(self._choice))
        self._choice = chosen.but(kind=kind) if isinstance(kind, WriterKind) else chosen
        self._show()

    @Slot()
    def _write(self) -> None:
        keep_caption_choice(self._preferences, self._choice)
        self.chosen.emit(captions_by(self._choice))
        self.accept()

    def _show(self) -> None:
        is_server = self._choice.kind is WriterKind.SERVER
        self.kind.show_value(self._choice.kind)
        self.server.setVisible(is_server)
        self.local.setVisible(not is_server)
        self.field.set_help(
            self.tr("Frames of your clips are sent to this server.")
            if is_server
            else self.tr("Nothing leaves this computer.")
        )
        self.write.setEnabled(self._choice.is_complete)
        self.write.setToolTip("" if self._choice.is_complete else self._missing(is_server))

    def _missing(self, is_server: bool) -> str:
        if is_server:
            return self.tr("Enter the address of your server and choose a model first.")
        return self.tr("Choose the folder of a model first.")
