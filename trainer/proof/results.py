"""Writes the page of results: curves and pictures of every benchmark, tables of every arm, and the raw figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.training.drift import DriftArm, DriftReport, TestFilm
from trainer.evaluation.figures import NAMES
from trainer.evaluation.report import drift_chart
from trainer.paper_theatre.scenes import Pixels
from trainer.proof.arms import (
    BASE,
    CONTROL,
    ERFT,
    LOOK,
    TRUTH,
    Arm,
    ablation_arms,
    look_arms,
    main_arms,
    strength_arms,
)
from trainer.proof.films import FILMS_SHOWN, Benchmark, Filmed
from trainer.proof.tables import figures_table, pairs_table, trends_table
from trainer.proof.tasks import Proof

CURVES = ("psnr", "motion", "colour", "sharpness", "contrast", "seam")
ENLARGE = 2
LABEL = 150  # pixels, for the names of the arms
GAP = 4  # pixels between films, before they are enlarged
FEW_ARMS = 5  # of more than these fewer films are shown


@dataclass(frozen=True)
class Filming:
    """The films of some arms in one benchmark; the truth's come first."""

    benchmark: Benchmark
    family: str
    films: dict[str, Filmed]

    @property
    def name(self) -> str:
        """For files."""
        return f"{self.family}-{self.benchmark.name}"

    def report(self) -> DriftReport:
        """The figures of all arms."""
        return DriftReport(
            title=f"{self.family.title()}, {self.benchmark.name}: {self.benchmark.boards} storyboards",
            family=self.family,
            num_frames=21,
            arms=tuple(_arm(name, filmed) for name, filmed in self.films.items()),
        )


def write_results(proof: Proof, target: Path) -> None:
    """Writes charts (SVG), pictures (PNG), raw figures (JSON) and ``tables.md`` of all films that are done."""
    target.mkdir(parents=True, exist_ok=True)
    tables: list[str] = []
    for filming in _filmings(proof):
        report = filming.report()
        atomic_write(target / f"{filming.name}.json", report.model_dump_json().encode() + b"\n")
        shown = report.model_copy(update={"arms": tuple(a for a in report.arms if a.name != TRUTH)})
        atomic_write(target / f"{filming.name}.svg", drift_chart(shown, CURVES).encode())
        _picture(filming, target / f"{filming.name}.png")
        tables += [f"## {report.title}\n", figures_table(filming.films), *_comparisons(filming.films)]
    atomic_write(target / "tables.md", ("# Figures\n\n" + "\n".join(tables)).encode())


def _filmings(proof: Proof) -> Iterator[Filming]:
    s = proof.sizes
    base, _, erft = main_arms("film", s)
    long, short = Benchmark("consistent", s.boards, s.clips), Benchmark("consistent", s.boards, s.ablation_clips)
    groups: list[tuple[str, Benchmark, Sequence[Arm]]] = [
        ("film", long, main_arms("film", s)),
        ("film", replace(long, look=LOOK), look_arms(s)),
        ("film", replace(long, kind="creative"), main_arms("film", s)),
        ("shot", long, main_arms("shot", s)),
        ("ablation", short, (base, *ablation_arms(s))),
        ("strength", short, (base, *strength_arms(s), erft)),
    ]
    for family, benchmark, arms in groups:
        done = {arm.name: filmed for arm in arms if (filmed := _filmed(proof, arm, benchmark)) is not None}
        if set(done) - {BASE, ERFT}:  # an arm to learn from
            yield Filming(benchmark, family, {TRUTH: Filmed(proof.truth(benchmark)), **done})


def _filmed(proof: Proof, arm: Arm, benchmark: Benchmark) -> Filmed | None:
    """The films of an arm when they are long enough; the first clips of longer films are the same."""
    for length in sorted({benchmark.clips, proof.sizes.clips}):
        filmed = Filmed(proof.film_path(arm, replace(benchmark, clips=length)))
        if filmed.done >= benchmark.clips:
            filmed.cut(benchmark.clips)
            return filmed
    return None


def _comparisons(films: dict[str, Filmed]) -> list[str]:
    pairs = [pairs_table(films, other) for other in (BASE, CONTROL, "short-control") if other in films]
    return [table for table in (*pairs, trends_table(films)) if table]


def _arm(name: str, filmed: Filmed) -> DriftArm:
    assert filmed.figures is not None
    films = tuple(
        TestFilm(name=f"storyboard {number + 1}", clips=tuple(_clip(row) for row in film))
        for number, film in enumerate(filmed.figures)
    )
    return DriftArm(name=name, films=films)


def _clip(row: npt.NDArray[np.float32]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(NAMES, row, strict=True) if not np.isnan(value)}


def _picture(filming: Filming, path: Path) -> None:
    """Film under film the last frames of the clips that are kept, a row an arm with its name before it."""
    films = FILMS_SHOWN if len(filming.films) <= FEW_ARMS else 2
    rows = [(name, shown) for film in range(films) for name, shown in _rows(filming, film)]
    height, width = rows[0][1].shape[:2]
    sheet = Image.new("RGB", (LABEL + width * ENLARGE, (height * len(rows) + GAP * films) * ENLARGE), "white")
    draw = ImageDraw.Draw(sheet)
    for number, (name, shown) in enumerate(rows):
        top = (height * number + GAP * (number // len(filming.films))) * ENLARGE
        row = Image.fromarray(shown)
        sheet.paste(row.resize((row.width * ENLARGE, row.height * ENLARGE), Image.Resampling.NEAREST), (LABEL, top))
        draw.text((LABEL - 8, top + height * ENLARGE // 2), name, fill="black", font_size=14, anchor="rm")
    sheet.save(path, optimize=True)


def _rows(filming: Filming, film: int) -> Iterator[tuple[str, Pixels]]:
    for name, filmed in filming.films.items():
        if filmed.shown is not None and film < len(filmed.shown):
            yield name, np.concatenate(list(filmed.shown[film]), axis=1)
