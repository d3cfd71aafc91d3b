"""Writes what the films of Talk and Dance show: tables with 95 % intervals over the films, figures, and pictures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.training.confidence import estimate
from trainer.paper_theatre.stage import PLAIN, Staging
from trainer.proof.following import ARMS, FAMILIES, SHOWN_CLIPS, TRAINED_ARMS, FollowedFilms, Sizes, film_path, sync
from trainer.proof.following_boards import Skill, follow_boards

if TYPE_CHECKING:
    from pathlib import Path

    from trainer.proof.following_boards import FollowBoard

ENLARGE = 2
COLUMNS = 10  # frames shown of a clip: every other one


def write_results(folder: Path, target: Path, sizes: Sizes, staging: Staging = PLAIN) -> None:
    """Writes ``following.md``, ``following.json`` and a picture a skill of all films that are there."""
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
        _picture(boards, films, target / f"following-{family}.png")
    atomic_write(target / "following.md", "\n".join(tables).encode())
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
    "off": "hands and feet off, pixels",
    "psnr": "likeness, dB",
    "ssim": "structure",
}
_STRETCHES = ((0, 10), (20, 30), (40, 50))


def _table(skill: Skill, rows: dict[str, dict[str, np.ndarray]]) -> str:
    names = ("follows", "lag", "psnr", "ssim") if skill == "sound" else ("off", "psnr", "ssim")
    lines = [
        f"| arm | clips | {' | '.join(_HEADS[name] for name in names)} |",
        f"|---|---|{'---:|' * len(names)}",
    ]
    for arm, figures in rows.items():
        for first, stop in _STRETCHES:
            if figures["psnr"].shape[1] >= stop:
                cells = [_cell(figures[name][:, first:stop]) for name in names]
                lines.append(f"| {arm} | {first + 1} to {stop} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(part: np.ndarray) -> str:
    """Mean and 95 % interval over the films of each film's mean over some clips."""
    means = [float(np.nanmean(film)) for film in part if np.isfinite(film).any()]
    value = estimate(means)
    return "" if value is None else f"{value.mean:.3f} ± {(value.high - value.low) / 2:.3f}"


def _picture(boards: tuple[FollowBoard, ...], films: dict[str, FollowedFilms], path: Path) -> None:
    """Truth above what was filmed, some clips of the first films."""
    strips = []
    for arm in films.values():
        for number in SHOWN_CLIPS:
            for film, frames in enumerate(arm.arrays.get(f"shown {number}", ())):
                both = (boards[film].truth(number), np.asarray(frames))
                strips += [np.concatenate(list(clip[1::2][:COLUMNS]), axis=1) for clip in both]
    if strips:
        sheet = np.concatenate(strips).repeat(ENLARGE, axis=0).repeat(ENLARGE, axis=1)
        Image.fromarray(sheet.astype(np.uint8)).save(path, optimize=True)
