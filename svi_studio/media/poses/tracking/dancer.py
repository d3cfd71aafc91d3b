"""The skeleton of one dancer from a whole video."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.click import Click
from svi_studio.domain.poses.gaps import filled
from svi_studio.domain.poses.skeleton import Remark, RemarkKind, Skeleton
from svi_studio.domain.poses.smoothing import smoothed
from svi_studio.domain.poses.time_edits import runs
from svi_studio.media.poses.tracking.chase import Chase, Step, at_click
from svi_studio.media.poses.tracking.found import Found, PeopleFinder, Picture
from svi_studio.media.poses.tracking.timeline import SteadyFrames, timeline_of
from svi_studio.media.poses.tracking.tremble import is_invented
from svi_studio.media.videos.video import Video


@dataclass(frozen=True)
class Extraction:
    """A skeleton, and where a video broke off.

    ``people``: how many of about one size were in sight at most where one had to be chosen.
    """

    skeleton: Skeleton
    people: int
    broken: str = ""


def extract(
    video: Video,
    finder: PeopleFinder,
    clicks: Sequence[Click] = (),
    tell: Callable[[Step], None] = lambda step: None,
) -> Extraction:
    """The skeleton of one person in ``video``.

    In a scene with ``clicks`` it is who stands there. In others it is who goes on from the scene beside it, as where no
    real cut was, or wears the same; without any click, who is seen best. ``tell`` hears of every frame and may raise.
    Raises BadInput when nobody is found, or nobody where somebody clicked.
    """
    timeline = timeline_of(video, lambda: tell(Step(0, 0)))
    chase = Chase(SteadyFrames(video, timeline.fps), finder, timeline, tell)
    chase.run(clicks)
    chase.drop(is_invented(chase.body, float(timeline.fps), timeline.scenes))
    if not chase.body.any():
        raise BadInput(f'Nobody was found in "{video.path}": use a video that shows one person from head to foot.')
    facts = video.facts
    raw = Skeleton.of_parts(timeline.fps, facts.width, facts.height, {"body": chase.body, **chase.hands})
    return Extraction(cleaned(raw, [first for first, _ in timeline.scenes[1:]]), chase.people, timeline.broken)


def cleaned(raw: Skeleton, cuts: Sequence[int]) -> Skeleton:
    """Filled, smoothed, and with remarks for those who look it over; ``cuts`` are the frames that begin a scene."""
    calm = smoothed(filled(raw.with_parts({}, remarks=tuple(Remark(RemarkKind.CUT, cut, cut + 1) for cut in cuts))))
    edges = {0, raw.num_frames, *cuts}
    gaps = runs(~calm.has_person)
    missing = [Remark(RemarkKind.MISSING, first, stop) for first, stop in gaps]
    again = [Remark(RemarkKind.FOUND_AGAIN, stop, stop + 1) for first, stop in gaps if not edges & {first, stop}]
    remarks = sorted((*calm.remarks, *missing, *again), key=lambda each: (each.first, each.stop, each.kind))
    return calm.with_parts({}, remarks=tuple(remarks))


def people_at(video: Video, finder: PeopleFinder, seconds: float) -> tuple[Picture, list[Found]]:
    """The picture that is on screen at ``seconds``, and everybody in it, best first. Raises BadInput."""
    shown = None
    for timed in video.frames(seconds):
        if shown is not None and timed.seconds > seconds + 1e-3:
            break
        shown = timed
    if shown is None:
        raise BadInput(f'"{video.path}" holds no frame at {seconds:g} seconds: choose an earlier one.')
    picture = video.upright(shown.frame)
    return picture, finder.people(picture)


def pose_in(picture: Picture, finder: PeopleFinder, click: Click | None) -> Skeleton:
    """One frame: who stands where somebody clicked in ``picture``, or who is seen best. Raises BadInput."""
    found = at_click(picture, finder, click) if click is not None else next(iter(finder.people(picture)), None)
    if found is None:
        raise BadInput("Nobody was found in the picture: use one that shows one person from head to foot.")
    height, width = picture.shape[:2]
    hands = {name: points[None] for name, points in finder.hands(picture, found).items()}
    return Skeleton.of_parts(Fraction(1), width, height, {"body": found.body[None], **hands})
