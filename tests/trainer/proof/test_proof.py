"""The proof itself, at a size that takes seconds: its parts are the real ones."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from svi_studio.domain.training.card import CARD_METADATA
from svi_studio.domain.training.drift import read_drift
from svi_studio.resource_files import resource_path
from svi_studio.weights.family_loras import find_family_loras
from svi_studio.weights.model_folder import CARD_FILE, read_card
from trainer.evaluation.figures import NAMES
from trainer.paper_theatre.looks import LOOKS
from trainer.proof import results
from trainer.proof.arms import LOOK, Arm, Sizes, ablation_arms, look_arms, main_arms, strength_arms
from trainer.proof.films import Benchmark, Filmed, film_truth
from trainer.proof.ship import helps, ship
from trainer.proof.tables import figures_table, pairs_table, trends_table
from trainer.proof.tasks import Proof, Task, work

TINY = Sizes(
    steps=2,
    shot_steps=2,
    look_steps=2,
    ablation_steps=1,
    batch=2,
    clips=1,
    ablation_clips=1,
    boards=2,
    training_clips=3,
)


class SmallProof(Proof):
    """Only the three main arms of Film in one benchmark."""

    def benchmarks(self) -> list[tuple[Arm, Benchmark]]:  # type: ignore[override]
        return [(arm, Benchmark("consistent", 2, 1)) for arm in main_arms("film", self.sizes)]


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    made = SmallProof(tmp_path_factory.mktemp("proof"), resource_path("models", "svi-mini"), TINY)
    work(list(made.tasks()))
    return made


def test_every_task_gets_done(proof: Proof) -> None:
    assert all(task.is_done() for task in proof.tasks())


def test_the_trained_lora_carries_its_card(proof: Proof) -> None:
    with safe_open(proof.lora_path(main_arms("film", TINY)[2]), "pt") as file:
        assert '"error_recycling":true' in file.metadata()[CARD_METADATA]


def test_the_results_hold_every_arm_and_the_truth(proof: Proof, tmp_path: Path) -> None:
    results.write_results(proof, tmp_path)
    report = read_drift((tmp_path / "film-consistent.json").read_bytes())
    assert [arm.name for arm in report.arms] == ["truth", "base", "control", "erft"]


@pytest.fixture
def shipped(proof: Proof, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("trainer.proof.ship.helps", lambda films, _base: films is not None)
    model = tmp_path / "model"
    shutil.copytree(resource_path("models", "svi-mini"), model)
    shutil.rmtree(model / "loras")
    card = json.loads((model / CARD_FILE).read_text("utf-8"))
    (model / CARD_FILE).write_text(json.dumps(card | {"family_loras": {}}), "utf-8")
    begun = proof.lora_path(main_arms("shot", TINY)[2])
    begun.parent.mkdir(parents=True, exist_ok=True)
    begun.touch()
    ship(proof, model)
    return model


def test_a_shipped_lora_is_found_by_its_family(shipped: Path) -> None:
    assert "film" in find_family_loras(shipped, read_card(shipped)).files


def test_a_lora_without_finished_films_is_not_shipped(shipped: Path) -> None:
    assert "shot" not in find_family_loras(shipped, read_card(shipped)).files


@pytest.mark.parametrize(
    ("films", "answer"), [([[30, 22], [20, 12]], True), ([[30, 24], [20, 10]], False), ([[30, 19], [20, 9]], False)]
)
def test_a_lora_helps_when_the_films_surely_end_better(films: list[list[float]], answer: bool) -> None:
    assert helps(filmed(*films), filmed([30, 20], [20, 10])) is answer


def test_a_shipped_lora_is_the_trained_one_in_half_precision_with_its_card(proof: Proof, shipped: Path) -> None:
    trained, copy = proof.lora_path(main_arms("film", TINY)[2]), shipped / "loras" / "svi-film.safetensors"
    with safe_open(trained, "pt") as first, safe_open(copy, "pt") as second:
        assert second.metadata() == first.metadata()
        assert all(torch.equal(second.get_tensor(n), first.get_tensor(n).half()) for n in first.keys())  # noqa: SIM118


def filmed(*likeness: list[float]) -> Filmed:
    """Films with these likenesses to the truth, clip by clip; one list a film."""
    made = Filmed(Path("nowhere"))
    made.figures = np.full((len(likeness), len(likeness[0]), len(NAMES)), 1, dtype=np.float32)
    made.figures[:, :, NAMES.index("psnr")] = likeness
    made.figures[:, :, NAMES.index("ssim")] = made.figures[:, :, NAMES.index("psnr")] / 40
    return made


def test_a_table_tells_the_first_and_the_last_clip() -> None:
    rows = figures_table({"erft": filmed([30, 24], [20, 18])}).splitlines()[2:]
    assert [row.split(" | ")[:7] for row in rows] == [
        ["| erft", "1", "25.00 ± 63.53", "100.0%", "20.0", "0.625 ± 1.588", "100.0%"],
        ["| erft", "2", "21.00 ± 38.12", "85.0%", "18.0", "0.525 ± 0.953", "85.0%"],
    ]


def test_arms_are_compared_film_by_film() -> None:
    films = {"base": filmed([30, 20], [20, 10]), "erft": filmed([30, 22], [20, 9])}
    assert pairs_table(films, "base").splitlines()[2:] == ["| erft | 2 | +0.50 ± 19.06 | 1 of 2 |"]


def test_the_trend_is_that_of_settled_films() -> None:
    films = {"erft": filmed([30.0] * 19 + [20, 19, 18, 17], [30.0] * 19 + [20, 20, 20, 20])}
    assert trends_table(films).splitlines()[2:] == ["| erft | -5.00 ± 63.53 |"]


def test_short_films_have_no_trend() -> None:
    assert trends_table({"erft": filmed([30, 20])}) == ""


def test_the_first_clips_of_long_films_are_those_of_short_ones(tmp_path: Path) -> None:
    long = film_truth(Benchmark("consistent", 2, 6), tmp_path / "long.safetensors")
    short = film_truth(Benchmark("consistent", 2, 4), tmp_path / "short.safetensors")
    long.cut(4)
    assert np.array_equal(long.figures, short.figures, equal_nan=True) and np.array_equal(long.shown, short.shown)


def test_a_film_in_another_look_is_measured_against_that_look(tmp_path: Path) -> None:
    looks = ("", "sepia")
    plain, sepia = (film_truth(Benchmark("consistent", 2, 1, look), tmp_path / f"film{look}") for look in looks)
    assert plain.shown is not None and sepia.shown is not None
    assert np.array_equal(LOOKS["sepia"](plain.shown), sepia.shown)


def test_only_the_look_sets_the_arms_of_another_look_apart() -> None:
    for plain, other in zip(main_arms("film", TINY)[1:], look_arms(TINY)[1:3], strict=True):
        assert plain.recipe and other.recipe and other.look == LOOK
        assert other.recipe.model_copy(update={"name": plain.recipe.name}) == plain.recipe


def test_the_truth_does_not_drift(tmp_path: Path) -> None:
    filmed = film_truth(Benchmark("creative", 2, 3), tmp_path / "truth.safetensors")
    assert filmed.figures is not None
    psnr = filmed.figures[:, :, NAMES.index("psnr")]
    assert np.all(psnr == 99)


def test_films_go_on_where_they_were_stopped(tmp_path: Path) -> None:
    path = tmp_path / "truth.safetensors"
    film_truth(Benchmark("consistent", 2, 2), path)
    film_truth(Benchmark("consistent", 2, 4), path)
    whole = film_truth(Benchmark("consistent", 2, 4), tmp_path / "at once.safetensors")
    assert np.array_equal(Filmed(path).figures, whole.figures, equal_nan=True)


def task(path: Path, needs: tuple[Path, ...], run: Callable[[], None]) -> Task:
    return Task(path.stem, path, needs, path.exists, run)


def test_a_film_waits_for_its_training(tmp_path: Path) -> None:
    order: list[str] = []

    def makes(path: Path) -> Callable[[], None]:
        def run() -> None:
            order.append(path.stem)
            path.touch()

        return run

    training, film = tmp_path / "training", tmp_path / "film"
    work([task(film, (training,), makes(film)), task(training, (), makes(training))])
    assert order == ["training", "film"]


def test_arms_differ_from_erft_in_their_errors_alone() -> None:
    reference, *others = [arm.recipe for arm in ablation_arms(TINY)]
    assert reference is not None
    for recipe in others:
        assert recipe is not None
        assert replace_errors(recipe) == replace_errors(reference)


def replace_errors(recipe: object) -> object:
    return recipe.model_copy(update={"errors": None, "name": ""})  # type: ignore[attr-defined]


def test_strengths_share_one_training() -> None:
    assert len({arm.lora for arm in strength_arms(TINY)}) == 1
