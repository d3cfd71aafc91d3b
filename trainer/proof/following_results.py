"""Writes what the films of Talk and Dance show: tables and curves with 95 % intervals, figures, and pictures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.training.confidence import estimate
from trainer.evaluation.chart import Line, Panel, chart
from trainer.paper_theatre.stage import PLAIN, Staging
from trainer.proof.arms import BASE, CONTROL, ERFT
from trainer.proof.following import ARMS, FAMILIES, SHOWN_CLIPS, TRAINED_ARMS, FollowedFilms, Sizes, film_path, sync
from trainer.proof.following_boards import Skill, follow_boards
from trainer.proof.sheets import block, save_small, stacked

if TYPE_CHECKING:
    from pathlib import Path

    from trainer.paper_theatre.scenes import Pixels
    from trainer.proof.following_boards import FollowBoard

    Rows = dict[str, np.ndarray]
    """By figure: [films, clips]."""

FIRST_STRETCH, LAST_STRETCH = (0, 10), (40, 50)  # clips from, up to
STRETCHES = (FIRST_STRETCH, (20, 30), LAST_STRETCH)
COLUMNS = 10  # frames shown of a clip
SHEET_WIDTH = 1600  # pixels


def write_results(folder: Path, target: Path, sizes: Sizes, staging: Staging = PLAIN) -> None:
    """Writes ``following.md``, ``following.json``, and curves and a picture a skill of all films that are there."""
    tables, raw = ["# Following sound and skeletons\n"], {}
    for skill, family in FAMILIES.items():
        boards = follow_boards(skill, sizes.films, sizes.clips, staging=staging)
        films = {arm: FollowedFilms(film_path(folder, skill, arm)) for arm in (*ARMS, *TRAINED_ARMS)}
        films = {arm: each for arm, each in films.items() if each.done}
        if not films:
            continue
        rows = {arm: clip_rows(skill, boards, each) for arm, each in films.items()}
        raw[family] = {arm: {k: np.round(v, 4).tolist() for k, v in row.items()} for arm, row in rows.items()}
        tables += [f"## {family.title()}, {sizes.films} films of {sizes.clips} clips\n", _table(skill, rows)]
        tables += [_pairs(skill, rows, other) for other in (BASE, CONTROL)]
        title = f"{family.title()}: {sizes.films} storyboards"
        atomic_write(target / f"following-{family}.svg", curves(title, skill, rows).encode())
        _picture(boards, films, target / f"following-{family}.png")
    atomic_write(target / "following.md", "\n".join(filter(None, tables)).encode())
    text = json.dumps(raw).replace("NaN", "null")
    atomic_write(target / "following.json", text.encode() + b"\n")


def clip_rows(skill: Skill, boards: tuple[FollowBoard, ...], films: FollowedFilms) -> dict[str, np.ndarray]:
    """Each figure ``[films, clips]``, NaN where there is none."""
    rows = {name: np.asarray(films.arrays[name], np.float64) for name in ("psnr", "ssim")}
    if skill == "skeleton":
        off = np.asarray(films.arrays["off"], np.float64)
        seen = np.isfinite(off).any(axis=2)
        mean = np.full(off.shape[:2], np.nan)
        mean[seen] = np.nanmean(off[seen], axis=1)
        return rows | {"off": mean}
    pairs = [
        [
            sync(np.asarray(films.arrays["mouth"][film, clip]), board.mouths, clip, board.staging)
            for clip in range(films.done)
        ]
        for film, board in enumerate(boards)
    ]
    found = np.array(pairs, np.float64)  # [films, clips, 2]
    return rows | {"follows": found[..., 0], "lag": np.where(np.isnan(found[..., 0]), np.nan, found[..., 1])}


_HEADS = {
    "follows": "correlation of mouth and loudness",
    "lag": "best lag, frames",
    "off": "hands and feet off, of 80 units",
    "psnr": "likeness, dB",
    "ssim": "structure",
}


_IDEAL = {"lag": 0.0}
_MEASURES: dict[Skill, tuple[str, ...]] = {
    "sound": ("follows", "lag", "psnr", "ssim"),
    "skeleton": ("off", "psnr", "ssim"),
}


def _table(skill: Skill, rows: dict[str, Rows]) -> str:
    names = _MEASURES[skill]
    lines = [
        f"| arm | clips | {' | '.join(_HEADS[name] for name in names)} |",
        f"|---|---|{'---:|' * len(names)}",
    ]
    for arm, figures in rows.items():
        for first, stop in STRETCHES:
            if figures["psnr"].shape[1] >= stop:
                cells = [_cell(means(figures[name], (first, stop))) for name in names]
                lines.append(f"| {arm} | {first + 1} to {stop} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _pairs(skill: Skill, rows: dict[str, Rows], reference: str) -> str:
    """Each trained arm less ``reference``, film by film: the same storyboards and noise are filmed with every arm."""
    names = tuple(name for name in _MEASURES[skill] if name != "lag")
    lines = [
        f"| less {reference} | clips | {' | '.join(_HEADS[name] for name in names)} | films liker |",
        f"|---|---|{'---:|' * (len(names) + 1)}",
    ]
    for arm, figures in rows.items():
        if arm not in (CONTROL, ERFT) or arm == reference or reference not in rows:
            continue
        for first, stop in STRETCHES:
            if min(each["psnr"].shape[1] for each in (figures, rows[reference])) < stop:
                continue
            less = {n: means(figures[n], (first, stop)) - means(rows[reference][n], (first, stop)) for n in names}
            better = f"{int((less['psnr'] > 0).sum())} of {len(less['psnr'])}"
            cells = " | ".join(_cell(less[name], "+") for name in names)
            lines.append(f"| {arm} | {first + 1} to {stop} | {cells} | {better} |")
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def curves(title: str, skill: Skill, rows: dict[str, Rows]) -> str:
    """The figures of every arm that follows, clip by clip, as SVG: mean over the films and its 95 % band."""
    shown = {arm: figures for arm, figures in rows.items() if arm != "alone"}
    panels = [
        Panel(_HEADS[name], "", tuple(_line(arm, figures[name]) for arm, figures in shown.items()), _IDEAL.get(name))
        for name in _MEASURES[skill]
    ]
    return chart(title, panels)


def _line(arm: str, figure: np.ndarray) -> Line:
    values = [estimate(clip[np.isfinite(clip)].tolist()) for clip in figure.T]
    mean, low, high = (
        [None if value is None else getattr(value, part) for value in values] for part in ("mean", "low", "high")
    )
    return Line(arm, mean, low, high)


def means(figure: np.ndarray, stretch: tuple[int, int]) -> np.ndarray:
    """Each film's mean over some clips, from ``[films, clips]`` with NaN where there is none: ``[films]``."""
    part = figure[:, slice(*stretch)]
    seen = np.isfinite(part).any(axis=1)
    found = np.full(len(part), np.nan)
    found[seen] = np.nanmean(part[seen], axis=1)
    return found


