"""Writes what svi-theatre's films of Film and Pro show: tables, figures, curves and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.training.confidence import estimate
from svi_studio.domain.training.drift import DriftArm, DriftReport, TestFilm
from trainer.evaluation.figures import NAMES
from trainer.evaluation.report import drift_chart
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.stage import FINE
from trainer.proof.arms import BASE, CONTROL
from trainer.proof.boards import consistent_boards
from trainer.proof.films import SHOWN, Filmed
from trainer.proof.sheets import block, save_small, stacked
from trainer.proof.tables import figures_table, pairs_table, trends_table
from trainer.proof.theatre.arms import ARMS, EXPERTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt
    from PIL import Image

    from trainer.paper_theatre.scenes import Pixels

CURVES = ("psnr", "motion", "colour", "sharpness", "contrast")
CHAINED = ("film", "pro")
FILMS_IN_PICTURE = 4
TITLES = {
    "film": "Film: frames handed on, decoded and encoded between clips",
    "pro": "Pro: latents handed on as they are",
}


def write_chains(films: dict[tuple[str, str], Path], target: Path) -> None:
    """Writes ``theatre.md`` and, of each family, its figures (JSON), curves (SVG) and last frames (PNG).

    ``films`` by family and arm.
    """
    page = ["# svi-theatre over long films\n"]
    done = {family: _done(films, family) for family in CHAINED}
    for family, arms in done.items():
        if not arms:
            continue
        page += [f"## {TITLES[family]}\n", figures_table(arms)]
        page += [pairs_table(arms, other) for other in (BASE, CONTROL) if other in arms and len(arms) > 1]
        page.append(trends_table(arms))
        report = _report(family, arms)
        atomic_write(target / f"theatre-{family}.json", report.model_dump_json().encode() + b"\n")
        atomic_write(target / f"theatre-{family}.svg", drift_chart(report, CURVES).encode())
        save_small(last_frames(family, arms), target / f"theatre-{family}.png")
    page += _side_by_side(done)
    atomic_write(target / "theatre.md", "\n".join(filter(None, page)).encode())


def last_frames(family: str, arms: dict[str, Filmed]) -> Image.Image:
    """Last frames of some clips of the first storyboards, which nobody chose: the truth's above those of every arm."""
    some = next(iter(arms.values()))
    boards = consistent_boards(len(_figures(some)), some.done)[:FILMS_IN_PICTURE]
    clips = [number for number in SHOWN if number < some.done]
    title = f"{family.title()}, the first storyboards; last frames of the clips {', '.join(str(k + 1) for k in clips)}"
    blocks = []
    for film, board in enumerate(boards):
        rows: dict[str, Sequence[Pixels]] = {
            "as it should look": [render_still(board.scripts[clip].end, FINE) for clip in clips]
        }
        rows |= {arm: each.shown[film] for arm, each in arms.items() if each.shown is not None}
        blocks.append(block(title if not film else "", rows, 1))
    return stacked(blocks)


def _done(films: dict[tuple[str, str], Path], family: str) -> dict[str, Filmed]:
    """The arms whose films are all as long as the longest."""
    found = {arm: Filmed(films[family, arm]) for arm in (*ARMS, EXPERTS) if (family, arm) in films}
    longest = max(each.done for each in found.values())
    return {arm: each for arm, each in found.items() if each.done == longest > 0}


def _side_by_side(done: dict[str, dict[str, Filmed]]) -> list[str]:
    """Pro less Film, arm by arm: the same storyboards, so the difference is taken film by film."""
    rows = []
    for arm in ARMS:
        film, pro = (done[family].get(arm) for family in CHAINED)
        if film is None or pro is None:
            continue
        for clip in sorted({min(clip, film.done - 1, pro.done - 1) for clip in (0, 9, 19, 49)}):
            cells = [_difference(pro, film, name, clip) for name in ("psnr", "ssim")]
            rows.append(f"| {arm} | {clip + 1} | {' | '.join(cells)} |")
    if not rows:
        return []
    head = ["| arm | clip | likeness, dB | structure |", "|---|---:|---:|---:|"]
    return ["## Pro less Film\n", "\n".join([*head, *rows]) + "\n"]


def _difference(one: Filmed, other: Filmed, name: str, clip: int) -> str:
    column = NAMES.index(name)
    value = estimate((_figures(one)[:, clip, column] - _figures(other)[:, clip, column]).tolist())
    return "" if value is None else f"{value.mean:+.3f} ± {(value.high - value.low) / 2:.3f}"


def _report(family: str, arms: dict[str, Filmed]) -> DriftReport:
    some = _figures(next(iter(arms.values())))
    made = tuple(DriftArm(name=name, films=_films(filmed)) for name, filmed in arms.items())
    title = f"{TITLES[family]}: {len(some)} storyboards"
    return DriftReport(title=title, family=family, num_frames=FINE.num_frames, arms=made)


def _figures(filmed: Filmed) -> npt.NDArray[np.float32]:
    assert filmed.figures is not None
    return filmed.figures


def _films(filmed: Filmed) -> tuple[TestFilm, ...]:
    return tuple(
        TestFilm(
            name=f"storyboard {number + 1}",
            clips=tuple(
                {name: round(float(v), 4) for name, v in zip(NAMES, row, strict=True) if not np.isnan(v)}
                for row in film
            ),
        )
        for number, film in enumerate(_figures(filmed))
    )
