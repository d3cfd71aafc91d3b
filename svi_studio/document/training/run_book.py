"""What happened in each training that was opened: read from its log once, then followed as the log grows."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.document.training.training_history import RunState, TrainingHistory
from svi_studio.domain.training.events import TrainingEvent, TrainingFailed, TrainingStopped
from svi_studio.jobs.threads.background import Background
from svi_studio.project.training.log_follower import LogFollower
from svi_studio.project.training.runs import PARTS, SAMPLES, TrainingRun


@dataclass
class _Page:
    follower: LogFollower
    history: TrainingHistory | None = None
    live: list[TrainingEvent] = field(default_factory=list)
    failure: TrainingFailed | None = None  # of a trainer that could not write it into its log


class RunBook(QObject):
    """``changed`` brings the folder of a training whose history was read or has grown."""

    changed = Signal(object)

    def __init__(
        self, work: Background, run: Callable[[Path], TrainingRun | None], parent: QObject | None = None
    ) -> None:
        """``work`` reads; ``run`` is what the disk had of a training when it was last looked at."""
        super().__init__(parent)
        self._work, self._run = work, run
        self._pages: dict[Path, _Page] = {}
        self._active: Path | None = None

    def history(self, folder: Path) -> TrainingHistory | None:
        """The history that was read so far; None before."""
        page = self._pages.get(folder)
        return page.history if page is not None else None

    def begin(self, folder: Path, steps: int) -> None:
        """This program trains ``folder`` now, and events come by ``take``; ``steps`` in all, 0 = not known."""
        history = self.history(folder) or TrainingHistory()
        history.state, history.sentence, history.came = RunState.STARTING, "", None
        history.steps = history.steps or steps
        self._active = folder
        self._pages[folder] = _Page(LogFollower(folder), history)

    def take(self, event: TrainingEvent) -> None:
        """An event of the training that this program trains."""
        page = None if self._active is None else self._pages.get(self._active)
        if page is None or page.history is None:
            return
        page.live.append(event)
        wish = page.history.state if page.history.state in {RunState.STOPPING, RunState.PAUSING} else None
        page.history.take(event)
        if wish is not None and page.history.is_under_way:
            page.history.state = wish

    def end(self, failure: TrainingFailed | None = None, *, back_to: RunState | None = None) -> None:
        """This program trains nothing any more; ``failure`` says why the last training did not get to its end.

        ``back_to``: it only made films, and is what it was before.
        """
        page = None if self._active is None else self._pages.get(self._active)
        self._active = None
        if page is None or page.history is None:
            return
        page.live, page.failure = [], failure
        if back_to is not None:
            page.history.state, page.history.preparing = back_to, None
        elif failure is not None:
            page.history.take(failure)
        elif page.history.is_under_way:
            page.history.take(TrainingStopped(page.history.step))

    def forget(self, folder: Path) -> None:
        """The training is gone."""
        self._pages.pop(folder, None)

    def read(self, folder: Path, *, again: bool = False) -> None:
        """Reads the log of ``folder``, or what has come since; all of it ``again`` when the state may be another."""
        page = self._pages.get(folder)
        if page is None or again:
            page = replace(page, follower=LogFollower(folder)) if page is not None else _Page(LogFollower(folder))
            self._pages[folder] = page
        reading = page

        def read() -> tuple[bool, tuple[TrainingEvent, ...]]:
            is_all, logged = reading.follower.read()
            return is_all, tuple(each.event for each in logged)

        self._work.submit(read, lambda found: self._show(folder, reading, *found))

    def _show(self, folder: Path, page: _Page, is_all: bool, events: tuple[TrainingEvent, ...]) -> None:
        if self._pages.get(folder) is not page:
            return  # it was deleted, or is being read anew
        if page.history is None or is_all:
            page.history = self._from_the_start(folder, page, events)
        elif folder != self._active:
            for event in events:
                page.history.take(event)
        if folder != self._active:
            self._settle(folder, page)
        page.history.samples = {step: _moved(path, folder) for step, path in page.history.samples.items()}
        self.changed.emit(folder)

    def _from_the_start(self, folder: Path, page: _Page, events: tuple[TrainingEvent, ...]) -> TrainingHistory:
        """What the log says, and for the training under way what was heard since it began."""
        known, history = page.history, TrainingHistory(events)
        if folder == self._active:
            history.state = RunState.STARTING
            for event in page.live:
                history.take(event)
            if known is not None and known.state in {RunState.STOPPING, RunState.PAUSING}:
                history.state = known.state
        run = self._run(folder)
        if not history.steps and run is not None and run.recipe is not None:
            history.steps = run.recipe.all_steps
        return history

    def _settle(self, folder: Path, page: _Page) -> None:
        run, history = self._run(folder), page.history
        if history is None:
            return
        if run is not None and run.is_held:
            history.state, page.failure = RunState.ELSEWHERE, None
            return
        if history.state is not RunState.ELSEWHERE:
            history.settle()
        if page.failure is not None and history.state is RunState.STOPPED:
            history.take(page.failure)


def _moved(samples: Path, folder: Path) -> Path:
    """Where test films lie now, after what their log says of them; an expert's lie in a folder of its own."""
    part = samples.parent.parent.name
    return (folder / part if part in PARTS else folder) / SAMPLES / samples.name
