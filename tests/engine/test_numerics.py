"""The same take on any number of cores; and a word when a film goes on where numbers are rounded in another way."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch

from svi_studio.engine.chain import film
from tests.builders.small_film import Renders, plan_of, small_storyboard

HOUSE = Path(__file__).parents[2]
PIXELS = """
import hashlib, sys
from pathlib import Path
from svi_studio.engine.numerics import arithmetic_of
from svi_studio.domain.film.family import family
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.loading.model_folder import load_models
import numpy, torch
models = load_models(Path("resources/models/svi-mini"), device="cpu")
ramp = numpy.add.outer(numpy.arange(48) * 3, numpy.arange(80) * 2).astype(numpy.uint8)
picture = numpy.repeat(ramp[None, :, :, None], 3, axis=3)
for threads in (1, 3):
    torch.set_num_threads(threads)
    renderer = ClipRenderer(models, family("film"))
    latents = renderer.latents(ClipRequest("The red puppet dances.", "", 0, 5, 2, 2.0, 5.0, picture, None))
    pixels = renderer.frames(latents).tobytes()
    print(hashlib.sha256(latents.numpy().tobytes()).hexdigest(), hashlib.sha256(pixels).hexdigest())
"""


@pytest.mark.skipif(not torch.backends.mkl.is_available(), reason="only MKL can be told to add up in one order")
def test_the_number_of_threads_changes_no_pixel() -> None:
    alone = {name: value for name, value in os.environ.items() if name not in {"OMP_NUM_THREADS", "MKL_CBWR"}}
    command = [sys.executable, "-c", PIXELS]
    lines = subprocess.run(
        command, cwd=HOUSE, env=alone, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(lines) == 2
    assert set(lines) == {lines[0]}


def render_on(renders: Renders, record: Mapping[str, str], clips: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Render the first ``clips`` of a film where numbers are rounded as ``record`` says; returns what it remarks."""
    monkeypatch.setattr(film, "arithmetic_of", lambda device, dtype: record)
    renders(plan_of(small_storyboard(["a red ball", "it jumps", "it rests"][:clips]), renders.folder))
    return [f"{note.index}: {note.message}" for note in renders.heard("warning")]


HERE = {"device": "processor (AVX512)", "arithmetic": "aa"}
ELSEWHERE = {"device": "processor (AVX2)", "arithmetic": "bb"}


def test_a_take_says_how_its_numbers_were_rounded(renders: Renders) -> None:
    (take,) = renders(plan_of(small_storyboard(["a red ball"]), renders.folder))
    assert take.library_versions["device"].startswith("processor (")
    assert len(take.library_versions["arithmetic"]) == 16


def test_a_film_that_goes_on_at_home_is_not_spoken_about(renders: Renders, monkeypatch: pytest.MonkeyPatch) -> None:
    assert render_on(renders, HERE, 1, monkeypatch) == []
    assert render_on(renders, HERE, 3, monkeypatch) == []


def test_a_film_that_goes_on_elsewhere_says_so_once(renders: Renders, monkeypatch: pytest.MonkeyPatch) -> None:
    render_on(renders, HERE, 1, monkeypatch)
    (said,) = render_on(renders, ELSEWHERE, 3, monkeypatch)
    assert said.startswith("1: Clip 1 was computed by the processor (AVX512), clip 2 by the processor (AVX2)")


def test_a_clip_alone_is_compared_with_the_one_it_continues(renders: Renders, monkeypatch: pytest.MonkeyPatch) -> None:
    render_on(renders, HERE, 1, monkeypatch)
    monkeypatch.setattr(film, "arithmetic_of", lambda device, dtype: ELSEWHERE)
    plan = plan_of(small_storyboard(["a red ball", "it jumps"]), renders.folder)
    renders(plan.model_copy(update={"jobs": plan.jobs[1:]}))
    assert [note.index for note in renders.heard("warning")] == [1]


def test_takes_of_version_one_are_not_spoken_about(renders: Renders, monkeypatch: pytest.MonkeyPatch) -> None:
    render_on(renders, {}, 1, monkeypatch)
    assert render_on(renders, HERE, 3, monkeypatch) == []
