"""The access token for models with terms to accept: entered once, kept in the keyring, never shown again."""

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from svi_studio.document.models.hub_token import HubToken
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label

_MOST = 4096  # letters


class TokenDialog(PlainDialog):
    """Keeps or forgets it at once; ``token`` does that."""

    def __init__(self, token: HubToken, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("TokenDialog", "Access token for Hugging Face"), parent=parent)
        self._token = token
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.words = QLineEdit(self)
        self.words.setEchoMode(QLineEdit.EchoMode.Password)
        self.words.setMaxLength(_MOST)
        self.words.setAccessibleName(self.tr("Access token"))
        self.said = plain_label("", self, "")
        does = self.tr(
            "Some makers give a model only to those who accept its terms. Accept them on its page, make an access "
            "token for reading under Settings there, and enter it here. It is kept in this computer's keyring."
        )
        for widget in (plain_label(does, self), self.words, self.said):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.said.hide()
        self.forget = self.add_button(self.tr("Forget it"), left=True)
        self.forget.clicked.connect(token.forget)
        self.add_button(self.tr("Close")).clicked.connect(self.accept)
        self.keep = self.add_button(self.tr("Keep"), primary=True)
        self.keep.clicked.connect(self._keep)
        self.words.textChanged.connect(lambda words: self.keep.setEnabled(bool(words.strip())))
        self.keep.setEnabled(False)
        token.known.connect(self._show_known)
        token.said.connect(self._say)
        self._show_known(False)
        token.look()

    @Slot()
    def _keep(self) -> None:
        words = self.words.text()
        self.words.clear()  # it is never shown, and never stays in the window
        self._token.keep(words)

    @Slot(bool)
    def _show_known(self, known: bool) -> None:
        self.forget.setVisible(known)
        self.words.setPlaceholderText(self.tr("A token is kept") if known else "hf_…")

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self.said.setText(visible(sentence))
        self.said.setVisible(bool(sentence))
