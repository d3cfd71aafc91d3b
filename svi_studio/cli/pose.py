"""``svi-studio pose``: the skeleton of a dancer from a video, or from another program's poses, as a file; and drawn."""

import json
from argparse import Namespace
from fractions import Fraction
from pathlib import Path

from svi_studio.cli.dancer import Teller, find_dancer, looks_wanted, shaped
from svi_studio.cli.stop import stop_request
from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.alignment import aligned
from svi_studio.domain.poses.proportions import difference_of
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.domain.poses.time_edits import resampled
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration, plural
from svi_studio.media.demuxers import read_head
from svi_studio.media.poses.extraction import PoseExtractor
from svi_studio.media.poses.networks.set_up import set_up_networks
from svi_studio.media.poses.opening import PoseKind, pose_kind, read_poses
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.media.poses.skeleton_film import check_film_name, write_skeleton_film


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
        teller = Teller(stop, as_json=options.json)
        kind = pose_kind(options.source)
        if kind is PoseKind.POSE_VIDEO:
            raise BadInput(f'"{options.source}" is a drawn skeleton already: lay it on the skeleton lane as it is.')
        found = find_dancer(options.source, kind, options, teller)
        skeleton = _edited(found.skeleton, options, teller)
        write_skeleton(options.output, skeleton)
        if options.draw is not None:
            write_skeleton_film(options.draw, skeleton, teller.check)
    _tell(options, skeleton, found.people)
    return 0


def _set_up(options: Namespace) -> int:
    with stop_request("Stopping.") as stop:
        folder = set_up_networks(check=Teller(stop, as_json=True).check)
    if not options.quiet:
        print(visible(f"The networks that find skeletons are in {folder}."))
    return 0


def _edited(skeleton: Skeleton, options: Namespace, teller: Teller) -> Skeleton:
    """What the options ask for, in the order in which a person would do it."""
    skeleton = shaped(skeleton, options)
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


def _tell(options: Namespace, skeleton: Skeleton, people: int) -> None:
    """What was written, and what is worth a look."""
    seen = int(skeleton.has_person.sum())
    if options.json:
        facts = {"frames": skeleton.num_frames, "fps": str(skeleton.fps), "seen": seen, "people": people}
        remarks = [[each.kind.value, each.first, each.stop] for each in skeleton.remarks]
        print(json.dumps({"kind": "done", "file": str(options.output), **facts, "remarks": remarks}), flush=True)
        return
    length = f"{plural(skeleton.num_frames, 'frame')}, {as_duration(skeleton.seconds)}"
    words = f"({length}; the dancer is seen in {seen}).{looks_wanted(skeleton)}"
    print(visible(f"The skeleton is at {options.output} {words}"))
