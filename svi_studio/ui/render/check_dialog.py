"""The page that says before a render what stands in its way, what would make a worse film, and what it will take."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.check_desk import CheckDesk
from svi_studio.domain.finding import Finding, Verdict
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, empty_layout, plain_label
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_DRAWINGS: dict[Verdict, tuple[str, str]] = {
    "good": ("check", "ok"),
    "note": ("info", "warn"),
    "bad": ("warning", "danger"),
}


class CheckDialog(PlainDialog):
    """What is bad comes first, then what is to be noted; what is well stands below, more quietly."""

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Check before rendering"), self.tr("Looking at the film…"), parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 560)
        self.desk = CheckDesk(film, self)
        self._findings: Sequence[Finding] = ()
        self._page = self.add_scrolled(14, right=8)
        self._again = self.add_button(self.tr("Look again"))
        self._again.clicked.connect(self.look)
        self.add_button(self.tr("Close"), primary=True).clicked.connect(self.accept)
        self.desk.found.connect(self.show_found)
        self.finished.connect(self.desk.close)
        film.closing.connect(self.reject)
        theme().changed.connect(self._fill)
        self.look()

    @Slot()
    def look(self) -> None:
        """Checks the film as it is now."""
        self.sentence.setText(self.tr("Looking at the film…"))
        self._again.setEnabled(False)
        self.desk.look()

    @Slot(tuple)
    def show_found(self, findings: Sequence[Finding]) -> None:
        """Shows what was found."""
        self._findings = findings
        self._fill()
        self.sentence.setText(self._verdict([finding.verdict for finding in findings]))
        self._again.setEnabled(True)

    @Slot()
    def _fill(self) -> None:
        empty_layout(self._page)
        order: tuple[Verdict, ...] = ("bad", "note", "good")
        for finding in sorted(self._findings, key=lambda finding: order.index(finding.verdict)):
            self._page.addWidget(self._row(finding))
        self._page.addStretch(1)

    def _verdict(self, found: Sequence[Verdict]) -> str:
        if "bad" in found:
            return self.tr("Something has to be put right before this film can be rendered.")
        if "note" in found:
            return self.tr("The film can be rendered. Have a look at what is noted first.")
        return self.tr("The film can be rendered.")

    def _row(self, finding: Finding) -> QWidget:
        row = QWidget()
        row.setAccessibleName(f"{finding.subject}: {finding.fact}")
        grid = row_of(within=row, spacing=12)
        picture = QLabel(row)
        drawing, colour = _DRAWINGS[finding.verdict]
        picture.setPixmap(icon_pixmap(drawing, 20, colour, self.devicePixelRatioF()))
        grid.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        tone = {"bad": "danger", "note": "", "good": "dim"}[finding.verdict]
        lines = [plain_label(self._subject(finding), row, ""), plain_label(_sentence(finding.fact), row, tone)]
        if finding.advice:
            lines.append(plain_label(_sentence(finding.advice), row, "dim"))
        grid.addLayout(column_of(*lines, spacing=2), 1)
        return row

    def _subject(self, finding: Finding) -> str:
        subjects = {
            "Film": self.tr("Film"),
            "Family": self.tr("Family"),
            "Clips": self.tr("Clips"),
            "LoRAs": self.tr("LoRAs"),
            "Steps": self.tr("Steps"),
            "Precision": self.tr("Precision"),
            "Size": self.tr("Size"),
            "Seeds": self.tr("Seeds"),
            "Pictures and words": self.tr("Pictures and words"),
            "Memory": self.tr("Memory"),
            "Disk": self.tr("Disk"),
            "Time": self.tr("Time"),
        }
        return subjects.get(finding.subject, finding.subject)


def _sentence(words: str) -> str:
    """A fact as a sentence of its own; what begins like ``fp8`` stays small."""
    whole = words[:1].upper() + words[1:] if words.partition(" ")[0].rstrip(",:").isalpha() else words
    return whole if whole.endswith((".", "?", "!")) else f"{whole}."
