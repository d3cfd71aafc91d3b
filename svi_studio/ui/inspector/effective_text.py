"""What the model reads for one clip: the character, the clip's own words and the style, each told apart."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QLabel, QWidget

from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.theme import theme

Kind = Literal["character", "prompt", "style"]
_COLOURS: dict[Kind, str] = {"character": "accent", "prompt": "text", "style": "ok"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the text, in the order in which the model reads them."""

    kind: Kind
    text: str


def text_parts(board: Storyboard, index: int) -> tuple[Part, ...]:
    """The parts of the clip's text that have words; in a family of one prompt an empty prompt is the first clip's."""
    prompt = board.clips[index].prompt.strip()
    if not prompt and family_to_show(board.family).prompt_choice == "first":
        prompt = board.clips[0].prompt.strip()
    parts = (Part("character", board.character.strip()), Part("prompt", prompt), Part("style", board.style.strip()))
    return tuple(part for part in parts if part.text)


class EffectiveText(QWidget):
    """Shows the parts in their colours with a legend, or one line when there is nothing but the prompt."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self._borrowed = False
        self._title = QLabel(self.tr("What the model reads"), self)
        self._title.setProperty("role", "section")
        self._text = TextBox(lines=1, most_lines=10, parent=self)
        self._text.setReadOnly(True)
        self._text.setFrameShape(TextBox.Shape.NoFrame)
        self._text.setProperty("role", "quiet")
        self._text.document().setDocumentMargin(0)
        self._text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._text.setAccessibleName(self._title.text())
        self._note = note_label("", self)
        self._legend = self._make_legend()
        column_of(*(self._title, self._text, self._legend, self._note), within=self, spacing=2)
        theme().changed.connect(self._draw)
        self._draw()

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is shown."""
        return self._parts

    def text(self) -> str:
        """The words as the model gets them."""
        return " ".join(part.text for part in self._parts)

    def show_parts(self, parts: tuple[Part, ...], borrowed: bool) -> None:
        """Shows ``parts``; ``borrowed``: the prompt among them is the first clip's."""
        if (parts, borrowed) != (self._parts, self._borrowed):
            self._parts, self._borrowed = parts, borrowed
            self._draw()

    def _draw(self) -> None:
        kinds = {part.kind for part in self._parts}
        mixed = len(self._parts) > 1 or self._borrowed or (bool(kinds) and "prompt" not in kinds)
        for widget in (self._title, self._text, self._legend):
            widget.setVisible(mixed)
        for kind, label in self._labels.items():
            label.setVisible(kind in kinds and len(kinds) > 1)
        self._labels["prompt"].setText(f"● {self.tr('Clip 1') if self._borrowed else self.tr('This clip')}")
        if mixed:
            self._write()
        words = "" if mixed or not self._parts else self.tr("The model reads exactly this.")
        if self._borrowed:
            words = self.tr("This clip has no prompt, so it uses the one of clip 1.")
        self._note.setText(words)
        self._note.setVisible(bool(words))

    def _write(self) -> None:
        self._text.clear()
        cursor = QTextCursor(self._text.document())
        for number, part in enumerate(self._parts):
            look = QTextCharFormat()
            look.setForeground(theme().colour(_COLOURS[part.kind]))
            look.setFontItalic(part.kind == "style")
            cursor.insertText(" " if number else "", QTextCharFormat())
            cursor.insertText(part.text, look)
        described = (f"{self._labels[part.kind].text()}: {part.text}" for part in self._parts)
        self._text.setAccessibleDescription(". ".join(described)[:2000])

    def _make_legend(self) -> QWidget:
        names: dict[Kind, tuple[str, str]] = {
            "character": (self.tr("Character"), "accent"),
            "prompt": (self.tr("This clip"), ""),
            "style": (self.tr("Style"), "ok"),
        }
        legend = QWidget(self)
        line = row_of(within=legend, spacing=12)
        self._labels: dict[Kind, QLabel] = {}
        for kind, (name, tone) in names.items():
            label = QLabel(f"● {name}", legend)
            label.setProperty("tone", tone)
            label.setAccessibleName(name)
            font = label.font()
            font.setItalic(kind == "style")
            label.setFont(font)
            self._labels[kind] = label
            line.addWidget(label)
        line.addStretch(1)
        return legend
