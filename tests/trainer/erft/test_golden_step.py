"""One training step against the authors' own, tensor by tensor, to the entries of the banks after it."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from svi_studio.domain.training.recipe import ErrorRecycling
from tests.trainer.erft.paired_banks import PairedBanks, residual_errors
from trainer.erft.batch import Batch
from trainer.erft.injection import Inputs
from trainer.erft.schedule import TimestepGrids, TrainingSchedule
from trainer.erft.step import ErftStep, Injected, InjectedClip

CASES = (
    "A_shot_all_l2",
    "B_film_y_latent_append",
    "C_film_single_clean_update",
    "D_clean_no_update",
    "E_warmup_two_ranks",
    "F_fifo_grid_last_modulated",
    "G_empty_buffers",
)
REPLACEMENTS = {"l2_batch": "nearest", "fifo": "oldest"}
TOLERANCE = 1e-5


class Scripted(random.Random):
    """Gives the draws that the authors' program was given, in its order."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(0)
        before = 2 if params["motion"] == 1 else 3  # drawn for the condition, before the errors
        self._uniform, self._chosen, self._start = params["rnd"][before:], list(params["ch"]), params["fi"]

    def random(self) -> float:
        return self._uniform.pop(0) if hasattr(self, "_uniform") else 0.0

    def choice(self, seq: Sequence[Any]) -> Any:
        return seq[self._chosen.pop(0)]

    def uniform(self, a: float, b: float) -> float:
        return a + 0.75 * (b - a)

    def randint(self, a: int, b: int) -> int:
        assert a <= self._start <= b
        return self._start


class Trace:
    """One recorded step, and the same step taken by this program."""

    def __init__(self, folder: Path, case: str) -> None:
        self.params = json.loads((folder / f"erft_{case}.json").read_text("utf-8"))["params"]
        self.tensors = load_file(folder / f"erft_{case}.safetensors")
        self.banks = PairedBanks(self.params["num_grids"], self.params["K"], REPLACEMENTS[self.params["strategy"]])
        for name, tensor in sorted(self.tensors.items()):
            kind, _, rest = name.partition(".")
            if kind == "buf_before":
                which, grid, _slot = rest.split(".")
                getattr(self.banks, which).lists[int(grid)].append(tensor[0])
        self.step = ErftStep(self._errors(), self.banks, seed=0)
        self.clip = self._inject()

    def _errors(self) -> ErrorRecycling:
        p = self.params
        return ErrorRecycling(
            noise_probability=p["noise_p"],
            latent_probability=p["lat_p"],
            image_probability=p["y_p"],
            clean_probability=p["clean_p"],
            clean_update_probability=p["clean_upd"],
            grids=p["num_grids"],
            capacity=p["K"],
            replacement=REPLACEMENTS[p["strategy"]],
            warmup_steps=p["warm"],
            image_frames=p["y_num"],
            image_from_all_grids=p["from_all"],
            image_window="last" if p["use_last"] else "random",
            modulation=p["mod"],
        )

    def _inject(self) -> InjectedClip:
        t = self.tensors
        clean = Inputs(t["noise"][0], t["latents_clean"][0], t["y_clean"][0])
        return self.step.inject_clip(clean, self.params["tid"], Scripted(self.params))

    def take(self) -> Tensor:
        """The whole step with the recorded prediction: the loss, with the banks changed."""
        clip, level = self.clip, self.params["tid"]
        schedule = TrainingSchedule.create()
        injected = Injected(
            clip.noisy[None],
            clip.y[None],
            clip.target[None],
            schedule.sigmas[level : level + 1],
            schedule.weights[level : level + 1],
            (clip.grid,),
            (clip.gates,),
        )
        t = self.tensors
        batch = Batch(t["latents_clean"], t["y_clean"], torch.zeros(1, 1, 1), None, ("clip",), (0,))
        self.step.inject = lambda _batch: injected  # type: ignore[method-assign]  # the draws are the recorded ones
        loss = self.step.loss(lambda *_: t["noise_pred"], batch, step=self.params["iters"])
        if self.params["ranks"] == 2:  # what the other process sent, which the recording says
            grid = TimestepGrids().nearest(float(schedule.timesteps[700]))
            self.banks.insert_errors(-0.5 * t["noise_error"][0], -0.5 * t["latent_error"][0], grid)
        return loss

    def after(self) -> dict[str, Tensor]:
        """The banks by the names of the recording."""
        return {
            f"buf_after.{which}.{grid}.{slot}": error
            for which in ("noise", "latent")
            for grid, errors in enumerate(getattr(self.banks, which).lists)
            for slot, error in enumerate(errors)
        }


@pytest.fixture(params=CASES)
def trace(request: pytest.FixtureRequest, golden_dir: Path) -> Trace:
    return Trace(golden_dir, request.param)


def close(ours: Tensor, theirs: Tensor) -> bool:
    return bool(torch.allclose(ours, theirs, rtol=0, atol=TOLERANCE))


def test_noise_gets_the_same_error(trace: Trace) -> None:
    assert close(trace.clip.inputs.noise, trace.tensors["noise_w_error"][0])


def test_video_latents_get_the_same_error(trace: Trace) -> None:
    assert close(trace.clip.inputs.latents, trace.tensors["latents_w_error"][0])


def test_image_latents_get_the_same_error(trace: Trace) -> None:
    assert close(trace.clip.y, trace.tensors["y_in"][0])


def test_noisy_latents_are_the_same(trace: Trace) -> None:
    assert close(trace.clip.noisy, trace.tensors["noisy_latents"][0])


def test_target_is_the_same(trace: Trace) -> None:
    assert close(trace.clip.target, trace.tensors["target"][0])


def test_loss_is_the_same(trace: Trace) -> None:
    assert close(trace.take(), trace.tensors["loss"][0])


def test_errors_of_both_directions_are_the_same(trace: Trace) -> None:
    residual = trace.tensors["noise_pred"] - trace.clip.target
    video, noise = residual_errors(residual, trace.tensors["sigma"].item())
    assert close(video, trace.tensors["latent_error"])
    assert close(noise, trace.tensors["noise_error"])


def test_banks_hold_the_same_entries_in_the_same_places(trace: Trace) -> None:
    trace.take()
    ours = trace.after()
    theirs = {name: tensor[0] for name, tensor in trace.tensors.items() if name.startswith("buf_after")}
    assert ours.keys() == theirs.keys()
    assert all(close(ours[name], theirs[name]) for name in theirs)
