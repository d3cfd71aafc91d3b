"""What is being fetched, and what could be: offers of the hub, fetches one after the other, checks and removals."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.models.fetch_state import FetchState, after
from svi_studio.document.models.hub_token import HubToken
from svi_studio.domain.fetching.events import FetchEvent
from svi_studio.domain.fetching.known_model import KnownModel
from svi_studio.domain.fetching.offer import FetchOffer
from svi_studio.jobs.models.model_fetcher import Checked, FetchEnd, ModelFetcher

PIECES = ("part", "extra")
"""The purposes of entries that models are made of, or get more of."""


class FetchDesk(QObject):
    """``models`` are the entries of the catalogue by name, ``place`` the models folder; both are set once known.

    ``changed``: an offer, a refusal or a fetch is another one. ``arrived`` brings the name of an entry that is here
    now. ``said`` brings a tone (ok, warn) and a sentence about a check or a removal, ``failed`` the title of an entry
    and why it did not come. ``rested``: a fetch was paused or ended early, so nobody has to wait for it.
    """

    changed = Signal()
    arrived = Signal(str)
    said = Signal(str, str)
    failed = Signal(str, str)
    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.models: Mapping[str, KnownModel] = {}
        self.place = Path()
        self.sizes: Mapping[str, int] = {}
        """Bytes of each entry that was fetched and is here."""
        self.users: Mapping[str, tuple[str, ...]] = {}
        """The titles of the models that are made with the files of each of them."""
        self.offers: dict[str, FetchOffer] = {}
        self.refusals: dict[str, str] = {}
        self.states: dict[str, FetchState] = {}
        self._asking: set[str] = set()
        self.checking: set[str] = set()
        self.token = HubToken(self)
        self.fetcher = ModelFetcher(self)
        self.fetcher.offered.connect(self._offered)
        self.fetcher.refused.connect(self._refused)
        self.fetcher.told.connect(self._told)
        self.fetcher.ended.connect(self._ended)
        self.fetcher.checked.connect(self._checked)
        self.fetcher.removed.connect(self._removed)

    @property
    def is_busy(self) -> bool:
        """Whether anything is being fetched, waits for its turn or is paused."""
        return any(not state.is_over for state in self.states.values())

    @property
    def has_parts_to_come(self) -> bool:
        """Whether anything that a model is made of is coming, or waits for its turn; a pause is not waited for."""
        coming = (name for name, state in self.states.items() if not state.is_over and state.stage != "paused")
        return any(name in self.models and self.models[name].purpose in PIECES for name in coming)

    def folder(self, name: str) -> Path:
        """Where the entry goes."""
        return self.place / self.models[name].folder

    def is_asking(self, names: Iterable[str]) -> bool:
        """Whether the hub is being asked about any of the entries."""
        return any(name in self._asking for name in names)

    def ask(self, names: Iterable[str]) -> None:
        """Asks the hub what fetching these entries would mean."""
        for name in names:
            if name in self.models and name not in self._asking:
                self._asking.add(name)
                self.refusals.pop(name, None)
                self.fetcher.ask(self.models[name], self.folder(name))
        self.changed.emit()

    def sum_of(self, names: Collection[str]) -> int | None:
        """Bytes that would come for all of these entries; None until the hub has said it of each."""
        if not names or any(name not in self.offers for name in names):
            return None
        return sum(self.offers[name].to_come for name in names)

    def fetch(self, names: Iterable[str], *, mend: bool = False) -> None:
        """Fetches these entries, one after the other."""
        for name in names:
            if name in self.models and not self.fetcher.is_fetching(name):
                self.states[name] = FetchState(name, self.models[name].title)
                self.fetcher.fetch(self.models[name], self.folder(name), mend=mend)
        self.changed.emit()

    def remember(self, names: Iterable[str]) -> None:
        """Lists fetches of an earlier start that did not end; whoever wants them goes on."""
        for name in names:
            if name in self.models and name not in self.states:
                self.states[name] = FetchState(name, self.models[name].title, "stopped")
        self.changed.emit()

    def pause(self, name: str) -> None:
        """Lets one fetch wait."""
        self.fetcher.pause(name)
        self._set(name, stage="paused", speed=None, seconds_left=None)
        self.rested.emit()

    def go_on(self, name: str) -> None:
        """After a pause, or after it failed or was stopped."""
        if self.fetcher.is_fetching(name):
            self.fetcher.go_on(name)
            self._set(name, stage="waiting", note="")
        else:
            self.fetch([name])

    def stop(self, name: str) -> None:
        """Ends one fetch; what came is kept."""
        self.fetcher.stop(name)

    def forget(self, name: str) -> None:
        """Takes a fetch that is over off the list."""
        if name in self.states and self.states[name].is_over:
            del self.states[name]
            self.changed.emit()

    def check(self, name: str) -> None:
        """Compares what was fetched of an entry with what it was."""
        if name in self.models and name not in self.checking:
            self.checking.add(name)
            self.fetcher.check(self.models[name], self.folder(name))
            self.changed.emit()

    def remove(self, name: str) -> None:
        """Removes what was fetched of an entry."""
        if name in self.models:
            self.fetcher.remove(self.models[name], self.folder(name))

    def close(self) -> bool:
        """Stops what is under way; what came is kept. Returns whether all threads have ended."""
        return all([self.fetcher.close(), self.token.close()])

    @Slot(object)
    def _offered(self, offer: FetchOffer) -> None:
        self._asking.discard(offer.name)
        self.offers[offer.name] = offer
        self.changed.emit()

    @Slot(str, str)
    def _refused(self, name: str, sentence: str) -> None:
        self._asking.discard(name)
        self.refusals[name] = sentence
        self.changed.emit()

    @Slot(str, object)
    def _told(self, name: str, event: FetchEvent) -> None:
        if name in self.states:
            self.states[name] = after(self.states[name], event)
            self.changed.emit()

    @Slot(object)
    def _ended(self, end: FetchEnd) -> None:
        if end.end == "done":
            self.states.pop(end.name, None)
            self.offers.pop(end.name, None)
            self.changed.emit()
            self.arrived.emit(end.name)
        else:
            self._set(end.name, stage=end.end, note=end.sentence, speed=None, seconds_left=None)
            if end.end == "failed":
                self.failed.emit(self.models[end.name].title, end.sentence)
            self.rested.emit()

    @Slot(object)
    def _checked(self, found: Checked) -> None:
        self.checking.discard(found.name)
        title = self.models[found.name].title
        if found.sentence:
            self.said.emit("warn", found.sentence)
        elif not found.wrong:
            self.said.emit("ok", self.tr("All files of {title} are as they came.").format(title=title))
        else:
            names = ", ".join(f"{file} ({why})" for file, why in found.wrong[:3])
            words = self.tr("{title} is damaged: {names}. “Repair” fetches just that again.")
            self.said.emit("warn", words.format(title=title, names=names))
        self.changed.emit()

    @Slot(str, str)
    def _removed(self, name: str, left: str) -> None:
        self.offers.pop(name, None)
        said = left or self.tr("{title} is removed.").format(title=self.models[name].title)
        self.said.emit("warn" if left else "ok", said)
        self.changed.emit()
        self.arrived.emit(name)

    def _set(self, name: str, **changes: object) -> None:
        if name in self.states:
            self.states[name] = replace(self.states[name], **changes)  # type: ignore[arg-type]
            self.changed.emit()
