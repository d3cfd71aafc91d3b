"""What fetching would mean, asked of the hub when the user wants to know, and the button that begins it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document import words
from svi_studio.document.models.fetch_desk import FetchDesk
from svi_studio.document.models.fetch_words import gated_words, offer_line, room_words
from svi_studio.domain.fetching.offer import FetchOffer
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.desktop.open_page import open_page
from svi_studio.ui.dialogs.plain_dialog import empty_layout, plain_label
from svi_studio.ui.models.token_dialog import TokenDialog


class OfferBox(QWidget):
    """The entries ``names`` of the catalogue: first one button, then sizes, terms and room, then "Get 13.2 GB".

    ``optional``: nothing is missing without them.

    ``closed`` comes when the user does not want them now.
    """

    closed = Signal()

    def __init__(
        self, fetches: FetchDesk, names: Sequence[str], parent: QWidget | None = None, *, optional: bool = False
    ) -> None:
        super().__init__(parent)
        self._fetches, self._names, self._optional = fetches, tuple(names), optional
        self._column = column_of(within=self, spacing=6)
        self._wanted = self._known
        self._shown: object = None
        fetches.changed.connect(self.show_state)
        self.show_state()

    @property
    def _known(self) -> bool:
        return all(name in self._fetches.offers for name in self._names)

    @property
    def _open(self) -> tuple[str, ...]:
        """The entries that are not on their way yet."""
        states = self._fetches.states
        return tuple(name for name in self._names if name not in states or states[name].is_over)

    def show_state(self) -> None:
        """Shows what is known of the entries."""
        fetches, names = self._fetches, self._open
        offers = tuple(fetches.offers[name] for name in names if name in fetches.offers)
        refusals = tuple(fetches.refusals[name] for name in names if name in fetches.refusals)
        state = (names, offers, refusals, fetches.is_asking(names), self._wanted)
        if state == self._shown:
            return
        self._shown = state
        empty_layout(self._column)
        if len(names) < len(self._names):
            self._say(self.tr("Some of it is coming: see below.") if names else self.tr("It is coming: see below."))
        if fetches.is_asking(names):
            self._say(self.tr("Asking what there is, and how large…"))
        elif refusals:
            self._say(" ".join(dict.fromkeys(refusals)), "warn")
            self._row(self._button(self.tr("Ask again"), self._ask), self._token_button())
        elif names and self._wanted and len(offers) == len(names):
            self._show_offers(offers)
        elif names:
            what = self.tr("Get what is optional…") if self._optional else self.tr("Get what is missing…")
            self._row(self._button(what, self._ask))

    def _show_offers(self, offers: tuple[FetchOffer, ...]) -> None:
        for offer in offers:
            self._say(offer_line(offer))
            if offer.gated:
                self._say(gated_words(offer), "warn")
        sentence, fits = room_words(offers)
        self._say(sentence, "dim" if fits else "danger")
        names = self._open
        size = self._fetches.sum_of(names) or 0
        missing = self.tr("Get it ({size})") if self._optional else self.tr("Get what is missing ({size})")
        get = self._button(
            missing.format(size=words.size(size)) if size else self.tr("Check what is here"),
            lambda: self._fetches.fetch(names),
            primary=True,
        )
        get.setEnabled(fits)
        page = next((offer.page for offer in offers if offer.gated), "")
        terms = (self._button(self.tr("Open its page"), lambda: open_page(page)), self._token_button()) if page else ()
        self._row(get, *terms)

    def _token_button(self) -> QPushButton:
        return self._button(self.tr("Access token…"), lambda: TokenDialog(self._fetches.token, self).open())

    def _ask(self) -> None:
        self._wanted = True
        self._fetches.ask(self._open)

    def _say(self, sentence: str, tone: str = "dim") -> None:
        self._column.addWidget(plain_label(visible(sentence), self, tone))

    def _button(self, text: str, do: Callable[[], object], *, primary: bool = False) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("primary", primary)
        button.setAutoDefault(False)
        button.setAccessibleName(text.rstrip("…"))
        button.clicked.connect(do)
        return button

    def _row(self, *buttons: QPushButton) -> None:
        holder = QWidget(self)
        row_of(*buttons, 1, within=holder, spacing=8, margins=(0, 2, 0, 0))
        self._column.addWidget(holder)
