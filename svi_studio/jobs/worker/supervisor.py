"""Owns a process: starts it, feeds it, starts it again where it died. Lives in a thread of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from svi_studio.crash_log import write_crash_text
from svi_studio.domain.errors import StudioError
from svi_studio.jobs.threads.agenda import Agenda, Countdown
from svi_studio.jobs.worker import worker_words as words
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import EndNow, Outcome, Task
from svi_studio.jobs.worker.watched_worker import Loss, WatchedWorker
from svi_studio.jobs.worker.wire_protocol import WireProtocol
from svi_studio.jobs.worker.worker_words import Cause
from svi_studio.pipes.render_messages import Loading, Ping, Shutdown
from svi_studio.pipes.story_messages import ForgetModel

STOP_MS = 5000
"""A step, or the loading of a language model, may be longer than a user waits: a process that was asked to stop is
ended after this."""

END_MS = 30_000
"""A process that has said its last word lets go of the card and ends; one that does not is ended after this."""

_LOADING = {ProcessState.STARTING, ProcessState.LOADING, ProcessState.PREPARING, ProcessState.RESTARTING}


@dataclass(frozen=True, slots=True)
class News:
    """Where it goes what a supervisor tells; called in its thread.

    ``said`` gets the key of the main task that a message is about, None for any other, and the message; ``ended``
    likewise how a task ended; ``state_changed`` a ``ProcessState``, ``notice`` a sentence.
    """

    said: Callable[[object, Any], object]
    state_changed: Callable[[ProcessState], object]
    notice: Callable[[str], object]
    ended: Callable[[object, Any], object]


class Supervisor:
    """One process at a time and its tasks. Everything here happens in the thread of its agenda, without a Qt object."""

    def __init__(self, wire: WireProtocol, command: Sequence[str], agenda: Agenda, news: News) -> None:
        """``command`` starts a process for tasks that do not bring one of their own."""
        self._wire, self._command = wire, command
        self._agenda, self._news = agenda, news
        self._state = self._shown = ProcessState.OFF
        self._is_late = self._is_overdue = False
        self._tasks: list[Task] = []
        self._process: WatchedWorker | None = None
        self._deadline = Countdown(agenda, self._end_overdue)

    def close(self) -> None:
        """Lets the process end, at most 3.5 s from now; nothing is said any more. Called in the thread at its end."""
        self._deadline.call_off()
        self._is_overdue = False
        if self._process is not None:
            self._process.leave()
            self._process = None

    def obey(self, request: Any) -> None:
        """Begins a task, or passes a request on to the task that takes it.

        ``Ping`` starts a process, so that it is ready when a task comes; ``Shutdown`` lets it go without a main task.
        """
        match request:
            case Task():
                self._begin(request)
            case Ping():
                self._ready_process().send(request)
            case Shutdown():
                self._rest()
            case ForgetModel() if self._process is not None:
                self._process.send(request)
            case _:
                for task in [each for each in self._tasks if each.takes(request)]:
                    self._pass_on(task, request)

    def _begin(self, task: Task) -> None:
        """A main task ends the others; one whose model still loads may not see that, so its end is watched."""
        if task.is_main:
            for other in self._tasks:
                other.must_end = True
            self._watch_ends()
        self._tasks.append(task)
        try:
            task.prepare()
        except StudioError as error:
            self._over(task, task.ended(Outcome.FAILED, str(error)), ProcessState.OFF)
        else:
            self._start(task)

    def _start(self, task: Task, state: ProcessState = ProcessState.STARTING) -> None:
        process = self._ready_process(task.command, state)
        for request in task.opening():
            process.send(request)
        if task.is_main and process.is_ready:
            self._enter(task.state_when_ready)

    def _pass_on(self, task: Task, request: Any) -> None:
        self._enter_unless_stopping(task.asked(request))
        if self._process is not None:
            if isinstance(request, EndNow):
                self._process.kill(Cause.ENDED)
            else:
                self._process.send(request)
        if task.must_end:
            self._watch_ends()

    def _watch_ends(self) -> None:
        if any(each.must_end for each in self._tasks):
            self._deadline.start(STOP_MS)

    def _rest(self) -> None:
        if self._process is not None and self._main_task is None:
            self.close()
            for task in list(self._tasks):
                self._over(task, task.ended(Outcome.FAILED, words.film_first()), ProcessState.OFF)
            self._is_late = False
            self._enter(ProcessState.OFF)

    @property
    def _main_task(self) -> Task | None:
        return next((each for each in self._tasks if each.is_main), None)

    def said(self, message: Any) -> None:
        """The process said ``message``."""
        if isinstance(message, self._wire.greeting):
            task = self._main_task
            self._enter_unless_stopping(ProcessState.IDLE if task is None else task.state_when_ready)
        if isinstance(message, (self._wire.greeting, Loading)):
            self._news.said(None, message)
        for task in [each for each in self._tasks if each.hears(message)]:
            self._follow(task, message)

    def _follow(self, task: Task, message: Any) -> None:
        had_ended = task.end is not None
        self._enter_unless_stopping(task.heard(message))
        if task.end is not None and not task.has_own_process:
            self._over(task, task.end, ProcessState.IDLE)
            return
        self._news.said(_key(task), message)
        if task.end is not None and not had_ended:
            self._deadline.start(END_MS)

    def _over(self, task: Task, end: Any, state: ProcessState) -> None:
        self._tasks.remove(task)
        if not any(each.must_end for each in self._tasks):
            self._deadline.call_off()
        if task.is_main:
            self._enter(state)
        self._news.ended(_key(task), end)

    def late(self, is_late: bool) -> None:
        """The process has not been heard of for a while, or is again."""
        self._is_late = is_late
        if is_late:
            self._news.notice(self._wire.late(self._state in _LOADING))
        self._show()

    def lost(self, loss: Loss) -> None:
        """The process is gone: its tasks go on in another one, or end."""
        self._process, self._is_late = None, False
        tasks, is_overdue, self._is_overdue = list(self._tasks), self._is_overdue, False
        is_surprise = not is_overdue and not any(each.is_stopping or each.end is not None for each in tasks)
        for task in tasks:
            self._outlive(task, loss, is_overdue=is_overdue)
        if not any(each.is_main for each in tasks):
            if not tasks and not is_overdue:  # they have said it already
                self._news.notice(words.gone_while_idle() if loss.had_started else words.cannot_start(loss.errors))
            self._enter(ProcessState.OFF if is_overdue or loss.had_started else ProcessState.FAILED)
        if is_surprise and loss.errors:  # last: reading the versions for it takes a moment
            write_crash_text(f"The {self._wire.name} ended. It had said:\n{loss.errors}")

    def _outlive(self, task: Task, loss: Loss, *, is_overdue: bool) -> None:
        """The process of ``task`` is gone. That it was overdue with an answer is no fault of a film that waits."""
        if task.end is not None:
            self._over(task, task.end, ProcessState.OFF)
        elif task.is_stopping:
            self._over(task, task.ended(Outcome.STOPPED), ProcessState.OFF)
        elif is_overdue and task.is_main:
            self._start(task)
        elif task.process_died() and loss.cause is not Cause.OTHER_VERSION:
            self._news.notice(task.starts_again(loss.cause))
            self._enter(ProcessState.RESTARTING)
            self._start(task, task.state_when_restarted)
        else:
            self._over(task, task.ended(Outcome.FAILED, task.last_words(loss)), task.state_when_given_up)

    def _ready_process(self, command: Sequence[str] = (), state: ProcessState = ProcessState.STARTING) -> WatchedWorker:
        """The process, started when there is none."""
        if self._process is None:
            self._process = WatchedWorker(command or self._command, self._agenda, self, self._wire)
            self._enter(state)
            self._process.start()
        return self._process

    def _end_overdue(self) -> None:
        if self._process is not None:
            self._is_overdue = True
            self._process.kill(Cause.ENDED)

    def _enter_unless_stopping(self, state: ProcessState | None) -> None:
        if self._state is not ProcessState.STOPPING:
            self._enter(state)

    def _enter(self, state: ProcessState | None) -> None:
        self._state = state or self._state
        self._show()

    def _show(self) -> None:
        shown = ProcessState.NOT_ANSWERING if self._is_late else self._state
        if shown is not self._shown:
            self._shown = shown
            self._news.state_changed(shown)


def _key(task: Task) -> object:
    return task.key if task.is_main else None
