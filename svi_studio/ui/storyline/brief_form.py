"""What a new story is about: subject, pictures, how many clips, tone, language, and where in the film it stands."""

import random
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QWidget

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.story.story_asks import Target
from svi_studio.domain.number_range import NumberRange
from svi_studio.domain.story.story_brief import MOST_STORY_CLIPS, MOST_SUBJECT_LETTERS
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.field import Field, small_button
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.controls.section import Section
from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.storyline.picture_part import PicturePart

CLIPS = 10
_MOST_SEED = 2**31 - 1
_LANGUAGES = ("English", "Deutsch", "Español", "Français", "Italiano", "Português", "Polski", "日本語", "中文")

END, AFTER, WHOLE = "end", "after", "whole"


class BriefForm(QWidget):
    """``changed`` comes when anything is another one, ``sound_wanted`` when the length of a sound shall count.

    ``more`` holds what only some want; it is put elsewhere.
    """

    changed = Signal()
    sound_wanted = Signal(object)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected_gap: int | None = None
        self.subject = TextBox(2, 5, self)
        self.pictures = PicturePart(thumbnails, self)
        self.clips = NumberBox(NumberRange(1, MOST_STORY_CLIPS), optional=False, parent=self)
        self.by_sound = QPushButton(self.tr("Match a sound file…"), self)
        self.length = ElidedLabel(parent=self)
        self.tone = _free_choice(self, _tones())
        self.scenes = QCheckBox(self.tr("Change the scene from time to time"), self)
        self.place = ChoiceBox(self)
        self.language = _free_choice(self, _LANGUAGES)
        self.seed = NumberBox(NumberRange(0, _MOST_SEED), optional=False, parent=self)
        self.dice = small_button("dice", self.tr("Another seed"), self)
        self.more = Section(self.tr("More"))
        self._lay_out()
        self._connect()
        self.clips.show_value(CLIPS)
        self.seed.show_value(0)
        self.show_place(None, 0)

    @property
    def words(self) -> str:
        """The subject as it was typed."""
        return self.subject.text().strip()

    @property
    def target(self) -> Target:
        """Where the story stands in the film."""
        chosen = self.place.shown()
        return Target(self._selected_gap if chosen == AFTER else None, whole_film=chosen == WHOLE)

    def fields(self) -> dict[str, object]:
        """The fields of a ``StoryBrief`` as they are filled in."""
        return {
            "subject": self.words,
            "clips": int(self.clips.value or CLIPS),
            "tone": "" if self.tone.currentIndex() == 0 else self.tone.currentText().strip()[:200],
            "language": self.language.currentText().strip()[:100] or _LANGUAGES[0],
            "seed": int(self.seed.value or 0),
            "scene_changes": self.scenes.isChecked(),
        }

    def show_place(self, gap: int | None, clips: int) -> None:
        """The clips before ``gap`` are selected, None = none are; the film has ``clips``."""
        self._selected_gap = gap
        choices = [Choice(END, self.tr("At the end of the film"))]
        if gap is not None and gap < clips:
            choices.append(Choice(AFTER, self.tr("After clip {number}, which is selected").format(number=gap)))
        if clips:
            choices.append(Choice(WHOLE, self.tr("Instead of the whole film")))
        shown = self.place.shown()
        self.place.show_choices(choices)
        if self.place.shown() is None:
            self.place.show_value(shown if shown in {choice.value for choice in choices} else END)

    def set_words(self, words: str) -> None:
        """Sets the subject of the story."""
        self.subject.show_text(words[:MOST_SUBJECT_LETTERS])
        self.changed.emit()

    def set_pictures(self, pictures: Sequence[StoryPicture]) -> None:
        """Sets the pictures that the story starts from."""
        self.pictures.show_pictures(pictures)

    def follow_sound(self, name: str, clips: int) -> None:
        """Sets the number of clips that the sound called ``name`` needs."""
        self.clips.show_value(clips)
        self.length.setText(self.tr("As long as {name}").format(name=name))
        self.length.show()
        self.changed.emit()

    @Slot()
    def roll(self) -> None:
        """Sets another seed, which gives another story."""
        self.seed.show_value(random.sample(range(_MOST_SEED), 1)[0])
        self.changed.emit()

    def _connect(self) -> None:
        self.subject.edited.connect(self._limit)
        self.pictures.changed.connect(self.changed)
        self.by_sound.clicked.connect(self._ask_sound)
        self.dice.clicked.connect(self.roll)
        self.clips.edited.connect(self.length.hide)
        self.clips.edited.connect(self.changed)

    @Slot(str)
    def _limit(self, words: str) -> None:
        if len(words) > MOST_SUBJECT_LETTERS:
            self.subject.show_text(words[:MOST_SUBJECT_LETTERS])
        self.changed.emit()

    @Slot()
    def _ask_sound(self) -> None:
        from svi_studio.ui.dialogs.choose_file import choose_file  # noqa: PLC0415 - only when it is wanted

        kinds = self.tr("Sound") + " (*.wav *.mp3 *.flac *.m4a *.ogg *.opus *.aac *.mp4 *.mov *.mkv *.webm)"
        choose_file(self, self.tr("Match this sound file"), kinds, lambda file: self.sound_wanted.emit(Path(file)))

    def _lay_out(self) -> None:
        self.subject.setPlaceholderText(self.tr("For example: a red boat at sea"))
        count = QWidget(self)
        row_of((self.clips, 1), (self.by_sound, 2), within=count, spacing=8)
        count.setFocusProxy(self.clips)
        seed = QWidget(self)
        row_of((self.seed, 1), self.dice, within=seed)
        seed.setFocusProxy(self.seed)
        self.length.setProperty("tone", "dim")
        self.length.hide()
        self.clips.setAccessibleName(self.tr("Clips"))
        self.seed.setAccessibleName(self.tr("Story seed"))
        column = column_of(
            Field(self.tr("What is the film about?"), self.subject),
            Field(self.tr("Pictures"), self.pictures),
            Field(self.tr("Clips"), count),
            self.length,
            Field(self.tr("Tone"), self.tone),
            self.scenes,
            Field(self.tr("Where"), self.place),
            within=self,
            spacing=14,
        )
        self.more.body.addWidget(Field(self.tr("Language of the prompts"), self.language, _language_help()))
        self.more.body.addWidget(Field(self.tr("Story seed"), seed, self.tr("Another seed gives another story")))
        column.addStretch(1)


def _free_choice(parent: QWidget, choices: Sequence[str]) -> QComboBox:
    """A list that takes other words, too; quiet under the wheel."""
    box = QComboBox(parent)
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.addItems(list(choices))
    line = box.lineEdit()
    if line is not None:
        line.setMaxLength(200)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def _tones() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("BriefForm", "Let the writer decide"),
        translate("BriefForm", "Calm"),
        translate("BriefForm", "Cheerful"),
        translate("BriefForm", "Dramatic"),
        translate("BriefForm", "Funny"),
        translate("BriefForm", "Mysterious"),
    )


def _language_help() -> str:
    return QCoreApplication.translate("BriefForm", "Wan models understand English and Chinese best.")
