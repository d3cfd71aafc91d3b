"""A person in a video drives the puppet: their skeleton, fitted to it, films clips of Dance, which are read back."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from svi_studio.domain.poses.alignment import aligned
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Points, Skeleton
from svi_studio.domain.poses.time_edits import resampled, retimed, trimmed
from svi_studio.media.frames import Frames
from svi_studio.media.poses.skeleton_file import read_skeleton, write_skeleton
from svi_studio.media.video_reader import stream_frames
from svi_studio.resource_files import resource_path
from tests.real_videos.sheets import frames_of, joined, jpeg, label, overlaid, spread
from trainer.evaluation.puppet_measures import read_body, stage_of

PICTURES = resource_path("storyline", "pictures")
ENDS = {
    "hands": (Joint.RIGHT_WRIST, Joint.LEFT_WRIST),
    "feet": (Joint.RIGHT_ANKLE, Joint.LEFT_ANKLE),
}
RATE, STEP, CLIP = Fraction(24), 40, 41  # of svi-theatre: frames a second, from clip to clip, in a clip
STAGE = 80  # units of the theatre's width
EVERY = 4  # frames: reading a pose takes half a second
SHOWN = 8  # frames of a film on the sheet
TILE = 150  # pixels


@dataclass(frozen=True)
class Dance:
    """A part of a person's skeleton and the film that it drives: so many clips from a frame of the video on."""

    person: str  # as their skeleton is kept: video and person
    video: str
    first: int
    speed: Fraction
    clips: int
    picture: str
    prompt: str

    @property
    def frames(self) -> int:
        """Of the film."""
        return self.clips * STEP + 1


DANCES = (
    Dance("dancer-400-woman", "dancer-400.mkv", 60, Fraction(1), 4, "puppet-purple-beach.png",
          "The purple puppet dances on the beach."),
    Dance("beam-front-man", "beam-front.mp4", 0, Fraction(1, 2), 2, "puppet-red-meadow.png",
          "The red puppet dances on the meadow."),
)  # fmt: skip


@dataclass(frozen=True)
class Followed:
    """Mean distances in stage units by kind of limb, of the film and of a puppet that never moves; pairs compared."""

    off: dict[str, float]
    still: dict[str, float]
    compared: dict[str, int]


def danced(cache: Path, target: Path) -> str:
    """Films the dances, writes the sheet, and returns the part of the page about them."""
    rows, tiles = [], []
    for number, dance in enumerate(DANCES):
        print(f"{dance.person}: the puppet ...", file=sys.stderr, flush=True)
        skeleton = read_skeleton(cache / f"{dance.person}.npz")
        fitted = fitted_to_puppet(skeleton, dance)
        frames = filmed(fitted, dance, cache / f"dance-{number}")
        start = np.asarray(Image.open(PICTURES / dance.picture).convert("RGB"))[None]
        followed = compared(frames, start, fitted.body * _units(fitted))
        print(f"  {followed}", file=sys.stderr, flush=True)
        rows.append((dance, followed))
        tiles += _tiles(dance, skeleton, fitted, frames, cache / dance.video)
    (target / "dance.jpg").write_bytes(jpeg(joined(tiles, SHOWN)))
    return _part(rows)


def fitted_to_puppet(skeleton: Skeleton, dance: Dance) -> Skeleton:
    """As ``svi-studio pose --speed --align puppet.joints.json --to-fps 24`` makes it, of the film's length."""
    part = trimmed(skeleton, dance.first, skeleton.num_frames)
    slower = retimed(part, dance.speed) if dance.speed != 1 else part
    puppet = read_skeleton(PICTURES / "puppet.joints.json")
    fitted = resampled(aligned(slower, puppet), RATE)
    shown = np.minimum(np.arange(dance.frames), fitted.num_frames - 1)  # its last pose stands
    return fitted.with_parts({name: points[shown] for name, points in fitted.parts.items()})


