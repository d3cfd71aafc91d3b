"""Writes the page of results: curves and pictures of every benchmark, tables of every arm, and the raw figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from svi_studio.domain.confidence import Estimate, estimate
from svi_studio.domain.drift import DriftArm, DriftReport, TestFilm
from trainer.evaluation.figures import NAMES
from trainer.evaluation.report import drift_chart, replace_file
from trainer.proof.arms import TRUTH, Arm, ablation_arms, main_arms, strength_arms
from trainer.proof.films import Benchmark, Filmed
from trainer.proof.tasks import Proof

CURVES = ("psnr", "motion", "colour", "sharpness", "contrast", "seam")
ENLARGE = 2


@dataclass(frozen=True)
class Filming:
    """The films of some arms in one benchmark; the truth's come first."""

    benchmark: Benchmark
    family: str
    films: dict[str, Filmed]

    @property
    def name(self) -> str:
        """For files."""
        return f"{self.family}-{self.benchmark.kind}"

    def report(self) -> DriftReport:
        """The figures of all arms."""
        return DriftReport(
            title=f"{self.family.title()}, {self.benchmark.kind}: {self.benchmark.boards} storyboards",
            family=self.family,
            num_frames=21,
            arms=tuple(_arm(name, filmed) for name, filmed in self.films.items()),
        )


def write_results(proof: Proof, target: Path) -> None:
    """Write charts (SVG), pictures (PNG), raw figures (JSON) and ``tables.md`` of all films that are done."""
    target.mkdir(parents=True, exist_ok=True)
    tables: list[str] = []
    for filming in _filmings(proof):
        report = filming.report()
        replace_file(target / f"{filming.name}.json", report.model_dump_json().encode() + b"\n")
        shown = report.model_copy(update={"arms": tuple(a for a in report.arms if a.name != TRUTH)})
        replace_file(target / f"{filming.name}.svg", drift_chart(shown, CURVES).encode())
        _picture(filming, target / f"{filming.name}.png")
        tables.append(f"## {report.title}\n\n{table(filming)}")
    replace_file(target / "tables.md", ("# Figures\n\n" + "\n".join(tables)).encode())


def _filmings(proof: Proof) -> Iterator[Filming]:
    s = proof.sizes
    groups: list[tuple[str, str, Sequence[Arm], int]] = [
        ("film", "consistent", main_arms("film", s), s.clips),
        ("film", "creative", main_arms("film", s), s.clips),
        ("shot", "consistent", main_arms("shot", s), s.clips),
        ("ablation", "consistent", (main_arms("film", s)[0], *ablation_arms(s)), s.ablation_clips),
        ("strength", "consistent", (*strength_arms(s), main_arms("film", s)[-1]), s.ablation_clips),
    ]
    for family, kind, arms, clips in groups:
        benchmark = Benchmark(kind, s.boards, clips)
        done = {arm.name: Filmed(proof.film_path(arm, benchmark)) for arm in arms}
        done = {name: filmed for name, filmed in done.items() if filmed.done >= clips}
        if done:
            yield Filming(benchmark, family, {TRUTH: Filmed(proof.truth(benchmark)), **done})


def table(filming: Filming) -> str:
    """One row an arm: the figures at the first, the tenth and the last clip, mean and 95 % interval over the films."""
    clips = [k for k in (0, 9, filming.benchmark.clips - 1) if k < filming.benchmark.clips]
    head = "| arm | clip | likeness, dB | kept of the first | colour, levels | sharpness | contrast | motion, levels |"
    rows = [head, "|---|---:|---:|---:|---:|---:|---:|---:|"]
    for name, filmed in filming.films.items():
        for clip in dict.fromkeys(clips):
            rows.append(f"| {name} | {clip + 1} | {' | '.join(_cells(filmed, clip))} |")
    return "\n".join(rows) + "\n"


def _cells(filmed: Filmed, clip: int) -> list[str]:
    values = {n: estimate(_column(filmed, n, clip)) for n in ("psnr", "colour", "sharpness", "contrast", "motion")}
    first, now = _column(filmed, "psnr", 0), _column(filmed, "psnr", clip)
    share = estimate([b / a for a, b in zip(first, now, strict=True)])
    cells = [_cell(values["psnr"], 1), f"{share.mean:.0%}" if share else ""]
    return [*cells, *(_cell(values[n], 2) for n in ("colour", "sharpness", "contrast", "motion"))]


def _cell(value: Estimate | None, digits: int) -> str:
    return "" if value is None else f"{value.mean:.{digits}f} ± {(value.high - value.low) / 2:.{digits}f}"


def _column(filmed: Filmed, figure: str, clip: int) -> list[float]:
    assert filmed.figures is not None
    values = filmed.figures[:, clip, NAMES.index(figure)]
    return [float(v) for v in values if not np.isnan(v)]


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
    """Rows of some films, one block an arm: the last frames of the clips that are kept."""
    blocks = []
    for filmed in filming.films.values():
        assert filmed.shown is not None
        rows = [np.concatenate(list(film), axis=1) for film in filmed.shown]
        blocks.append(np.pad(np.concatenate(rows), ((0, 0), (4, 4), (0, 0)), constant_values=255))
    sheet = Image.fromarray(np.concatenate(blocks, axis=1))
    sheet.resize((sheet.width * ENLARGE, sheet.height * ENLARGE), Image.Resampling.NEAREST).save(path, optimize=True)
