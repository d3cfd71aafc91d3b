"""The tables about svi-theatre's films of Film and Pro, computed again from every clip's figures."""

import json
import math
import re
from statistics import fmean, stdev

import pytest

from tests.trainer.proof.theatre_films import RESULTS, T_15, chain, slope

PAGE = (RESULTS / "theatre.md").read_text("utf-8")
NAMES = {"likeness, dB": "psnr", "structure": "ssim"}


def at(family: str, arm: str, figure: str, clip: int) -> list[float]:
    return [film[clip - 1] for film in chain(family, figure, arm)]


def less(one: list[float], other: list[float]) -> list[float]:
    return [ours - theirs for ours, theirs in zip(one, other, strict=True)]


def tables() -> list[tuple[str, list[str], list[str]]]:
    """Title of the section, heads and cells of every row."""
    found = []
    for title, part in re.findall(r"## (\w+(?: less Film)?)(.*?)(?=\n## |\Z)", PAGE, re.S):
        for block in re.findall(r"(?:\|[^\n]*\n)+", part):
            head, _, *lines = ([cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines())
            found += [(title, head, line) for line in lines]
    return found


def is_said(cell: str, values: list[float], digits: int) -> bool:
    half = T_15 * stdev(values) / math.sqrt(len(values))
    near = 1.1 * 10**-digits
    return [float(part) for part in cell.split(" ± ")] == [
        pytest.approx(fmean(values), abs=near),
        pytest.approx(half, abs=near),
    ]


@pytest.mark.parametrize(("title", "head", "cells"), tables(), ids=lambda value: str(value)[:40])
def test_a_row_is_what_its_films_say(title: str, head: list[str], cells: list[str]) -> None:
    family, arm = title.lower(), cells[0]
    if "ten clips" in head[1]:
        assert is_said(cells[1], [slope(film[19:]) for film in chain(family, "psnr", arm)], 2)
        return
    clip = int(cells[1])
    if title == "Pro less Film":
        for name, cell in zip(head[2:], cells[2:], strict=True):
            figure = NAMES[name]
            assert is_said(cell, less(at("pro", arm, figure, clip), at("film", arm, figure, clip)), 3)
    elif head[2].startswith("likeness less that of "):
        other = head[2].removeprefix("likeness less that of ").removesuffix(", dB")
        gained = less(at(family, arm, "psnr", clip), at(family, other, "psnr", clip))
        assert is_said(cells[2], gained, 2)
        assert cells[3] == f"{sum(each > 0 for each in gained)} of {len(gained)}"
    else:
        likeness = at(family, arm, "psnr", clip)
        assert is_said(cells[2], likeness, 2)
        assert float(cells[4]) == pytest.approx(min(likeness), abs=0.06)
        assert is_said(cells[5], at(family, arm, "ssim", clip), 3)
        for figure, place, cell in (("psnr", 1, cells[3]), ("ssim", 1, cells[6])):
            kept = [
                now / first
                for now, first in zip(at(family, arm, figure, clip), at(family, arm, figure, place), strict=True)
            ]
            assert float(cell.removesuffix("%")) == pytest.approx(100 * fmean(kept), abs=0.06)
        for name, cell in zip(head[7:], cells[7:], strict=True):
            assert is_said(cell, at(family, arm, name, clip), 2)


def arms_of(family: str) -> set[str]:
    return {each["name"] for each in json.loads((RESULTS / f"theatre-{family}.json").read_text("utf-8"))["arms"]}


def test_every_arm_is_in_every_table() -> None:
    rows = 0
    for arms in (arms_of("film"), arms_of("pro")):
        compared = [(arm, other) for arm in arms for other in {"base", "control"} & arms if arm not in {other, "base"}]
        rows += 5 * len(arms) + 3 * len(compared)
    assert len(tables()) == rows + 4 * len(arms_of("film") & arms_of("pro"))
