"""A model that files on this computer make together, or would make: its parts, what is missing, what is asked."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document import words
from svi_studio.document.models.file_words import short_path
from svi_studio.document.models.installed import InstalledModel
from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.domain.film.architecture import ARCHITECTURES
from svi_studio.domain.film.filmable import WORDS_FOR_PART, Filmable, LinkQuestion, MissingPart
from svi_studio.domain.film.model_parts import PartName
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.elided_label import plain_tool_tip
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.dialogs.choose_file import choose_file
from svi_studio.ui.models.card import Card
from svi_studio.ui.models.offer_box import OfferBox

_LONGEST = 56  # letters of a file's name


class FilmableCard(Card):
    """One of them; ``desk`` does what is pressed. ``is_used``: its files are among the user's models already."""

    def __init__(self, desk: ModelsDesk, filmable: Filmable, *, is_used: bool, parent: QWidget | None = None) -> None:
        size = words.size(filmable.bytes) if filmable.bytes else ""
        facts = " · ".join(filter(None, (filmable.name, size)))
        super().__init__("check" if filmable.ready else "model", filmable.title, facts, parent)
        self._desk, self._filmable = desk, filmable
        for part, network in filmable.parts.items():
            facts = " · ".join(filter(None, (self._name(part), network.precision, self._size(part))))
            path, more = Path(network.files[0]), len(network.files) - 1
            name = _short(path.name)
            name = self.tr("{name} and {count} more").format(name=name, count=more) if more else name
            self.add_sign("check", "ok", name, facts).setToolTip(plain_tool_tip(short_path(path)))
        for missing in filmable.missing:
            self._add_missing(missing)
        for question in filmable.questions:
            self._add_question(question)
        self._add_ways(is_used=is_used)

    def _size(self, part: PartName) -> str:
        parts = self._filmable.parts
        if part == "tokenizer" and "text_encoder" in parts and parts[part].files == parts["text_encoder"].files:
            return self.tr("in the same file")
        return words.size(parts[part].bytes)

    def _name(self, part: PartName) -> str:
        two = ARCHITECTURES[self._filmable.architecture].two_experts
        return {
            "transformer": self.tr("expert for the high noise") if two else self.tr("video model"),
            "transformer_2": self.tr("expert for the low noise"),
            "vae": self.tr("VAE"),
            "text_encoder": self.tr("text encoder"),
            "tokenizer": self.tr("tokenizer"),
            "image_encoder": self.tr("picture encoder"),
            "sound": self.tr("follows a sound, for Talk"),
            "audio_encoder": self.tr("hears the sound, for Talk"),
        }.get(part, WORDS_FOR_PART[part])

    def _add_missing(self, missing: MissingPart) -> None:
        name = self._name(missing.part)
        self.add_sign("minus", "warn", self.tr("The {part} is missing").format(part=name))
        choose = self._button(self.tr("I have it…"), self.tr("Choose the file of the {part}").format(part=name))
        choose.clicked.connect(partial(self._choose, missing.part))
        self.body.addLayout(row_of(choose, 1, spacing=8, margins=(24, 0, 0, 0)))

    def _add_question(self, question: LinkQuestion) -> None:
        self.add_line(question.text, "warn")
        search = self._desk.search
        if question.either:
            high, low = self._button(self.tr("High noise")), self._button(self.tr("Low noise"))
            high.clicked.connect(lambda: search.say_expert(question, "high"))
            low.clicked.connect(lambda: search.say_expert(question, "low"))
            self.body.addLayout(row_of(high, low, 1, spacing=8))
            return
        box = ChoiceBox(self)
        box.setAccessibleName(question.text)
        choices = [Choice(each, Path(each.files[0]).name) for each in question.choices]
        box.show_choices([Choice(None, self.tr("Choose one…")), *choices])
        box.show_value(None)
        box.chosen.connect(lambda choice: search.answer(self._filmable, question, choice) if choice else None)
        self.body.addLayout(row_of(box, 1))

    def _add_ways(self, *, is_used: bool) -> None:
        desk, filmable = self._desk, self._filmable
        deaf = self._deaf_model()
        if is_used and deaf is not None and filmable.ready:
            hear = self.add_button(
                self.tr("Link again, with sound"), name=self.tr("Let {title} hear").format(title=filmable.title)
            )
            hear.setEnabled(not desk.search.linking)
            hear.clicked.connect(lambda: desk.search.link(filmable, deaf.folder))
        elif is_used:
            self.add_button(self.tr("Among your models")).setEnabled(False)
        elif filmable.ready:
            busy = desk.search.linking == filmable.name
            text = self.tr("Making it ready…") if busy else self.tr("Use these files")
            use = self.add_button(
                text, primary=True, name=self.tr("Use the files of {title}").format(title=filmable.title)
            )
            use.setEnabled(not desk.search.linking)
            use.clicked.connect(lambda: desk.search.link(filmable))
        names = [each.fetch for each in filmable.missing if each.fetch in desk.fetches.models]
        if names:
            self.body.addWidget(OfferBox(desk.fetches, [name for name in names if name], self))

    def _deaf_model(self) -> InstalledModel | None:
        """The model that is linked to these files without the parts by which they would follow a sound."""
        networks = (each for each in self._filmable.parts.values() if each.kind == "transformer")
        files = {file for network in networks for file in network.files}
        linked = (model for model in self._desk.installed if model.where == "linked" and not model.problem)
        same = next((model for model in linked if model.transformer == files), None)
        card = same.found.card if same is not None else None
        return same if card is not None and not {*self._filmable.inputs} <= {*card.inputs} else None

    def _choose(self, part: PartName) -> None:
        kinds = self.tr("Weights (*.safetensors *.sft *.gguf *.json *.model)")
        title = self.tr("Choose the file of the {part}").format(part=self._name(part))
        choose_file(self, title, kinds, lambda file: self._desk.search.choose(self._filmable, part, Path(file)))

    def _button(self, text: str, name: str = "") -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.setAccessibleName(name or text)
        return button


def _short(name: str) -> str:
    """The ends of a long name say the most."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 20]}…{name[-19:]}"
