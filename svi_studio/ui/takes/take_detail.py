"""The selected take: why the clip shows it or not, how it holds together, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from svi_studio.document import words
from svi_studio.document.takes.continuity_words import continuity_words
from svi_studio.document.takes.take_look import TakeLook
from svi_studio.document.takes.take_words import difference_sentence, standing_words
from svi_studio.domain.takes.take_difference import Differs
from svi_studio.ui.controls.field import note_label, small_button
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.controls.stars import StarRating
from svi_studio.ui.takes.diff_text import DiffText
from svi_studio.ui.theme.icons import keep_icon


class TakeDetail(QWidget):
    """Shows one take or several, with buttons whose signals say what the user asks for."""

    use_wanted = Signal()
    release_wanted = Signal()
    delete_wanted = Signal()
    compare_wanted = Signal()
    fork_wanted = Signal()
    reveal_wanted = Signal()
    rated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._joins: Sequence[str] = ()
        self.standing = QLabel(self)
        self.standing.setWordWrap(True)
        self.reasons = note_label("", self)
        self.diff_title = QLabel(self.tr("Words"), self)
        self.diff_title.setProperty("role", "section")
        self.diff = DiffText(self)
        self.continuity = note_label("", self)
        self.use = QPushButton(self.tr("Use this take"), self)
        self.use.setProperty("primary", True)
        self.release = QPushButton(self.tr("Follow the settings again"), self)
        self.stars = StarRating(self)
        self.compare = small_button("compare", self.tr("Compare with the take that the clip shows"), self)
        self.fork = small_button("branch", self.tr("What if: try another version from here, beside the film"), self)
        self.reveal = small_button("folder", self.tr("Show its folder"), self)
        self.delete = QToolButton(self)
        keep_icon(self.delete, "trash")
        self._lay_out()
        self._connect()

    def show_takes(
        self, looks: Sequence[TakeLook], is_open: bool, can_compare: bool, joins: Sequence[str] = ()
    ) -> None:
        """Shows one take, or what several have in common; ``joins`` say how a shown one joins its neighbours now."""
        single = looks[0] if len(looks) == 1 else None
        self._joins = joins
        self._show_words(looks, single)
        self.use.setVisible(single is not None and not single.is_shown)
        self.release.setVisible(single is not None and single.is_kept)
        self.stars.setVisible(bool(looks))
        if looks:
            self.stars.show_value(looks[0].stars if len({look.stars for look in looks}) == 1 else 0)
        self.compare.setEnabled(can_compare)
        pair = self.tr("Compare the two") if len(looks) == 2 else self.tr("Compare with the take that the clip shows")
        self.compare.setToolTip(pair)
        self.compare.setAccessibleName(pair)
        for button in (self.use, self.release, self.stars, self.delete):
            button.setEnabled(is_open and bool(looks))
        self.fork.setEnabled(is_open and single is not None)
        self.reveal.setEnabled(single is not None)
        delete = self.tr("Delete, frees {size}").format(size=words.size(sum(look.bytes for look in looks)))
        self.delete.setToolTip(delete)
        self.delete.setAccessibleName(delete)

    def _show_words(self, looks: Sequence[TakeLook], single: TakeLook | None) -> None:
        if single is None:
            size = words.size(sum(look.bytes for look in looks))
            self.standing.setText(self.tr("{count} takes, {size}").format(count=len(looks), size=size))
        else:
            self.standing.setText(_standing(self, single))
        set_look(self.standing, "tone", "" if single is None or single.fits or single.is_shown else "warn")
        differs = single.differs if single is not None and not single.is_shown else ()
        _say(self.reasons, " ".join(filter(None, map(difference_sentence, differs))))
        prompt = next((each for each in differs if each.kind is Differs.PROMPT), None)
        self.diff.setVisible(prompt is not None)
        self.diff_title.setVisible(prompt is not None)
        if prompt is not None:
            self.diff.show_diff(prompt.take, prompt.now)
        _say(self.continuity, " ".join(self._continuity(single)) if single is not None else "")

    def _continuity(self, look: TakeLook) -> tuple[str, ...]:
        """What was measured when it was rendered, but how it joins the clip before as that is now."""
        if not self._joins:
            return continuity_words(look.take.continuity, look.usual_movement)
        others = {name: value for name, value in look.take.continuity.items() if name != "seam"}
        return (*continuity_words(others, look.usual_movement), *self._joins)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        for widget in (self.standing, self.reasons, self.diff_title, self.diff, self.continuity):
            layout.addWidget(widget)
        layout.addWidget(self.use)
        layout.addWidget(self.release)
        line = QHBoxLayout()
        line.setSpacing(2)
        line.addWidget(self.stars)
        line.addStretch(1)
        for button in (self.compare, self.fork, self.reveal, self.delete):
            line.addWidget(button)
        layout.addLayout(line)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.use.clicked.connect(self.use_wanted)
        self.release.clicked.connect(self.release_wanted)
        self.delete.clicked.connect(self.delete_wanted)
        self.compare.clicked.connect(self.compare_wanted)
        self.fork.clicked.connect(self.fork_wanted)
        self.reveal.clicked.connect(self.reveal_wanted)
        self.stars.rated.connect(self.rated)


def _standing(owner: QWidget, look: TakeLook) -> str:
    if look.is_shown and not look.is_kept:
        return owner.tr("The clip shows this take.")
    if look.is_kept:
        return owner.tr("You chose this take: the clip keeps it, whatever its settings say.")
    if look.fits:
        return f"{standing_words(look)}."
    return owner.tr("The clip is made differently now.")


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
