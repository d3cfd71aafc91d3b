"""`python -m trainer.proof.following`: how well the bundled model follows sound and skeletons, over films of 50 clips.

What is measured stands here before any film is made: for Talk the correlation of the mouth that the frames show with
the loudness of the sound, clip by clip, and the lag at which it is best; for Dance the distance of hands and feet from
where the skeleton has them; for both the likeness to the renderer's truth. It goes on after any stop.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors import safe_open
from safetensors.numpy import save

from svi_studio.disk.atomic import atomic_write
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.lora.apply import apply_loras
from svi_studio.resource_files import resource_path
from svi_studio.weights.family_loras import find_family_loras
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.model_folder import read_card
from trainer.evaluation.figures import clip_figures
from trainer.paper_theatre.read_puppet import Seen, in_sight, mouth_seen, pose_seen
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.scenes import Pixels
from trainer.paper_theatre.stage import PLAIN, Staging, staging_of
from trainer.proof.arms import BASE, CONTROL, ERFT
from trainer.proof.following_boards import FollowBoard, Skill, follow_boards
from trainer.proof.following_roll_out import FollowingRollOut
from trainer.proof.halves import in_halves

FAMILIES: dict[Skill, str] = {"sound": "talk", "skeleton": "dance"}
ARMS: dict[str, bool] = {"follows": True, "alone": False}
"""With its sound or skeleton, and the same film without: what the model does by itself. By whether it follows."""
TRAINED_ARMS: dict[str, bool] = {BASE: True, CONTROL: True, ERFT: True}
"""The model with its sound or skeleton and no LoRA, or one that was trained for this."""

LAGS = 5  # ticks, either way
FITTED_CLIPS = (0, 9, 19, 29, 39, 49)
FITTED_TICKS = (6, 13, 20)  # of a clip: in the middle and at the end
SHOWN_CLIPS = (0, 24, 49)
FILMS_SHOWN = 3

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sizes:
    """How much is filmed; tests make it tiny."""

    films: int = 16
    clips: int = 50
    clips_alone: int = 10


class FollowedFilms:
    """What is on disk of the films of one arm: figures clip by clip, and what going on needs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.arrays: dict[str, npt.NDArray[np.generic]] = {}
        if path.exists():
            with safe_open(path, "np") as file:
                self.arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)

    @property
    def done(self) -> int:
        """Clips that are filmed of every storyboard."""
        return self.arrays["psnr"].shape[1] if self.arrays else 0

    def add(self, figures: dict[str, Floats], frames: Pixels) -> None:
        """Keeps one more clip of all storyboards; each figure is ``[S, ...]``."""
        for name, values in figures.items():
            more = values[:, None]
            self.arrays[name] = np.concatenate([self.arrays[name], more], axis=1) if name in self.arrays else more
        self.arrays["tail"] = frames[:, -1:]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(self._path, save({name: np.ascontiguousarray(a) for name, a in self.arrays.items()}))

    def keep_shown(self, number: int, frames: Pixels) -> None:
        """Keeps the frames of a clip for the pictures."""
        if number in SHOWN_CLIPS:
            self.arrays[f"shown {number}"] = frames[:FILMS_SHOWN]


def film_arm(
    model: Path, skill: Skill, arm: str, sizes: Sizes, *, path: Path, lora: Path | None = None, halves: bool = False
) -> FollowedFilms:
    """Films what is missing of an arm into ``path``, with a LoRA at full strength where one is given.

    ``halves``: products of the transformer in bfloat16.
    """
    films, follows = FollowedFilms(path), (ARMS | TRAINED_ARMS)[arm]
    boards = follow_boards(skill, sizes.films, sizes.clips, staging=staging_of(read_card(model).width))
    count = sizes.clips if follows else min(sizes.clips, sizes.clips_alone)
    if films.done >= count:
        return films
    models = load_models(model, device=torch.device("cpu"))
    loras = [] if lora is None else [LoraInUse(lora, 1.0)]
    apply_loras(models, loras, poses=skill == "skeleton")
    if halves:
        in_halves(models.transformer)
    roll_out = FollowingRollOut(models, skill, boards, follows=follows, loras=loras)
    tail = films.arrays.get("tail")
    for clip in roll_out.clips(count, first=films.done, tail=None if tail is None else np.asarray(tail, np.uint8)):
        films.keep_shown(clip.number, clip.frames)
        films.add(measured(skill, boards, clip.number, clip.frames, follows=follows), clip.frames)
        print(f"{path.stem}: clip {clip.number + 1} of {count}", flush=True)
    return films


