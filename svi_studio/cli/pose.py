"""``svi-studio pose``: the skeleton of a dancer from a video, or from another program's poses, as a file; and drawn."""

import json
import sys
from argparse import Namespace
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from svi_studio.cli.stop import StopRequest, stop_request
from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.domain.poses.alignment import aligned
from svi_studio.domain.poses.proportions import difference_of
from svi_studio.domain.poses.shape_edits import mirrored, scaled
from svi_studio.domain.poses.skeleton import RemarkKind, Skeleton
from svi_studio.domain.poses.time_edits import resampled, retimed
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration, plural
from svi_studio.media.demuxers import read_head
from svi_studio.media.poses.extraction import Extracted, PoseExtractor, Step
from svi_studio.media.poses.networks.set_up import set_up_networks
from svi_studio.media.poses.opening import PoseKind, pose_kind, read_poses
from svi_studio.media.poses.openpose import Wanted
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.media.poses.skeleton_film import check_film_name, write_skeleton_film

_MOST_LOOKS = 8


def run(options: Namespace) -> int:
    """Writes the skeleton; returns the exit code. Raises StudioError, and Stopped after Ctrl-C."""
    if options.set_up:
        return _set_up(options)
    if options.source is None or options.output is None:
        raise BadInput(f'Name a video and a file for its skeleton: "{command_name()} pose dance.mp4 -o dance.json".')
    if options.output.suffix.lower() not in {".json", ".npz"}:
        raise BadInput(f'"{options.output}" ends in neither .json nor .npz, as a skeleton does: choose such a name.')
    for target in (options.output, options.draw):
        if target is not None and target.exists() and not options.overwrite:
            raise BadInput(f'"{target}" is there already: choose another name, or replace it with --overwrite.')
    if options.draw is not None:
        check_film_name(options.draw)
    with stop_request("Stopping.") as stop:
        teller = _Teller(stop, as_json=options.json)
        found = _found(options, teller)
        skeleton = _edited(found.skeleton, options, teller)
        write_skeleton(options.output, skeleton)
        if options.draw is not None:
            write_skeleton_film(options.draw, skeleton, teller.check)
    teller.close(options, skeleton, found)
    return 0


def _set_up(options: Namespace) -> int:
    with stop_request("Stopping.") as stop:
        folder = set_up_networks(check=_Teller(stop, as_json=True).check)
    if not options.quiet:
        print(visible(f"The networks that find skeletons are in {folder}."))
    return 0


def _found(options: Namespace, teller: "_Teller") -> Extracted:
    kind = pose_kind(options.source)
    if kind is PoseKind.POSE_VIDEO:
        raise BadInput(f'"{options.source}" is a drawn skeleton already: lay it on the skeleton lane as it is.')
    if kind is not PoseKind.VIDEO:
        at = (options.person[0].x, options.person[0].y) if options.person else None
        wanted = Wanted(Fraction(options.fps or 30).limit_denominator(1001), options.size, at)
        return Extracted(read_poses(options.source, wanted), 1)
    with teller.bar(), PoseExtractor(options.finder or "") as extractor:
        return extractor.extract(options.source, options.person, teller.progress, teller.check)


def _edited(skeleton: Skeleton, options: Namespace, teller: "_Teller") -> Skeleton:
    """What the options ask for, in the order in which a person would do it."""
    if options.mirror:
        skeleton = mirrored(skeleton).done("mirrored")
    if options.speed is not None:
        speed = Fraction(options.speed).limit_denominator(1000)
        skeleton = retimed(skeleton, speed).done(f"{options.speed:g} times as fast")
    if options.scale is not None:
        skeleton = scaled(skeleton, options.scale).done(f"{options.scale:g} times as large")
    if options.align is not None:
        picture = _picture_pose(options.align, options)
        if difference := difference_of(skeleton, picture):
            teller.say(f"{difference}: the dance was fitted to that body.")
        skeleton = aligned(skeleton, picture).done(f"aligned to {options.align.name}")
    if options.to_fps is not None:
        rate = Fraction(options.to_fps).limit_denominator(1001)
        skeleton = resampled(skeleton, rate).done(f"{options.to_fps:g} frames a second")
    return skeleton


def _picture_pose(path: Path, options: Namespace) -> Skeleton:
    """The pose of the person in a picture, or in a pose file whose first frame counts."""
    if read_head(path).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[", b"P"):
        return read_poses(path)
    import numpy as np  # noqa: PLC0415 - beside its one use

    from svi_studio.media.images import open_reference  # noqa: PLC0415 - beside its one use

    pixels = np.asarray(open_reference(path), np.uint8)
    with PoseExtractor(options.finder or "") as extractor:
        return extractor.in_picture(pixels, str(path))


@dataclass
class _Teller:
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

    def close(self, options: Namespace, skeleton: Skeleton, found: Extracted) -> None:
        """What was written, and what is worth a look."""
        seen = int(skeleton.has_person.sum())
        if found.broken:
            self.say(found.broken)
        if found.people > 1 and not options.person:
            self.say(f"{plural(found.people, 'person')} ".replace("persons", "people") + _CHOOSE)
        if self.as_json:
            facts = {"frames": skeleton.num_frames, "fps": str(skeleton.fps), "seen": seen, "people": found.people}
            remarks = [[each.kind.value, each.first, each.stop] for each in skeleton.remarks]
            print(json.dumps({"kind": "done", "file": str(options.output), **facts, "remarks": remarks}), flush=True)
            return
        length = f"{plural(skeleton.num_frames, 'frame')}, {as_duration(skeleton.seconds)}"
        print(
            visible(f"The skeleton is at {options.output} ({length}; the dancer is seen in {seen}).{_looks(skeleton)}")
        )


_CHOOSE = "are in sight, and the one seen best was followed: choose with --person X,Y@SECONDS."


def _looks(skeleton: Skeleton) -> str:
    """The frames that somebody should look at."""
    wanted = (RemarkKind.MISSING, RemarkKind.FOUND_AGAIN)
    found = [each for each in skeleton.remarks if each.kind in wanted]
    words = [
        f"{each.kind.value} at frame {each.first}" + (f"-{each.stop - 1}" if each.stop - each.first > 1 else "")
        for each in found[:_MOST_LOOKS]
    ]
    more = f" and {len(found) - _MOST_LOOKS} more" if len(found) > _MOST_LOOKS else ""
    return f" Look at these: {', '.join(words)}{more}." if words else ""
