"""The clip that is being made: which one, how far it is, and how long its request still takes."""

from PySide6.QtCore import QCoreApplication

from svi_studio.document.render.clip_activity import ClipActivities
from svi_studio.document.render.time_left import TimeLeft
from svi_studio.domain.render.events import ClipStarted, RenderEvent, SoundHeard, StepDone

translate = QCoreApplication.translate


class ClipUnderWay:
    """``clip`` is its id, None between two of them; ``steps`` are those done and those in all, 0 before the first.

    ``left`` is what the request still takes, None while that is not known.
    """

    def __init__(self, activities: ClipActivities) -> None:
        self.clip: str | None = None
        self.steps = (0, 0)
        self.left: TimeLeft | None = None
        self._activities = activities

    def hear(self, clip_id: str, event: RenderEvent) -> bool:
        """Follows what is told of the clip while it is made; returns whether it was anything of that kind."""
        match event:
            case ClipStarted():
                self.clip, self.steps = clip_id, (0, 0)
                self._activities.rendering(clip_id, 0.0, translate("RenderQueue", "Getting ready"))
            case SoundHeard(_, part):
                text = translate("RenderQueue", "Listening to the sound, {percent}%").format(percent=round(100 * part))
                self._activities.rendering(clip_id, 0.0, text)
            case StepDone(_, step, steps, seconds_left):
                self.steps = (step, steps)
                self.left = None if seconds_left is None else TimeLeft(seconds_left)
                text = translate("RenderQueue", "Step {step} of {steps}").format(step=step, steps=steps)
                self._activities.rendering(clip_id, step / steps, text)
            case _:
                return False
        return True

    def end(self) -> None:
        """The request is not under way any more."""
        self.clip = self.left = None
