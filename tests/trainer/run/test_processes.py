"""Two processes train what one would, and say the same when something is wrong."""

import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import Tensor, distributed

from svi_studio.domain.errors import BadInput, NotFinite, Stopped
from svi_studio.domain.training.recipe import EvaluationRecipe
from tests.forked import exit_code, fork, needs_fork
from tests.trainer.run.tiny_training import ERRORS, SeededBatches, Training, content
from trainer.erft.error_bank import SharedBank
from trainer.run.loop import Hooks
from trainer.run.state.checkpoint import Checkpoint
from trainer.run.state.processes import Processes

pytestmark = [needs_fork, pytest.mark.skipif(not distributed.is_available(), reason="torch was built without it")]
EVERYWHERE = ERRORS.model_copy(update={"warmup_steps": 100, "capacity": 3})


def in_two_processes(work: Callable[[Processes], None]) -> list[int]:
    """Exit codes of ``work`` in two forked processes that have met."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def take_part(rank: int) -> None:
        os.environ |= {"RANK": str(rank), "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
        work(Processes.join(torch.device("cpu")))
        Processes.leave()

    children = [fork(partial(take_part, rank)) for rank in range(2)]
    return [exit_code(child) for child in children]


def training_of(folder: Path, processes: Processes, **changes: object) -> Training:
    batches = SeededBatches(1, processes.rank, processes.count, poison=changes.pop("poison", None))  # type: ignore[arg-type]
    memory = SharedBank(ERRORS.grids, 3)
    return Training(folder, batches=batches, memory=memory, processes=processes, **changes)


def final(folder: Path, part: str) -> dict[str, Tensor]:
    return Checkpoint(folder / "checkpoints" / "00000006", 6).tensors(part)


@pytest.mark.parametrize("errors", [EVERYWHERE, EVERYWHERE.model_copy(update={"enabled": False})])
def test_two_processes_train_the_lora_that_one_trains_with_the_same_clips_a_step(
    tmp_path: Path, errors: object
) -> None:
    training_of(tmp_path / "one", Processes(), accumulation=2, errors=errors).run()
    work = lambda processes: training_of(tmp_path / "two", processes, errors=errors).run() and None  # noqa: E731
    assert in_two_processes(work) == [0, 0]
    for part in ("lora.safetensors", "optimizer.safetensors"):
        one, two = final(tmp_path / "one", part), final(tmp_path / "two", part)
        assert all(one[name].equal(two[name]) for name in one)


def test_one_process_with_large_batches_trains_nearly_the_same(tmp_path: Path) -> None:
    training_of(tmp_path / "one", Processes(), accumulation=2, errors=EVERYWHERE).run()
    Training(tmp_path / "large", memory=SharedBank(ERRORS.grids, 3), batch_size=2, errors=EVERYWHERE).run()
    one, large = final(tmp_path / "one", "lora.safetensors"), final(tmp_path / "large", "lora.safetensors")
    assert all(torch.allclose(one[name], large[name], atol=1e-4) for name in one)


@pytest.mark.parametrize("count", ["abc", "0", "2"])
def test_an_environment_that_names_no_processes_is_told_in_a_sentence(
    count: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("RANK", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WORLD_SIZE", count)
    with pytest.raises(BadInput, match="start it with torchrun, or remove the variable WORLD_SIZE"):
        Processes.join(torch.device("cpu"))


def test_a_loss_that_is_no_number_ends_all_processes_with_the_same_sentence(tmp_path: Path) -> None:
    def work(processes: Processes) -> None:
        with pytest.raises(NotFinite, match="step 3 is not a number, at the clip clip-5;"):
            training_of(tmp_path, processes, poison=5).run()

    assert in_two_processes(work) == [0, 0]


def test_two_processes_go_on_each_with_its_own_bank(tmp_path: Path) -> None:
    local = ERRORS.model_copy(update={"warmup_steps": 2, "capacity": 3})

    def whole(processes: Processes) -> None:
        training_of(tmp_path / "whole", processes, errors=local).run()

    def parts(processes: Processes) -> None:
        training_of(tmp_path / "parts", processes, errors=local, steps=3).run()
        training_of(tmp_path / "parts", processes, errors=local).run()

    assert in_two_processes(whole) == [0, 0]
    assert in_two_processes(parts) == [0, 0]
    ends = [content(tmp_path / name / "checkpoints" / "00000006") for name in ("whole", "parts")]
    assert ends[0] == ends[1]
    assert ends[0]["process-0/bank/bank.json"] != ends[0]["process-1/bank/bank.json"]


def test_errors_of_the_warm_up_land_in_the_banks_of_both_processes(tmp_path: Path) -> None:
    def work(processes: Processes) -> None:
        training_of(tmp_path, processes, errors=EVERYWHERE).run()

    assert in_two_processes(work) == [0, 0]
    end = content(tmp_path / "checkpoints" / "00000006")
    first, second = ({n: v for n, v in end.items() if n.startswith(f"process-{rank}/bank")} for rank in range(2))
    assert list(first.values()) == list(second.values())
    training_of(tmp_path / "one", Processes(), accumulation=2, errors=EVERYWHERE).run()
    alone = content(tmp_path / "one" / "checkpoints" / "00000006")
    assert {n: v for n, v in alone.items() if n.startswith("process-0/bank")} == first


def test_a_stop_during_a_test_film_ends_all_processes(tmp_path: Path) -> None:
    def stopped(_step: int) -> Path:
        raise Stopped("stopped")

    def work(processes: Processes) -> None:
        hooks = Hooks(evaluate=stopped if processes.is_main else None)
        with pytest.raises(Stopped):
            training_of(tmp_path, processes, hooks=hooks, evaluation=EvaluationRecipe(every=2)).run()

    assert in_two_processes(work) == [0, 0]


def test_only_the_first_process_makes_test_films_and_the_other_waits(tmp_path: Path) -> None:
    def work(processes: Processes) -> None:
        def film(step: int) -> Path:
            (tmp_path / f"film-{step}-by-{processes.rank}").touch()
            return tmp_path

        hooks = Hooks(evaluate=film if processes.is_main else None)
        training_of(tmp_path, processes, hooks=hooks, evaluation=EvaluationRecipe(every=2)).run()

    assert in_two_processes(work) == [0, 0]
    assert sorted(p.name for p in tmp_path.glob("film-*")) == ["film-2-by-0", "film-4-by-0", "film-6-by-0"]
