"""The user's own server: its address, its model, its key, and a button that tries them."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget

from svi_studio.document.story.story_server import StoryServer
from svi_studio.document.story.writer_choice import WriterChoice
from svi_studio.ui.controls.field import Field, note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.line_box import LineBox
from svi_studio.ui.controls.look import set_look


class ServerForm(QWidget):
    """``changed`` comes with another address or model. A key goes to the system's keyring and is never shown again."""

    changed = Signal()

    def __init__(self, server: StoryServer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._server = server
        self.address = LineBox(500, self)
        self.model = QComboBox(self)
        self.key = QLineEdit(self)
        self.keep_key = QPushButton(self.tr("Keep"), self)
        self.forget_key = QPushButton(self.tr("Forget"), self)
        self.test = QPushButton(self.tr("Look for models"), self)
        self.said = note_label(parent=self)
        self._lay_out()
        self.address.left.connect(self._address_left)
        self.address.edited.connect(self.changed)
        self.model.currentTextChanged.connect(self.changed)
        self.test.clicked.connect(self.look)
        self.keep_key.clicked.connect(self._keep)
        self.forget_key.clicked.connect(lambda: server.forget_key(self.address.text()))
        self.key.textChanged.connect(lambda words: self.keep_key.setEnabled(bool(words.strip())))
        server.models.connect(self._models_came)
        server.failed.connect(lambda sentence: self._say(sentence, "danger"))
        server.busy.connect(self._busy)
        server.key_known.connect(self._key_known)
        server.key_said.connect(lambda sentence: self._say(sentence, "warn") if sentence else None)
        self._key_known(False)

    def show_choice(self, choice: WriterChoice) -> None:
        """Shows what was chosen last."""
        self.address.show_text(choice.server)
        if self.model.currentText() != choice.model:
            self.model.setEditText(choice.model)
        if choice.server:
            self._server.look_for_key(choice.server)

    def choice(self, before: WriterChoice) -> WriterChoice:
        """``before`` with what is chosen here."""
        return before.but(server=self.address.text().strip(), model=self.model.currentText().strip())

    @Slot()
    def look(self) -> None:
        """Tries the address and the key."""
        if self.key.text().strip():
            self._keep()
        self._say("", "dim")
        self._server.look_for_models(self.address.text())

    @Slot()
    def _address_left(self) -> None:
        if self.address.text().strip():
            self._server.look_for_key(self.address.text())

    @Slot()
    def _keep(self) -> None:
        words = self.key.text()
        self.key.clear()  # it is never shown, and never stays in the window
        self._say("", "dim")
        self._server.keep_key(self.address.text(), words)

    @Slot(tuple)
    def _models_came(self, names: tuple[str, ...]) -> None:
        kept = self.model.currentText()
        self.model.clear()
        self.model.addItems(list(names))
        self.model.setEditText(kept if kept in names or not names else names[0])
        found = self.tr("The server answers. It has 1 model.")
        many = self.tr("The server answers. It has {count} models.").format(count=len(names))
        self._say(found if len(names) == 1 else many, "ok")

    @Slot(bool)
    def _busy(self, busy: bool) -> None:
        self.test.setEnabled(not busy)
        if busy:
            self._say(self.tr("Asking the server…"), "dim")

    @Slot(bool)
    def _key_known(self, known: bool) -> None:
        self.forget_key.setVisible(known)
        kept = self.tr("A key is kept for this server")
        self.key.setPlaceholderText(kept if known else self.tr("Only if your server wants one"))

    def _say(self, sentence: str, tone: str) -> None:
        self.said.setText(sentence)
        set_look(self.said, "tone", tone)
        self.said.setVisible(bool(sentence))

    def _lay_out(self) -> None:
        self.address.setPlaceholderText("localhost:11434")
        self.model.setEditable(True)
        self.model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.model.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.model.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        line = QLineEdit(self)
        line.setMaxLength(200)
        line.setPlaceholderText(self.tr("Look for models first"))
        self.model.setLineEdit(line)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setMaxLength(4096)
        self.key.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self.keep_key.setEnabled(False)
        key = QWidget(self)
        row_of((self.key, 1), self.keep_key, self.forget_key, within=key, spacing=6)
        key.setFocusProxy(self.key)
        self.key.setAccessibleName(self.tr("Key"))
        help_text = self.tr("Ollama, LM Studio, llama.cpp, vLLM, or a hosted one.")
        column_of(
            Field(self.tr("Address"), self.address, help_text),
            Field(self.tr("Key"), key),
            Field(self.tr("Model"), self.model),
            (self.test, 0, Qt.AlignmentFlag.AlignLeft),
            self.said,
            within=self,
            spacing=10,
        )
