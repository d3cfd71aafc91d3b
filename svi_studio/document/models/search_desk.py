"""A look through folders for files of models: what can be filmed with them, what lacks, what only the user knows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.film.filmable import Filmable, LinkQuestion, Network
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.domain.film.model_parts import PartName
from svi_studio.jobs.models.model_search import ModelSearch, SearchDone
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops

if TYPE_CHECKING:
    from svi_studio.weights.model_folder import OneExpert


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a look through ``folders`` found. ``problems``: a sentence for each thing that could not be looked at."""

    folders: tuple[Path, ...]
    rows: tuple[ModelFile, ...]
    filmables: tuple[Filmable, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """What the user said of the model that begins with the files ``starts``: which network a part of it is."""

    starts: frozenset[str]
    part: PartName
    network: Network


def _starts(filmable: Filmable) -> frozenset[str]:
    """The files of its transformers, and those of which it is asked what they are."""
    networks = [network for network in filmable.parts.values() if network.kind == "transformer"]
    networks += [choice for question in filmable.questions for choice in question.choices]
    return frozenset(file for network in networks for file in network.files)


def _with(filmable: Filmable, said: _Said) -> Filmable:
    """``filmable``, and where it is the one that was meant, as the user said."""
    if _starts(filmable) != said.starts:
        return filmable
    parts: dict[PartName, Network] = {**filmable.parts, said.part: said.network}
    missing = tuple(each for each in filmable.missing if each.part != said.part)
    questions = tuple(each for each in filmable.questions if each.either or each.part != said.part)
    return filmable.model_copy(update={"parts": parts, "missing": missing, "questions": questions})


class SearchDesk(QObject):
    """``changed``: a look begins, goes on or ends, or there is another result. ``progress`` brings files and folder.

    ``linked`` brings the folder of a model that films can choose now, ``refused`` a sentence.
    """

    changed = Signal()
    progress = Signal(int, str)
    linked = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.result: SearchResult | None = None
        self._search = ModelSearch(self)
        self._work = Background("models found", self)
        self._sorting = False
        self._waiting: list[Path] = []
        self._said: list[_Said] = []
        self.linking: str = ""
        self._search.progress.connect(self.progress)
        self._search.found.connect(self._found)
        self._search.ended.connect(self._ended)

    @property
    def is_searching(self) -> bool:
        """Whether it is looking."""
        return self._search.is_searching or self._sorting

    def look_through(self, folders: Sequence[Path]) -> None:
        """Looks through ``folders``; while it is looking already, when that is over."""
        if self.is_searching:
            self._waiting += [folder for folder in folders if folder not in self._waiting]
        elif folders:
            self._search.search(folders)
            self.changed.emit()

    def cancel(self) -> None:
        """Gives up looking; what was found before stays."""
        self._waiting.clear()
        self._search.cancel()

    def answer(self, filmable: Filmable, question: LinkQuestion, choice: Network) -> None:
        """The user says which of several files a part is."""
        self._say(_Said(_starts(filmable), question.part, choice))

    def say_expert(self, question: LinkQuestion, expert: "OneExpert") -> None:
        """The user says which of two experts a file is; that is kept."""
        path = Path(question.choices[0].files[0])

        def work() -> object:
            from svi_studio.weights.linking.choose import chosen_expert  # noqa: PLC0415 - the window opens without it

            return chosen_expert(expert, path)

        self._work.submit(work, lambda _network: self._sort_again(), self._failed)

    def choose(self, filmable: Filmable, part: PartName, path: Path) -> None:
        """The user names the file for a part that is missing."""

        def work() -> Network:
            from svi_studio.weights.linking.choose import chosen_part  # noqa: PLC0415 - as above

            return chosen_part(part, path)

        def done(network: Network) -> None:
            self._say(_Said(_starts(filmable), part, network))

        self._work.submit(work, done, self._failed)

    def link(self, filmable: Filmable, model: Path | None = None) -> None:
        """Makes a model of the files, which stay where they are; ``linked`` or ``refused`` follows.

        ``model``: the folder of the one that is made of the same transformers, and gets what is new.
        """
        if self.linking:
            return
        self.linking = filmable.name
        self.changed.emit()

        def work() -> Path:
            from svi_studio.weights.linking.link import link_model  # noqa: PLC0415 - as above

            if model is None:
                return link_model(filmable)
            return link_model(filmable, name=model.name, place=model.parent)

        self._work.submit(work, self._linked, self._failed)

    def unlink(self, folder: Path, then: Callable[[], None]) -> None:
        """Takes a linked model off the list; its files stay."""

        def work() -> None:
            from svi_studio.weights.linking.unlink import unlink_model  # noqa: PLC0415 - as above

            unlink_model(folder)

        self._work.submit(work, lambda _none: then(), self._failed)

    @Slot()
    def sort_again(self) -> None:
        """Looks anew at what can be filmed, after files came that may fill gaps."""
        if self.result is not None and not self.is_searching:
            self._sort_again()

    def close(self) -> bool:
        """Gives up looking; returns whether the threads have ended."""
        return all([self._search.close(), self._work.close()])

    @Slot(object)
    def _found(self, done: SearchDone) -> None:
        self._sort(done)

    def _sort_again(self) -> None:
        if self.result is not None:
            self._sort(SearchDone(self.result.folders, self.result.rows, self.result.problems))

    def _sort(self, done: SearchDone) -> None:
        self._sorting = True
        self._work.submit(lambda: _sorted(done), self._show, self._failed)

    def _show(self, result: SearchResult) -> None:
        self._sorting = False
        self.result = result
        self._apply(self._said)
        self.changed.emit()
        self._look_on()

    def _look_on(self) -> None:
        """Looks through the folders that were wanted meanwhile."""
        waiting, self._waiting = self._waiting, []
        self.look_through(waiting)

    def _linked(self, folder: Path) -> None:
        self.linking = ""
        self.changed.emit()
        self.linked.emit(folder)

    def _failed(self, error: Exception) -> None:
        self._sorting, self.linking = False, ""
        told = as_studio_error(error)
        if told is None:
            raise error
        self.changed.emit()
        self.refused.emit(str(told))
        self._look_on()

    @Slot(str)
    def _ended(self, sentence: str) -> None:
        if sentence:
            self.refused.emit(sentence)
        self.changed.emit()
        self._look_on()

    def _say(self, said: "_Said") -> None:
        """Kept, as it is the user's word when files are sorted anew, too."""
        self._said.append(said)
        self._apply([said])
        self.changed.emit()

    def _apply(self, said: Sequence["_Said"]) -> None:
        if self.result is not None:
            now = tuple(reduce(_with, said, each) for each in self.result.filmables)
            self.result = replace(self.result, filmables=now)


def _sorted(done: SearchDone) -> SearchResult:
    """For a thread."""
    from svi_studio.weights.linking.gaps import filmable_here  # noqa: PLC0415 - as above
    from svi_studio.weights.scan.answers import with_answers  # noqa: PLC0415

    rows = with_answers(done.files)
    return SearchResult(done.folders, rows, filmable_here(rows, should_stop=thread_stops), done.problems)
