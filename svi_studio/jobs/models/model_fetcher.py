"""Fetches entries of the catalogue one after the other in a thread, and asks the hub about others meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.errors import BadInput, Stopped, as_studio_error
from svi_studio.domain.fetching.known_model import KnownModel
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from svi_studio.domain.fetching.events import FetchEvent
    from svi_studio.domain.fetching.offer import FetchOffer
    from svi_studio.hub.control import FetchControl
    from svi_studio.hub.fetched_record import FetchedRecord
    from svi_studio.hub.verify import Verified

End = Literal["done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class FetchEnd:
    """How the fetch of the entry ``name`` ended; ``sentence`` says why it failed."""

    name: str
    end: End
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The files of the entry ``name`` that are not as they came, each with what is wrong; none = all is well."""

    name: str
    wrong: tuple[tuple[str, str], ...] = ()
    sentence: str = ""


class ModelFetcher(QObject):
    """Lives in the window's thread and never waits, except in ``close``.

    ``offered`` brings a ``FetchOffer``, ``refused`` an entry's name and the sentence that says why the hub cannot be
    asked about it. ``told`` brings the name of the entry that is being fetched and a ``FetchEvent``, ``ended`` a
    ``FetchEnd``. ``checked`` brings a ``Checked``; ``removed`` a name and the sentence that says what was left, or "".
    """

    offered = Signal(object)
    refused = Signal(str, str)
    told = Signal(str, object)
    ended = Signal(object)
    checked = Signal(object)
    removed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = Background("hub questions", self)
        self._fetches = Background("model fetches", self)
        self._checks = Background("model checks", self)
        self._controls: dict[str, FetchControl] = {}
        self._begun: set[FetchControl] = set()
        self._wanted: dict[str, Callable[[], None]] = {}
        self._paused: set[str] = set()
        self._is_closed = False

    def ask(self, model: KnownModel, folder: Path) -> None:
        """Asks the hub what fetching ``model`` into ``folder`` would mean; ``offered`` or ``refused`` follows."""
        self._questions.submit(
            lambda: _offer(model, folder, self._is_over),
            self.offered.emit,
            lambda error: self.refused.emit(model.name, _sentence(error)),
        )

    def fetch(self, model: KnownModel, folder: Path, *, mend: bool = False) -> None:
        """Fetches what is missing of ``model``, after those that were asked for before; ``ended`` follows.

        ``mend``: what is damaged of it is removed first, so that it comes anew.
        """
        if model.name not in self._controls:
            self._wanted[model.name] = partial(self._begin, model, folder, mend=mend)
            self._wanted[model.name]()

    def is_fetching(self, name: str) -> bool:
        """Whether the entry ``name`` is being fetched, is paused, or waits for its turn."""
        return name in self._controls

    def pause(self, name: str) -> None:
        """Lets that fetch wait, and gives the turn to the next; from any thread."""
        control = self._controls.get(name)
        if control is not None:
            self._paused.add(name)
            control.stop()

    def go_on(self, name: str) -> None:
        """After a pause: it waits for its turn, and goes on from what came."""
        if name in self._paused:
            self._paused.discard(name)
            self._wanted[name]()

    def stop(self, name: str) -> None:
        """Ends that fetch; what came of it is kept. One that waits for its turn, or is paused, ends at once."""
        control = self._controls.get(name)
        if control is not None:
            control.stop()
            if name in self._paused or control not in self._begun:
                self._paused.discard(name)
                self._end(FetchEnd(name, "stopped"), control)

    def _begin(self, model: KnownModel, folder: Path, *, mend: bool) -> None:
        from svi_studio.hub.control import FetchControl  # noqa: PLC0415 - the window opens without it

        control = self._controls[model.name] = FetchControl(self._is_over)

        def tell(event: "FetchEvent") -> None:
            self.told.emit(model.name, event)

        def fetch() -> None:
            self._begun.add(control)
            _fetch(model, folder, control, tell, mend=mend)

        self._fetches.submit(
            fetch,
            lambda _none: self._end(FetchEnd(model.name, "done"), control),
            lambda error: self._end(_end(model.name, error), control),
        )

    def check(self, model: KnownModel, folder: Path) -> None:
        """Reads all that was fetched of ``model`` and compares it; ``checked`` follows."""
        self._checks.submit(
            lambda: _checked(model, folder, self._is_over),
            self.checked.emit,
            lambda error: self.checked.emit(Checked(model.name, (), _sentence(error))),
        )

    def remove(self, model: KnownModel, folder: Path) -> None:
        """Removes what was fetched of ``model`` and is still as it came; ``removed`` follows."""
        self._checks.submit(
            lambda: _removed(model, folder),
            lambda left: self.removed.emit(model.name, left),
            lambda error: self.removed.emit(model.name, _sentence(error)),
        )

    def close(self) -> bool:
        """Stops what is under way, which keeps what came; returns whether the threads have ended."""
        self._is_closed = True
        return all([self._questions.close(), self._fetches.close(), self._checks.close()])

    def _is_over(self) -> bool:
        """Asked from several threads."""
        return self._is_closed

    def _end(self, end: FetchEnd, control: "FetchControl") -> None:
        self._begun.discard(control)
        if self._controls.get(end.name) is control and not (end.end == "stopped" and end.name in self._paused):
            del self._controls[end.name]
            self._paused.discard(end.name)
            self.ended.emit(end)


