"""The dancer that a command names: found in a video, or read from poses; what was assumed for that is told."""

import json
import sys
from argparse import Namespace
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from svi_studio.cli.stop import StopRequest
from svi_studio.domain.errors import Stopped
from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.poses.assumed import Assumed
from svi_studio.domain.poses.shape_edits import mirrored, scaled
from svi_studio.domain.poses.skeleton import RemarkKind, Skeleton
from svi_studio.domain.poses.time_edits import retimed
from svi_studio.domain.text.visible_text import visible
from svi_studio.media.poses.extraction import Extracted, PoseExtractor, Step
from svi_studio.media.poses.opening import PoseKind, open_poses
from svi_studio.media.poses.openpose import Wanted

_MOST_LOOKS = 8


def find_dancer(source: Path, kind: PoseKind, options: Namespace, teller: "Teller") -> Extracted:
    """The skeleton of the person whom ``options.person`` means, at ``options.fps`` where the poses do not say it.

    ``kind`` is what ``source`` is, but no video of a drawn skeleton. Raises StudioError, and Stopped after Ctrl-C.
    """
    if kind is PoseKind.VIDEO:
        with teller.bar(), PoseExtractor(options.finder or "") as extractor:
            found = extractor.extract(source, options.person, teller.progress, teller.check)
        if found.broken:
            teller.say(found.broken)
        if found.people > 1 and not options.person:
            teller.say(f"{found.people} people are in sight, and the one seen best was followed: {_CHOOSE}.")
        return found
    fps = None if options.fps is None else exact_rate(options.fps)
    wanted = Wanted(fps, options.size)
    if options.person:
        click = options.person[0]
        wanted = Wanted(fps, options.size, (click.x, click.y), click.seconds)
    skeleton, assumed = open_poses(source, wanted)
    for sentence in assumed_words(assumed, float(skeleton.fps)):
        teller.say(sentence)
    return Extracted(skeleton, max(1, len(assumed.people)))


def shaped(skeleton: Skeleton, options: Namespace) -> Skeleton:
    """``skeleton`` mirrored, at another speed, of another size, as the options ask. Raises BadInput."""
    if options.mirror:
        skeleton = mirrored(skeleton).done("mirrored")
    if options.speed is not None:
        speed = Fraction(options.speed).limit_denominator(1000)
        skeleton = retimed(skeleton, speed).done(f"{options.speed:g} times as fast")
    if options.scale is not None:
        skeleton = scaled(skeleton, options.scale).done(f"{options.scale:g} times as large")
    return skeleton


def assumed_words(assumed: Assumed, fps: float) -> list[str]:
    """What was assumed of poses of ``fps`` frames a second, a sentence each, with the option that says it."""
    said = []
    if assumed.has_choice:
        places = [f"{x:.0f},{y:.0f}" for x, y in assumed.people]
        who = "another one" if assumed.taken is None else f"the one at {places[assumed.taken]}"
        count, at = f"{len(places)} people are in the poses", f"{assumed.frame / fps:.1f} s"
        said.append(f"{count}, at {' and '.join(places)} after {at}, and {who} was taken: {_CHOOSE}.")
    if assumed.fps is not None:
        said.append(f"The poses do not say their frames a second, and {assumed.fps} was assumed: say it with --fps N.")
    return said


@dataclass
class Teller:
    """What the user hears: a bar on a terminal, lines of JSON, or nothing until the end."""

    stop: StopRequest
    as_json: bool
    _progress: Progress | None = None

    def bar(self) -> Progress:
        """The bar, for a ``with`` block; it shows nothing where there is no terminal."""
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed} of {task.total}"))
        is_shown = console.is_terminal and not self.as_json
        self._progress = Progress(*columns, console=console, disable=not is_shown, transient=True)
        self._progress.add_task("Looking through the video", total=None)
        return self._progress

    def progress(self, step: Step) -> None:
        """Tells of one step."""
        if self.as_json:
            print(json.dumps({"kind": "progress", "done": step.done, "total": step.total}), flush=True)
        elif self._progress is not None and step.total:
            task = self._progress.task_ids[0]
            self._progress.update(task, description="Following the dancer", total=step.total, completed=step.done)

    def check(self) -> None:
        """Raises Stopped when the user asked for it."""
        if self.stop():
            raise Stopped("Stopped; nothing was written.")

    def say(self, sentence: str) -> None:
        """One sentence beside the result."""
        print(visible(sentence), file=sys.stderr, flush=True)


_CHOOSE = "choose with --person X,Y@SECONDS"


def looks_wanted(skeleton: Skeleton) -> str:
    """The frames that somebody should look at, in a sentence behind a space; empty without any."""
    wanted = (RemarkKind.MISSING, RemarkKind.FOUND_AGAIN)
    found = [each for each in skeleton.remarks if each.kind in wanted]
    words = [
        f"{each.kind.value} at frame {each.first}" + (f"-{each.stop - 1}" if each.stop - each.first > 1 else "")
        for each in found[:_MOST_LOOKS]
    ]
    more = f" and {len(found) - _MOST_LOOKS} more" if len(found) > _MOST_LOOKS else ""
    return f" Look at these: {', '.join(words)}{more}." if words else ""