def _cell(values: np.ndarray, sign: str = "") -> str:
    """Mean and 95 % interval over the films."""
    value = estimate(values[np.isfinite(values)].tolist())
    return "" if value is None else f"{value.mean:{sign}.3f} ± {(value.high - value.low) / 2:.3f}"


def _picture(boards: tuple[FollowBoard, ...], films: dict[str, FollowedFilms], path: Path) -> None:
    """The first storyboard, which nobody chose: some frames of some clips, the truth's above those of every arm."""
    blocks = []
    for number in SHOWN_CLIPS:
        shown = {arm: each.arrays.get(f"shown {number}") for arm, each in films.items()}
        frames = {arm: np.asarray(found, np.uint8)[0] for arm, found in shown.items() if found is not None}
        if frames:
            rows = {"as it should look": boards[0].truth(number)} | frames
            some = {name: _some(clip) for name, clip in rows.items()}
            wide = COLUMNS * boards[0].staging.width
            blocks.append(block(f"clip {number + 1} of the first film", some, max(1, SHEET_WIDTH // wide)))
    if blocks:
        save_small(stacked(blocks), path)


def _some(clip: Pixels) -> list[Pixels]:
    """`COLUMNS` frames from the first to the last."""
    return [clip[at] for at in np.linspace(0, len(clip) - 1, COLUMNS).round().astype(int)]