def _end(name: str, error: Exception) -> FetchEnd:
    return FetchEnd(name, "stopped") if isinstance(error, Stopped) else FetchEnd(name, "failed", _sentence(error))


def _sentence(error: Exception) -> str:
    told = as_studio_error(error)
    if told is None:
        raise error
    return str(told)


def _offer(model: KnownModel, folder: Path, is_over: Callable[[], bool]) -> "FetchOffer":
    from svi_studio.hub.fetch import plan_fetch  # noqa: PLC0415 - as above
    from svi_studio.hub.hub import hub_of_environment  # noqa: PLC0415
    from svi_studio.hub.offer import offer_of  # noqa: PLC0415

    hub = hub_of_environment()
    return offer_of(plan_fetch(model, hub, folder, is_over), hub.root)


def _fetch(
    model: KnownModel, folder: Path, control: "FetchControl", tell: Callable[["FetchEvent"], None], *, mend: bool
) -> None:
    from svi_studio.hub.fetch import fetch, plan_fetch  # noqa: PLC0415 - as above
    from svi_studio.hub.hub import hub_of_environment  # noqa: PLC0415

    if control.is_stopped:
        raise Stopped("Stopped before it began.")
    hub = hub_of_environment()
    plan = plan_fetch(model, hub, folder, lambda: control.is_stopped)
    if mend:
        from svi_studio.hub.verify import drop_damaged  # noqa: PLC0415

        drop_damaged(folder, [each for each in _verified(model, folder, lambda: control.is_stopped) if each.problem])
    fetch(plan, hub, emit=tell, control=control)


def _checked(model: KnownModel, folder: Path, is_over: Callable[[], bool]) -> Checked:
    found = _verified(model, folder, is_over)
    return Checked(model.name, tuple((each.file, each.problem) for each in found if each.problem is not None))


def _verified(model: KnownModel, folder: Path, is_over: Callable[[], bool]) -> "list[Verified]":
    from svi_studio.hub.verify import verify  # noqa: PLC0415 - as above

    return list(verify(folder, _record(model, folder), is_over))


def _removed(model: KnownModel, folder: Path) -> str:
    from svi_studio.hub.removal import remove_fetched  # noqa: PLC0415 - as above

    kept = remove_fetched(folder, _record(model, folder))
    return f"These files have changed since they came, and were kept: {', '.join(kept)}." if kept else ""


def _record(model: KnownModel, folder: Path) -> "FetchedRecord":
    from svi_studio.hub.fetched_record import read_record  # noqa: PLC0415 - as above

    record = read_record(folder, model.name)
    if record is None:
        raise BadInput(f"{model.title} was not fetched into {folder}, so nothing is known of its files.")
    return record
