"""Who writes: templates, the user's server, or a model on this computer; and what each of them needs to know."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.preferences import Preferences
from svi_studio.document.story.story_server import StoryServer
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind, keep_choice, read_choice
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.storyline.local_form import LocalForm
from svi_studio.ui.storyline.server_form import ServerForm


class WriterPart(QWidget):
    """``changed`` comes when another writer is chosen, or it is told something else; it is remembered at once."""

    changed = Signal()

    def __init__(self, preferences: Preferences, server: StoryServer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._choice = read_choice(preferences)
        self.kind = ChoiceBox(self)
        self.kind.show_choices(
            (
                Choice(WriterKind.TEMPLATES, self.tr("Templates")),
                Choice(WriterKind.SERVER, self.tr("My server")),
                Choice(WriterKind.LOCAL, self.tr("A model on this computer")),
            )
        )
        self.field = Field(self.tr("Writer"), self.kind, " ")
        self.server = ServerForm(server, self)
        self.local = LocalForm(self)
        column_of(*(self.field, self.server, self.local), within=self, spacing=12)
        self.server.show_choice(self._choice)
        self.local.show_choice(self._choice)
        self.kind.chosen.connect(self._take)
        self.server.changed.connect(self._take)
        self.local.changed.connect(self._take)
        self._show()

    @property
    def choice(self) -> WriterChoice:
        """What is chosen now."""
        return self._choice

    @property
    def obstacle(self) -> str:
        """What is still missing, in one sentence; empty when it can write."""
        if self._choice.is_complete:
            return ""
        if self._choice.kind is WriterKind.SERVER:
            return self.tr("Enter the address of your server and choose a model, or use Templates.")
        return self.tr("Choose the folder of a model, or use Templates.")

    @Slot()
    def _take(self) -> None:
        kind = self.kind.shown()
        chosen = self.local.choice(self.server.choice(self._choice))
        self._choice = chosen.but(kind=kind) if isinstance(kind, WriterKind) else chosen
        keep_choice(self._preferences, self._choice)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        kind = self._choice.kind
        self.kind.show_value(kind)
        self.server.setVisible(kind is WriterKind.SERVER)
        self.local.setVisible(kind is WriterKind.LOCAL)
        self.field.set_help(
            {
                WriterKind.TEMPLATES: self.tr("Ready-made story patterns: simple and instant, no language model."),
                WriterKind.SERVER: self.tr("Words and pictures of the story are sent to this server."),
                WriterKind.LOCAL: self.tr("Nothing leaves this computer."),
            }[kind]
        )