def measured(
    skill: Skill, boards: tuple[FollowBoard, ...], number: int, frames: Pixels, *, follows: bool = True
) -> dict[str, Floats]:
    """The figures of one clip of every storyboard: ``psnr``, ``ssim``, and ``mouth [S, N]`` or ``off [S, k]``."""
    likeness = [
        clip_figures(clip, render_still(board.stage, board.staging), None, board.truth(number))
        for board, clip in zip(boards, frames, strict=True)
    ]
    figures = {name: np.array([each[name] for each in likeness], np.float32) for name in ("psnr", "ssim")}
    if skill == "sound":
        mouths = [
            mouth_seen(clip, board.stage, staging=board.staging) for board, clip in zip(boards, frames, strict=True)
        ]
        return figures | {"mouth": np.array(mouths, np.float32)}
    return figures | {"off": _joints_off(boards, number, frames, follows=follows)}


def _joints_off(boards: tuple[FollowBoard, ...], number: int, frames: Pixels, *, follows: bool) -> Floats:
    """Units from where hands and feet are to where they should be ``[S, frames * 4]``; NaN where none can be seen."""
    off = np.full((len(boards), len(FITTED_TICKS), 4), np.nan, np.float32)
    if number in FITTED_CLIPS:
        for film, board in enumerate(boards):
            for place, tick in enumerate(FITTED_TICKS):
                frame = tick * board.staging.frames
                wanted = board.clip(number)[frame]
                near = (wanted.right, wanted.up) if follows else (0, 0)
                seen = pose_seen(frames[film, frame], board.stage, near, board.staging).ends(board.stage)
                truth = Seen(wanted.pose, wanted.right, wanted.up).ends(board.stage)
                distance = np.linalg.norm(seen - truth, axis=1)
                off[film, place] = np.where(in_sight(wanted.pose), distance, np.nan)
    return off.reshape(len(boards), -1)


def sync(mouth: Floats, wanted: npt.NDArray[np.float64], number: int, staging: Staging = PLAIN) -> tuple[float, int]:
    """Correlation of a clip's mouth ``[N]`` with the film's wanted ones, and the lag in frames at which it is best.

    Positive: the mouth comes late. NaN and 0 where the wanted mouth hardly moves in the clip.
    """
    count, farthest = staging.num_frames, LAGS * staging.frames
    first = number * (count - 1)
    if np.std(wanted[first : first + count]) < 0.2:
        return float("nan"), 0
    found = {}
    for lag in range(-farthest, farthest + 1):
        low, high = max(0, first - lag), min(len(wanted), first - lag + count)
        part = mouth[low - (first - lag) : high - (first - lag)]
        found[lag] = float(np.corrcoef(part, wanted[low:high])[0, 1]) if part.std() > 0 else 0.0
    best = max(found, key=lambda lag: found[lag])
    return found[0], best


def main() -> None:
    """Films what is left, and writes the results."""
    parser = argparse.ArgumentParser(prog="python -m trainer.proof.following", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("runs/following"), help="films (runs/following)")
    parser.add_argument("--model", type=Path, default=resource_path("models", "svi-mini"), help="the model folder")
    parser.add_argument("--target", type=Path, default=Path(__file__).parent / "results", help="the page of results")
    parser.add_argument("--skill", choices=tuple(FAMILIES), help="only this one")
    parser.add_argument("--results", action="store_true", help="only write the page of what there is")
    options = parser.parse_args()
    torch.set_num_threads(1)
    skills: tuple[Skill, ...] = (options.skill,) if options.skill else ("sound", "skeleton")
    if not options.results:
        for skill in skills:
            for arm in ARMS:
                own = find_family_loras(options.model, read_card(options.model)).files.get(FAMILIES[skill])
                path = film_path(options.folder, skill, arm)
                film_arm(options.model, skill, arm, Sizes(), path=path, lora=own)
    from trainer.proof.following_results import write_results  # noqa: PLC0415 (not needed to film)

    staging = staging_of(read_card(options.model).width)
    write_results(options.folder, options.target, Sizes(), staging)


def film_path(folder: Path, skill: Skill, arm: str) -> Path:
    """Where the figures of an arm's films lie."""
    return folder / f"{FAMILIES[skill]}-{arm}.safetensors"


if __name__ == "__main__":
    main()
