"""The desk in the window: the proposed cards beside the film, what can be done with them, and how far the writer is."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.story.desk_rows import desk_rows
from svi_studio.document.story.desk_words import accept_words, progress_words, summary_words
from svi_studio.document.story.story_desk import StoryDesk, is_one_run
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.dialogs.plain_dialog import section_label
from svi_studio.ui.storyline.card_list import CardList
from svi_studio.ui.storyline.empty_desk import EmptyDesk
from svi_studio.ui.storyline.failure_box import FailureBox
from svi_studio.ui.theme.icons import keep_icon


class DeskPanel(QWidget):
    """Shows a StoryDesk. ``templates_wanted``: the writer failed, and the templates shall write instead."""

    templates_wanted = Signal()

    def __init__(self, desk: StoryDesk, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.title = ElidedLabel(parent=self)
        self.summary = QLabel(self)
        self.heads = QWidget(self)
        self.now = section_label(self.tr("The film now"), self.heads)
        self.proposed = section_label(self.tr("Proposed"), self.heads)
        self.list = CardList(thumbnails, self)
        self.empty = EmptyDesk(self)
        self.pages = QStackedWidget(self)
        self.progress = QProgressBar(self)
        self.said = ElidedLabel(parent=self)
        self.stop = QPushButton(self.tr("Stop"), self)
        self.failure = FailureBox(self)
        self.edit = QPushButton(self.tr("Edit"), self)
        self.again = QPushButton(self.tr("Ask again"), self)
        self.from_here = QPushButton(self.tr("From here to the end"), self)
        self.between = QPushButton(self.tr("Add before"), self)
        self.all = QPushButton(self)
        self.discard = QPushButton(self.tr("Discard"), self)
        self.accept = QPushButton(self)
        self._lay_out()
        self._connect()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Shows the proposal as it is now."""
        desk = self._desk
        self.list.cards.can_edit = not desk.is_busy
        self.list.cards.show_rows(desk_rows(desk))
        self._place_heads()
        shown = not desk.is_empty or desk.is_busy or desk.failure is not None
        self.pages.setCurrentIndex(1 if shown else 0)
        self.title.setText(desk.proposal.title if desk.proposal is not None else "")
        self.summary.setText(summary_words(desk))
        self._show_progress()
        self.failure.show_failure(desk)
        self._show_buttons()

    def select_card(self, card: int) -> None:
        """Goes to a card (from 0)."""
        self.list.select_card(card)

    def _connect(self) -> None:
        desk, cards = self._desk, self.list.cards
        desk.changed.connect(self.refresh)
        desk.written.connect(self._written)
        cards.chosen.connect(desk.choose)
        cards.edited.connect(desk.edit)
        cards.rowsInserted.connect(self._follow)
        self.list.resized.connect(self._place_heads)
        self.list.here_changed.connect(self._show_buttons)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.stop.clicked.connect(desk.cancel)
        self.edit.clicked.connect(self.list.edit_here)
        self.again.clicked.connect(self._ask_again)
        self.from_here.clicked.connect(self._ask_from_here)
        self.between.clicked.connect(self._ask_between)
        self.all.clicked.connect(lambda: desk.choose_all(not self._all_chosen()))
        self.discard.clicked.connect(desk.discard)
        self.accept.clicked.connect(desk.accept)
        self.failure.again_wanted.connect(desk.try_again)
        self.failure.templates_wanted.connect(self.templates_wanted)

    def _all_chosen(self) -> bool:
        able = [row for row in self.list.cards.rows if row.can_be_chosen]
        return bool(able) and all(row.is_chosen for row in able)

    def _show_progress(self) -> None:
        progress = self._desk.progress
        for widget in (self.progress, self.said, self.stop):
            widget.setVisible(progress is not None)
        if progress is None:
            return
        self.progress.setRange(0, progress.clips)
        self.progress.setValue(len(progress.cards))
        self.said.setText(progress_words(progress))

    @Slot()
    def _place_heads(self) -> None:
        """The heads of the columns stand over them."""
        column = self.list.film_column
        self.heads.setVisible(column > 0)
        self.now.move(0, 0)
        self.proposed.move(column, 0)

    @Slot()
    def _show_buttons(self) -> None:
        desk, here = self._desk, self.list.selected
        free = not desk.is_busy and not desk.is_empty
        can_ask = free and desk.make_writer is not None
        self.edit.setEnabled(free and len(here) == 1)
        self.again.setEnabled(can_ask and is_one_run(here))
        self.from_here.setEnabled(can_ask and len(here) == 1)
        self.between.setEnabled(can_ask and len(here) == 1 and not desk.is_rewrite)
        self.all.setEnabled(free)
        self.all.setText(self.tr("Select none") if self._all_chosen() else self.tr("Select all"))
        self.discard.setEnabled(free or (desk.failure is not None and not desk.is_busy))
        chosen = len(desk.chosen)
        self.accept.setText(accept_words(chosen, len(desk.differences)))
        self.accept.setEnabled(free and chosen > 0 and not desk.is_read_only)
        set_look(self.accept, "primary", free and chosen > 0)

    @Slot()
    def _follow(self) -> None:
        """Scrolls to new cards, unless the user reads further up."""
        bar = self.list.verticalScrollBar()
        if self._desk.is_busy and bar.value() >= bar.maximum() - self.list.height() // 2:
            self.list.scrollToBottom()

    @Slot()
    def _written(self) -> None:
        if not self.list.selected and not self._desk.is_empty:
            self.list.scrollToTop()
        self.list.setFocus()

    @Slot()
    def _ask_again(self) -> None:
        here = self.list.selected
        if is_one_run(here):
            self._desk.ask_again(here[0], here[-1])

    @Slot()
    def _ask_from_here(self) -> None:
        here = self.list.selected
        if here:
            self._desk.ask_from_here(here[0])

    @Slot()
    def _ask_between(self) -> None:
        here = self.list.selected
        if here:
            self._desk.ask_between(here[0])

    @Slot(QPoint)
    def _menu(self, at: QPoint) -> None:
        if not self.list.selected:
            return
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in (self.edit, self.again, self.from_here, self.between):
            action = menu.addAction(button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)
        menu.popup(self.list.viewport().mapToGlobal(at))

    def _lay_out(self) -> None:
        self.heads.setFixedHeight(self.now.sizeHint().height())
        self.title.setProperty("role", "heading")
        self.summary.setProperty("tone", "dim")
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Story progress"))
        self.edit.setToolTip(self.tr("Edit this card (F2)"))
        self.again.setToolTip(self.tr("Write the selected cards again"))
        self.from_here.setToolTip(self.tr("Write this card and all after it again"))
        self.between.setToolTip(self.tr("Write one more card that leads to this one"))
        for button, name in (
            (self.edit, "text"),
            (self.again, "refresh"),
            (self.from_here, "branch"),
            (self.between, "plus"),
        ):
            keep_icon(button, name)
        keep_icon(self.stop, "stop")
        page = QWidget(self)
        column_of(
            row_of((self.title, 1), self.summary, spacing=8),
            row_of((self.said, 1), self.stop, spacing=8),
            *(self.progress, self.failure, self.heads, (self.list, 1)),
            row_of(self.edit, self.again, self.from_here, self.between, 1, spacing=8),
            row_of(self.all, 1, self.discard, self.accept, spacing=8),
            within=page,
            spacing=8,
        )
        self.pages.addWidget(self.empty)
        self.pages.addWidget(page)
        column_of(self.pages, within=self)
