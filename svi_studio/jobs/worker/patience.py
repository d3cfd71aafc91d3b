"""How long the window waits for a worker before it says that something is wrong, and before it ends the worker."""

from dataclasses import dataclass
from enum import Enum, auto

from svi_studio.domain.render.events import ClipDone, ClipReused, ClipStarted, SoundHeard, StepDone
from svi_studio.pipes.render_messages import (
    Cancelled,
    Failed,
    Finished,
    Loading,
    Paused,
    Render,
    RenderMessage,
    Request,
    Resume,
    WorkerMessage,
)
from svi_studio.pipes.story_messages import AnswerDone, AnswerFailed, AnswerPiece, Ask, ModelLoading


class Verdict(Enum):
    """What to do about a worker: nothing, tell the user that it is late, or end it."""

    FINE = auto()
    LATE = auto()
    LOST = auto()


class RenderPhase(Enum):
    """What the worker is at, as far as it matters for waiting. The last three make a clip, in this order."""

    WAITING = auto()
    LOADING = auto()
    FIRST_STEP = auto()
    STEP = auto()
    FINISHING = auto()


@dataclass(frozen=True)
class Limits:
    """Seconds without a word: until the user is told, and until the worker is ended."""

    late: float
    lost: float


BEATS = Limits(late=5.0, lost=8.0)
"""For the heartbeat, which comes every second from a thread that has nothing else to do."""

BEATS_WHILE_LOADING = Limits(late=7.0, lost=60.0)
"""While libraries and models load, one call into the system or a driver may hold Python's interpreter, and with it the
heartbeat, for tens of seconds on a slow disk: ending the worker then would only make it load again, slower."""

TIMES_THE_SLOWEST = 20.0
"""A step is late when it takes this many times as long as the slowest one before it."""

AT_WORK = Limits(late=8.0, lost=30.0)
"""At least this long for every stage of a clip, however quick it was before: the computer may be busy elsewhere."""

_OF_A_CLIP = (RenderPhase.FIRST_STEP, RenderPhase.STEP, RenderPhase.FINISHING)


class Patience:
    """Counts the seconds since the last heartbeat of one worker, and those that it spends on one stage of a clip.

    Time is told to it in small pieces by ``pass_time``: when the whole computer slept, or the window's own thread did,
    the worker did as well, and must not be blamed for it.
    """

    def __init__(self) -> None:
        self._silence = 0.0
        self._at_work = 0.0
        self._phase = RenderPhase.LOADING
        self._slowest: dict[RenderPhase, float] = {}

    def sent(self, request: Request) -> None:
        """The window asked for something: a film is loaded first, and a pause that ends is followed by a step.

        A language model is loaded first, too; then it reads the question, which nothing interrupts. While a clip is
        made the question is refused, and the clip's time goes on.
        """
        if isinstance(request, Render):
            self.new_film()
        elif isinstance(request, Ask) and self._phase not in _OF_A_CLIP:
            self.enter(RenderPhase.LOADING)
        elif isinstance(request, Resume):
            self.enter(RenderPhase.WAITING)

    def heard(self, message: WorkerMessage) -> None:
        """A message came, of any kind; most of them also say what the worker is at now."""
        self._silence = 0.0
        if isinstance(message, AnswerPiece | AnswerDone | AnswerFailed):
            if self._phase not in _OF_A_CLIP:
                self.enter(RenderPhase.WAITING)
            return
        for phase in _phases(message):
            self.enter(phase)

    def enter(self, phase: RenderPhase) -> None:
        """The worker begins something else; how long the stage of a clip before took says how long it may take."""
        if self._phase in _OF_A_CLIP and phase in _OF_A_CLIP:
            self._slowest[self._phase] = max(self._slowest.get(self._phase, 0.0), self._at_work)
        self._phase = phase
        self._at_work = 0.0

    def new_film(self) -> None:
        """Another film may have another size, so its steps another length; and its model is loaded first."""
        self.enter(RenderPhase.LOADING)
        self._slowest.clear()

    def pass_time(self, seconds: float) -> Verdict:
        """Counts ``seconds`` and judges."""
        self._silence += seconds
        self._at_work += seconds
        beats = BEATS_WHILE_LOADING if self._phase is RenderPhase.LOADING else BEATS
        return max(_judge(self._silence, beats), self._judge_work(), key=lambda verdict: verdict.value)

    def _judge_work(self) -> Verdict:
        """A driver may hang while the heartbeat goes on. Only a stage of a known length can tell that from slowness."""
        known = self._slowest.get(self._phase)
        if known is None:
            return Verdict.FINE
        late = max(AT_WORK.late, TIMES_THE_SLOWEST * known)
        return _judge(self._at_work, Limits(late, max(AT_WORK.lost, 2 * late)))


def _phases(message: WorkerMessage) -> tuple[RenderPhase, ...]:
    """What the worker is at after ``message``; WAITING in between keeps a time from being measured."""
    match message:
        case Loading() | ModelLoading():
            return (RenderPhase.LOADING,)
        case Paused() | Finished() | Cancelled() | Failed() | RenderMessage(_, ClipReused() | SoundHeard()):
            return (RenderPhase.WAITING,)
        case RenderMessage(_, ClipStarted()):
            return (RenderPhase.WAITING, RenderPhase.FIRST_STEP)
        case RenderMessage(_, StepDone(_, step, steps)):
            return (RenderPhase.STEP if step < steps else RenderPhase.FINISHING,)
        case RenderMessage(_, ClipDone()):
            return (RenderPhase.FIRST_STEP, RenderPhase.WAITING)
    return ()


def _judge(seconds: float, limits: Limits) -> Verdict:
    if seconds >= limits.lost:
        return Verdict.LOST
    return Verdict.LATE if seconds >= limits.late else Verdict.FINE
