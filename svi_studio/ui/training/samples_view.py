"""The test films of a training: for each checkpoint its drift curves and its pictures."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.training import verdict_words
from svi_studio.document.training.checkpoint_films import CheckpointFilms
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.domain.training.drift import (
    BASE,
    LORA,
    DriftReport,
    stillness,
)
from svi_studio.domain.training.events import SampleFailed
from svi_studio.domain.training.naive import NAIVE, fooled
from svi_studio.domain.training.verdict import Verdict, verdicts
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.dialogs.plain_dialog import section_label
from svi_studio.ui.theme.icons import keep_icon
from svi_studio.ui.training.drift_charts import DriftCharts, arm_colour, arm_name, figure_title
from svi_studio.ui.training.empty_box import EmptyBox
from svi_studio.ui.training.film_menu import set_up_play, show_films
from svi_studio.ui.training.legend import Legend
from svi_studio.ui.training.strip_view import StripView

_STRIP_HEIGHT = 520  # of several films under each other; more is to be looked at in its folder


class SamplesView(QWidget):
    """``show_samples`` takes what there is; the newest is shown until the user chooses another one."""

    chosen = Signal(int)
    film_wanted = Signal()

    def __init__(self, thumbnails: Thumbnails, desk: TrainingDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._samples: dict[int, Path] = {}
        self._shown: int | None = None
        self._folder: Path | None = None
        self._follows = True
        self.steps = ChoiceBox(self)
        self.steps.setAccessibleName(self.tr("Checkpoint"))
        self.steps.setFixedWidth(190)
        self.play = QToolButton(self)
        self.now = QPushButton(self.tr("Film now"), self)
        self.verdict = QLabel(self)
        self.basis = note_label(parent=self)
        self.legend = Legend(self)
        self.charts = DriftCharts(self)
        self.strip = StripView(thumbnails, _STRIP_HEIGHT, self)
        self.strip.setToolTip(self.tr("Click to see it large"))
        self.strip.setCursor(Qt.CursorShape.PointingHandCursor)
        self.strip_note = note_label(parent=self)
        self.fault = note_label(parent=self)
        self.fault.setProperty("tone", "warn")
        self.still = note_label(parent=self)
        self.still.setProperty("tone", "warn")
        self.nothing = EmptyBox(self)
        self._lay_out()
        self.steps.chosen.connect(self._choose)
        self.now.clicked.connect(self.film_wanted)
        self.strip.clicked.connect(open_with_system)
        self.show_fault(None)
        self.show_samples({}, every=0)

    def show_fault(self, fault: SampleFailed | None) -> None:
        """Why the newest test films are missing; None when they are not."""
        words = self.tr("After {step} steps no test film could be made. {reason}")
        self.fault.setText(words.format(step=f"{fault.step:,}", reason=fault.sentence) if fault else "")
        self.fault.setVisible(fault is not None)

    def show_samples(self, samples: dict[int, Path], every: int) -> None:
        """Test films by the step of their checkpoint; they come every ``every`` steps, 0 = never."""
        self._samples = dict(samples)
        words = self.tr("After {step} steps")
        self.steps.show_choices(
            [Choice(step, words.format(step=f"{step:,}")) for step in sorted(samples, reverse=True)]
        )
        for widget in (self.steps, self.charts, self.strip, self._strip_head, self.legend):
            widget.setVisible(bool(samples))
        self.nothing.setText(
            self.tr("The first test film comes after {count} steps: the model alone beside your LoRA.").format(
                count=f"{every:,}"
            )
            if every
            else self.tr("This training makes no test films, so nothing will show whether it stops the drift.")
        )
        self.nothing.setVisible(not samples)
        if not samples:
            self._shown, self._folder, self._follows = None, None, True
            self._show_verdict(())
            show_films(self.play, ())
            self.still.setVisible(False)
            self.strip_note.setVisible(False)
            return
        newest = max(samples)
        if self._follows or self._shown not in samples:
            self._show(newest)

    @property
    def shown(self) -> int | None:
        """The step whose test films are shown."""
        return self._shown

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        title = QLabel(self.tr("Test films"), self)
        title.setProperty("role", "strong")
        head.addWidget(title)
        head.addStretch(1)
        for widget in (self.now, self.play, self.steps):
            head.addWidget(widget)
        set_up_play(self.play, self.tr("Play a film"))
        keep_icon(self.now, "film")
        self.now.setToolTip(self.tr("Makes the test films of the newest checkpoint"))
        self.verdict.setWordWrap(True)
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setProperty("role", "strong")
        self._strip_head = section_label(self.tr("Model alone above, your LoRA below"), self)
        self._strip_head.setWordWrap(True)
        column_of(
            head,
            *(
                self.verdict,
                self.basis,
                self.fault,
                self.nothing,
                self._strip_head,
                self.strip,
                self.strip_note,
                self.still,
                self.legend,
                self.charts,
            ),
            1,
            within=self,
            spacing=10,
        )

    @Slot(object)
    def _choose(self, step: object) -> None:
        if isinstance(step, int):
            self._follows = step == max(self._samples, default=step)
            self._show(step)
            self.chosen.emit(step)

    def _show(self, step: int) -> None:
        self.steps.show_value(step)
        folder = self._samples[step]
        if (step, folder) == (self._shown, self._folder):
            return
        self._shown, self._folder = step, folder  # another training may have films of the same step
        self._show_verdict(())  # those of another step say nothing of this one
        show_films(self.play, ())
        self.strip.nothing = self.tr("There are no pictures of this test.")
        self._desk.read_films(folder, lambda films: self._show_films(folder, films))

    def show_filming(self, refusal: str, *, is_possible: bool) -> None:
        """Whether films of the newest checkpoint can be made now; ``refusal`` says why they cannot just yet."""
        self.now.setVisible(is_possible)
        self.now.setEnabled(not refusal)
        self.now.setToolTip(refusal or self.tr("Makes the test films of the newest checkpoint"))

    def _show_verdict(self, found: tuple[Verdict, ...]) -> None:
        self.verdict.setText(verdict_words.sentences(found))
        self.basis.setText(verdict_words.basis(found))
        self.basis.setVisible(bool(self.basis.text()))
        set_look(self.verdict, "tone", verdict_words.tone(found))
        self.verdict.setVisible(bool(found))

    def _show_films(self, folder: Path, films: CheckpointFilms) -> None:
        if folder != self._folder:
            return
        report = films.report
        self.strip.show_file(films.strip, films.height)
        show_films(self.play, films.films)
        self._show_verdict(verdicts(report) if report is not None else ())
        shown = [arm for arm in report.arms if arm.name not in NAIVE] if report is not None else []
        if len(shown) > len((BASE, LORA)):
            rows = ", ".join(arm_name(arm.name) for arm in shown)
            self._strip_head.setText(self.tr("From above: {rows}").format(rows=rows))
        else:
            self._strip_head.setText(self.tr("Model alone above, your LoRA below"))
        self.charts.show_report(report)
        arms = report.arms if report is not None else ()
        self.legend.show_lines([(arm_name(arm.name), arm_colour(arm.name), arm.name == BASE) for arm in arms])
        self.strip_note.setText("" if report else self.tr("The figures of this test film cannot be read."))
        self.strip_note.setVisible(report is None)
        said = "\n".join(filter(None, (_stillness(report), _naive(report), *_unmeasured(report))))
        self.still.setText(said)
        self.still.setVisible(bool(said))


def _unmeasured(report: DriftReport | None) -> tuple[str, ...]:
    """Returns what the trainer says could not be measured, in its own words."""
    return tuple(note for note in report.notes if "not measured" in note) if report is not None else ()


def _naive(report: DriftReport | None) -> str:
    """Returns the warning about measures that films win in which nothing new happens."""
    titles, films = fooled(report) if report is not None else ((), ())
    if not titles:
        return ""
    said = QCoreApplication.translate(
        "SamplesView",
        "Films in which nothing new happens come out ahead in {measures} ({films}): read these measures with motion.",
    )
    measures = ", ".join(figure_title(figure).lower() for figure in titles)
    return said.format(measures=measures, films=", ".join(arm_name(film) for film in films))


def _stillness(report: DriftReport | None) -> str:
    """Returns the warning about a film that is steady because it hardly moves."""
    lora = report.arm(LORA) if report is not None else None
    if report is None or lora is None or stillness(lora, report.arm(BASE)) is None:
        return ""
    return QCoreApplication.translate(
        "SamplesView", "With your LoRA the film hardly moves: its likeness to the start is that of a still picture."
    )