def filmed(skeleton: Skeleton, dance: Dance, folder: Path) -> Frames:
    """The film ``[N, 96, 160, 3]``, rendered as anybody would."""
    folder.mkdir(parents=True, exist_ok=True)
    write_skeleton(folder / "skeleton.npz", skeleton)
    (folder / dance.picture).write_bytes((PICTURES / dance.picture).read_bytes())
    board = {
        **{"schema_version": 3, "title": dance.person, "family": "dance", "model": "svi-theatre", "seed": 0},
        "reference_image": dance.picture,
        "clips": [{"id": f"c{number}", "prompt": "" if number else dance.prompt} for number in range(dance.clips)],
        "tracks": [
            {"kind": "skeleton", "pieces": [{"file": "skeleton.npz", "start": 0, "length": skeleton.num_frames}]}
        ],
    }
    (folder / "board.json").write_text(json.dumps(board), encoding="utf-8")
    command = [sys.executable, "-m", "svi_studio", "render", str(folder / "board.json"), "-y", "-o"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    subprocess.run([*command, str(folder / "film.mkv"), "--format", "ffv1"], check=True, env=environment)
    return np.concatenate(list(stream_frames(folder / "film.mkv")))


def compared(frames: Frames, start: Frames, wanted: Points) -> Followed:
    """How far hands and feet of the puppet in ``frames`` lie from ``wanted`` ``[N, 20, 3]``, in units of the stage.

    ``start`` is the picture that the film begins with ``[1, H, W, 3]``; a puppet that stays so is what to be better
    than. Limbs that are hidden, or that the skeleton does not show, are left out.
    """
    stage = stage_of(start)
    assert stage is not None
    seen, still = read_body(frames[::EVERY], stage), read_body(start, stage)
    sought = wanted[::EVERY][: len(seen)]
    off, kept, count = {}, {}, {}
    for limb, ends in ENDS.items():
        joints = list(ends)
        both = (seen[:, joints, 2] > SEEN_ABOVE) & (sought[:, joints, 2] > SEEN_ABOVE)
        off[limb] = _mean(seen[:, joints], sought[:, joints], both)
        kept[limb] = _mean(np.broadcast_to(still[:, joints], seen[:, joints].shape), sought[:, joints], both)
        count[limb] = int(both.sum())
    return Followed(off, kept, count)


def _mean(one: Points, other: Points, counts: NDArray[np.bool_]) -> float:
    apart = np.linalg.norm(one[..., :2] - other[..., :2], axis=-1)
    return float(apart[counts].mean()) if counts.any() else float("nan")


def _units(skeleton: Skeleton) -> NDArray[np.float32]:
    """What turns pixels of the skeleton's canvas into units of the stage, and leaves the confidence."""
    return np.array([STAGE / skeleton.width, STAGE / skeleton.width, 1], np.float32)


def _tiles(dance: Dance, skeleton: Skeleton, fitted: Skeleton, frames: Frames, video: Path) -> list[Image.Image]:
    """The person above, the puppet below, at the same moments."""
    numbers = spread(range(len(frames)), SHOWN)
    sources = [
        min(dance.first + round(number / RATE * skeleton.fps * dance.speed), skeleton.num_frames - 1)
        for number in numbers
    ]
    pictures = frames_of(video, sources)
    above = [
        _person(overlaid(each, skeleton, source), skeleton) for each, source in zip(pictures, sources, strict=True)
    ]
    for tile, source in zip(above, sources, strict=True):
        label(tile, f"{float(source / skeleton.fps):.1f} s")
    return above + [_puppet(frames[number], fitted.body[number] * _units(fitted)) for number in numbers]


def _person(picture: NDArray[np.uint8], skeleton: Skeleton) -> Image.Image:
    """The part of the picture in which the skeleton moves, as a square tile."""
    seen = skeleton.body[skeleton.body[..., 2] > SEEN_ABOVE][:, :2]
    low, high = seen.min(0), seen.max(0)
    size, middle = picture.shape[1::-1], (low + high) / 2
    side = min(1.1 * float((high - low).max()), *size)
    corner = [min(max(float(place) - side / 2, 0), long - side) for place, long in zip(middle, size, strict=True)]
    box = (*map(round, corner), round(corner[0] + side), round(corner[1] + side))
    return Image.fromarray(picture).crop(box).resize((TILE, TILE), Image.Resampling.LANCZOS)


def _puppet(frame: NDArray[np.uint8], wanted: NDArray[np.float32]) -> Image.Image:
    """The middle of the stage, and rings where the skeleton has hands and feet."""
    high = frame.shape[0]
    left = (frame.shape[1] - high) // 2
    tile = Image.fromarray(frame[:, left : left + high]).resize((TILE, TILE), Image.Resampling.NEAREST)
    factor, draw = frame.shape[1] / STAGE * TILE / high, ImageDraw.Draw(tile)
    for limb, ends in ENDS.items():
        for x, y, sure in wanted[list(ends)]:
            if sure > SEEN_ABOVE:
                across, down = x * factor - left * TILE / high, y * factor
                draw.ellipse((across - 5, down - 5, across + 5, down + 5), outline=_RINGS[limb], width=2)
    return tile


_RINGS = {"hands": (255, 255, 0), "feet": (0, 255, 255)}


def _part(rows: list[tuple[Dance, Followed]]) -> str:
    lines = [_DANCE_HEAD, "| --- " * 8 + "|"]
    for dance, followed in rows:
        numbers = [
            words
            for limb in ENDS
            for words in (f"{followed.off[limb]:.1f}", f"{followed.still[limb]:.1f}", f"{followed.compared[limb]}")
        ]
        lines.append(f"| {dance.video.partition('.')[0]} | {dance.clips} | {' | '.join(numbers)} |")
    return "\n\n".join([_DANCE, "\n".join(lines), "![Above the person, below the puppet](dance.jpg)"])


_DANCE_HEAD = "| person | clips | hands off | still puppet | seen | feet off | still puppet | seen |"

_DANCE = """\
## A person drives the puppet

With `--dance`: a part of two of these skeletons, fitted bone by bone to the puppet (as `svi-studio pose --align
puppet.joints.json --to-fps 24` does; the man on the beam at half his speed), films clips of the family Dance with
*svi-theatre*. The puppet is read back from every fourth frame; the distance of its hands and feet from the fitted
skeleton is in units of the stage, which is 80 wide; the puppet is about 32 high. *Still puppet*: how far a puppet would
be that stays as in the first picture. *Seen*: so many were compared, two a frame at most; those behind head or trunk
are left out. The rings are where the skeleton has hands (yellow) and feet (cyan)."""
