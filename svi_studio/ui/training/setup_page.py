"""A new training in three steps: what for, from which footage, and a last look before it begins."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QWidget

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.training.check_words import may_start
from svi_studio.document.training.training_check import Checked
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.domain.errors import StudioError
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.domain.training.data_recipe import FolderRepeat, named_repeats
from svi_studio.domain.training.family_footage import family_footage
from svi_studio.domain.training.footage import Footage, is_cut_for
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.wanted_machine import WantedMachine
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.theme.icons import keep_icon
from svi_studio.ui.training.check_page import CheckPage
from svi_studio.ui.training.footage_page import FootagePage
from svi_studio.ui.training.purpose_page import PurposePage
from svi_studio.ui.training.step_bar import StepBar
from svi_studio.ui.training.words_dialog import WordsDialog

PURPOSE, FOOTAGE, CHECK = range(3)
_AGAIN_MS = 400  # a prompt is typed letter by letter


class SetupPage(QWidget):
    """``started`` brings the folder of a training that has just begun."""

    started = Signal(object)

    def __init__(
        self,
        desk: TrainingDesk,
        presets: Mapping[str, TrainingRecipe],
        thumbnails: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._presets = desk, presets
        self._checked: Checked | None = None
        self._again = QTimer(self, interval=_AGAIN_MS, singleShot=True)
        self.steps = StepBar((self.tr("What for"), self.tr("Footage"), self.tr("Check and start")), self)
        self.heading = QLabel(self)
        self.heading.setProperty("role", "title")
        self.purpose = PurposePage(desk.draft, presets, self)
        self.footage = FootagePage(desk.footage, thumbnails, self)
        self.check = CheckPage(self)
        self.pages = QStackedWidget(self)
        self.problem = note_label(parent=self)
        self.problem.setProperty("tone", "danger")
        self.waiting = note_label(parent=self)
        self.back = QPushButton(self.tr("Back"), self)
        self.forward = QPushButton(self)
        self._lay_out()
        self._connect()
        self.go_to(PURPOSE)

    @property
    def step(self) -> int:
        """The step that is shown, from 0."""
        return self.pages.currentIndex()

    @Slot(int)
    def go_to(self, step: int) -> None:
        """Shows a step; what it needs begins at once."""
        self.problem.setText("")
        self.pages.setCurrentIndex(step)
        self.heading.setText(
            (
                self.tr("What is your LoRA for?"),
                self.tr("Which footage does it learn from?"),
                self.tr("Ready to start?"),
            )[step]
        )
        if step == FOOTAGE and self._is_stale():
            self._desk.reading.start()
        if step == CHECK:
            self._desk.footage.save()
            self._look()
        self.refresh()
        (self.forward, self.footage.well, self.check.name)[step].setFocus()

    @Slot()
    def refresh(self) -> None:
        """Enables what can be pressed now, and says why the rest cannot."""
        reachable = PURPOSE
        if self._desk.draft.recipe is not None:
            reachable = CHECK if self._clips and not self._is_stale() and not self._desk.reading.is_running else FOOTAGE
        self.footage.show_named(self._named_folders())
        self.steps.show_step(self.step, reachable)
        self.back.setVisible(self.step > PURPOSE)
        self.problem.setVisible(bool(self.problem.text()))
        last = self.step == CHECK
        start = self.tr("Put in line") if self._desk.must_wait else self.tr("Start the training")
        self.forward.setText(start if last else self.tr("Next"))
        keep_icon(self.forward, "play" if last else "arrow-right", "on-accent")
        busy = self._busy_sentence() if last else ""
        ready = self._checked is not None and may_start(self._checked) and self._desk.footage.is_saved
        self.forward.setEnabled(ready if last else reachable > self.step)
        self.forward.setToolTip(busy)
        self.waiting.setText(busy)
        self.waiting.setVisible(bool(busy) and not self.problem.text())

    def choose_folder(self, folder: Path) -> None:
        """Looks through the videos in ``folder``."""
        draft = self._desk.draft
        draft.edit("footage", str(folder))
        if not draft.is_named:
            draft.edit("name", plain_name(folder.name, otherwise="LoRA")[:80])
        self._desk.reading.start()

    def _named_folders(self) -> tuple[FolderRepeat, ...]:
        """Folders that are named for repeats, as long as nobody has said how often any counts."""
        footage, recipe = self._desk.footage.footage, self._desk.draft.recipe
        if footage is None or recipe is None or recipe.data.repeats:
            return ()
        folders = {clip.source.rpartition("/")[0] for clip in footage.clips}  # few, where clips may be thousands
        return named_repeats(f"{folder}/any" for folder in folders if folder)

    @Slot()
    def ask_for_words(self) -> None:
        """Asks what is said of all clips and how often folders count; what needs another reading begins afterwards."""
        dialog = WordsDialog(self._desk.draft, self._desk.footage, self)
        dialog.setObjectName("words and folders")
        dialog.finished.connect(self._words_chosen)
        dialog.open()

    @Slot()
    def _words_chosen(self) -> None:
        if self.step == FOOTAGE and self._is_stale():
            self._desk.reading.start()
        self.refresh()

    @property
    def _clips(self) -> int:
        """How many clips the training learns from: those that are used and not held out."""
        footage = self._desk.footage.footage
        if footage is None:
            return 0
        return sum(clip.is_used for clip in footage.clips) - len(self._desk.footage.held_out)

    def _is_stale(self) -> bool:
        """Whether the clips were cut for another recipe, or from another folder, than the one that is wanted."""
        recipe, footage = self._desk.draft.recipe, self._desk.footage.footage
        if recipe is None or not recipe.footage:
            return False
        return footage is None or not _fits(footage, recipe)

    def _busy_sentence(self) -> str:
        if not self._desk.must_wait:
            return ""
        return self.tr("A film or another training is computing: yours waits in line and starts when that is done.")

    def _connect(self) -> None:
        desk = self._desk
        self.steps.wanted.connect(self.go_to)
        self._again.timeout.connect(self._look_again)
        self.back.clicked.connect(lambda: self.go_to(self.step - 1))
        self.forward.clicked.connect(self._go_on)
        self.footage.folder_chosen.connect(self.choose_folder)
        self.footage.again_wanted.connect(desk.reading.start)
        self.footage.cancelled.connect(desk.reading.cancel)
        self.footage.words_wanted.connect(self.ask_for_words)
        self.check.renamed.connect(self._rename)
        self.check.smaller_wanted.connect(self._take_smaller)
        self.check.rounds_wanted.connect(self._take_rounds)
        self.check.swap_wanted.connect(self._take_swap)
        self.purpose.estimate.look_wanted.connect(self._estimate)
        self.check.tests.edited.connect(self._edit)
        desk.draft.changed.connect(self._recipe_changed)
        desk.footage.changed.connect(self.refresh)
        desk.reading.changed.connect(self._show_reading)
        desk.footage.refused.connect(self._refuse)
        for signal in (desk.runs_changed, desk.ended, desk.footage.saved):
            signal.connect(self.refresh)

    @Slot()
    def _go_on(self) -> None:
        if self.step < CHECK:
            self.go_to(self.step + 1)
            return
        try:
            folder = self._desk.start()
        except StudioError as error:
            self._refuse(str(error))
            return
        if folder is not None:
            self.started.emit(folder)

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    @Slot()
    def _recipe_changed(self) -> None:
        recipe = self._desk.draft.recipe
        if recipe is not None:
            self.check.show_recipe(recipe, self._clips, len(self._desk.footage.held_out))
        self.refresh()

    @Slot()
    def _show_reading(self) -> None:
        if self._desk.reading.is_running:
            self.footage.show_reading(self._desk.reading.now)
        else:
            self.footage.refresh()
            self.footage.show_failure(self._desk.reading.problem)
            if self.step == FOOTAGE and self._clips:
                self.footage.browser.list.setFocus()
        self.refresh()

    @Slot(str)
    def _rename(self, name: str) -> None:
        if name.strip() and not self._desk.draft.edit("name", name.strip()):
            self._refuse(self.tr("A name cannot hold characters such as / and :, because a file is called by it."))
        else:
            self._refuse("")

    @Slot(str, object)
    def _edit(self, path: str, value: object) -> None:
        taken = self._desk.draft.edit(path, value)
        self._refuse("" if taken else self._desk.draft.problem)
        if taken:
            self._again.start()  # other test films take another time

    @Slot()
    def _take_smaller(self) -> None:
        recipe = self._desk.draft.recipe
        smaller = recipe.smaller_preset if recipe is not None else None
        if smaller is not None and smaller in self._presets:
            self.take_preset(smaller)
            self.go_to(FOOTAGE)

    @Slot(int)
    def _take_rounds(self, rounds: int) -> None:
        if self._desk.draft.edit("accumulation", rounds):
            self._look()

    @Slot(int)
    def _take_swap(self, blocks: int) -> None:
        if self._desk.draft.edit("memory.swapped_blocks", blocks):
            self._look()

    @Slot(object)
    def _estimate(self, wanted: WantedMachine) -> None:
        """Says on the first page what the draft needs there."""

        def show(checked: Checked) -> None:
            if checked.recipe == self._desk.draft.recipe and wanted == self.purpose.estimate.wanted:
                self.purpose.estimate.show_checked(checked)

        self._desk.estimate(wanted, show)

    def take_preset(self, name: str) -> None:
        """Begins with a preset, from the same footage."""
        self.purpose.choose_preset(name)

    @Slot()
    def _look_again(self) -> None:
        if self.step == CHECK:
            self._look(quietly=True)

    def _look(self, *, quietly: bool = False) -> None:
        """Looks at this computer and the model, in a thread; ``quietly``: what was found before stays until then."""
        recipe, clips = self._desk.draft.recipe, self._clips
        if recipe is None:
            return
        self._checked = self._checked if quietly else None
        self.check.show_recipe(recipe, clips, len(self._desk.footage.held_out))
        if not quietly:
            self.check.show_waiting()

        def show(checked: Checked) -> None:
            if checked.recipe == self._desk.draft.recipe or self.step == CHECK:
                self._checked = checked
                self.check.show_checked(checked, self._without_caption())
                self.refresh()

        self._desk.check(clips, show)

    def _without_caption(self) -> int:
        """Used clips that nothing is said of; a family that has one sentence for all of them misses none."""
        footage, recipe = self._desk.footage.footage, self._desk.draft.recipe
        if footage is None or recipe is None or family_footage(recipe.family).caption:
            return 0
        return sum(clip.is_used and not clip.caption.strip() for clip in footage.clips)

    def _lay_out(self) -> None:
        for page in (self.purpose, self.footage, self.check):
            self.pages.addWidget(page)
        self.forward.setProperty("primary", True)
        buttons = row_of((self.problem, 1), (self.waiting, 1), 0, self.back, self.forward, spacing=8)
        buttons.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        column_of(self.steps, self.heading, (self.pages, 1), buttons, within=self, spacing=14, margins=(24, 18, 24, 18))


def _fits(footage: Footage, recipe: TrainingRecipe) -> bool:
    return is_cut_for(footage, recipe) and Path(footage.folder) == Path(recipe.footage)
