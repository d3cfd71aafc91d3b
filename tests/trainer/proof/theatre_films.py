"""What lies on disk of svi-theatre's films of Film and Pro, read without the code that wrote it."""

import json
from pathlib import Path
from statistics import fmean

RESULTS = Path(__file__).parents[3] / "trainer" / "proof" / "results" / "theatre"
T_15 = 2.1314  # two-sided 97.5 % quantile of Student's t for 16 films


def chain(family: str, figure: str, arm: str = "base") -> list[list[float]]:
    """``[film][clip]`` of an arm."""
    arms = {each["name"]: each for each in json.loads((RESULTS / f"theatre-{family}.json").read_text("utf-8"))["arms"]}
    return [[clip[figure] for clip in film["clips"]] for film in arms[arm]["films"]]


def slope(values: list[float]) -> float:
    """Of a straight line through values one clip apart, for ten clips."""
    middle = fmean(range(len(values)))
    rise = sum((k - middle) * value for k, value in enumerate(values))
    return 10 * rise / sum((k - middle) ** 2 for k in range(len(values)))
