"""The pictures of the page, chosen by rule: the median film between the worst and the best, and a wall of all films."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render, render_still
from trainer.proof.registered.report import shown_clips
from trainer.proof.registered.sections import BASE
from trainer.proof.registered.tables import gains
from trainer.proof.sheets import apart, block, stacked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image

    from trainer.paper_theatre.scenes import Pixels
    from trainer.proof.boards import Board
    from trainer.proof.registered.report import Arms
    from trainer.proof.registered.sections import Section

_ACROSS: Final = 16  # films in a row of the wall
_MOMENTS: Final = slice(0, None, 2)  # frames of a clip


def chosen_films(section: Section, arms: Arms) -> dict[str, int]:
    """The films with the worst, the median and the best gain of the section's arm over its control at the end."""
    less = gains(arms, *section.main, section.clips)
    order = [int(film) for film in np.argsort(less, kind="stable") if not np.isnan(less[film])]
    return {"worst": order[0], "median": order[(len(order) - 1) // 2], "best": order[-1]}


def chosen_picture(section: Section, arms: Arms, boards: Sequence[Board]) -> Image.Image:
    """Three films under each other: rows of last frames, the truth's and one an arm (its first training)."""
    names, blocks = {arm: arm for arm in arms}, []
    for name, film in chosen_films(section, arms).items():
        title = f"{name} of {len(boards)}: {gain_words(section, arms, film)}"
        blocks.append(_ends(section, arms, boards[film], film, title=title, names=names))
    return stacked(blocks)


def median_picture(section: Section, arms: Arms, boards: Sequence[Board]) -> Image.Image:
    """The median film alone, in words for people who have not read the protocol: truth, base, control and main arm."""
    film = chosen_films(section, arms)["median"]
    names = {BASE: "model alone", section.main[1]: "LoRA, no error recycling", section.main[0]: "LoRA, error recycling"}
    return _ends(section, arms, boards[film], film, title=f"the median of {len(boards)} films", names=names)


def _ends(
    section: Section, arms: Arms, board: Board, film: int, *, title: str, names: Mapping[str, str]
) -> Image.Image:
    """Last frames of some clips of one film: the truth's, and those of each arm of ``names``, which say its name."""
    clips = shown_clips(section)
    rows = {"as it should look": [_truth(board, clip, section.look) for clip in clips]}
    rows |= {name: [arms[arm][0].last_frames(clip)[film] for clip in clips] for arm, name in names.items()}
    return block(f"{title}; ends of the clips {', '.join(map(str, clips))}", rows)


def motion_picture(section: Section, arms: Arms, boards: Sequence[Board]) -> Image.Image:
    """How the median film moves in its last clip: frames of the clip, the truth's and one row an arm."""
    film = chosen_films(section, arms)["median"]
    truth = LOOKS[section.look](render(boards[film].scripts[section.clips - 1]))
    rows = {"as it should look": list(truth[_MOMENTS])}
    rows |= {arm: list(made[0].clip[film, _MOMENTS]) for arm, made in arms.items() if made[0].clip is not None}
    return block(f"frames of clip {section.clips} of the median film: {gain_words(section, arms, film)}", rows)


def gain_words(section: Section, arms: Arms, film: int) -> str:
    """The mean gain over trainings, by which films are chosen, and that of the training that is shown."""
    mean = gains(arms, *section.main, section.clips)[film]
    first = {name: made[:1] for name, made in arms.items()}
    own = gains(first, *section.main, section.clips)[film]
    count = max(len(arms[name]) for name in section.main)
    words = f"{mean:+.2f} dB over {section.main[1]} where it changes"
    return words if count == 1 else f"{words} (mean of {count} trainings; the first, shown here, {own:+.2f})"


def wall(section: Section, arms: Arms, boards: Sequence[Board]) -> Image.Image:
    """The last frames of all films, in the order of the storyboards: the truth's, then arm by arm."""
    last = section.clips
    groups = {"as it should look": np.stack([_truth(board, last, section.look) for board in boards])}
    groups |= {arm: made[0].last_frames(last) for arm, made in arms.items()}
    return stacked([block(arm, {"": _in_rows(frames)}) for arm, frames in groups.items()])


def _in_rows(frames: Pixels) -> list[Pixels]:
    missing = -len(frames) % _ACROSS
    padded = np.concatenate([frames, np.full((missing, *frames.shape[1:]), 255, np.uint8)])
    rows = padded.reshape(-1, _ACROSS, *frames.shape[1:])
    return [np.concatenate([np.concatenate([apart(frame) for frame in row], axis=1) for row in rows], axis=0)]


def _truth(board: Board, clip: int, look: str) -> Pixels:
    return LOOKS[look](render_still(board.scripts[clip - 1].end))
