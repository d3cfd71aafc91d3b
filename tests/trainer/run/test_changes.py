"""A training goes on with other steps, another rate and other test films; what it learns cannot be changed."""

from pathlib import Path
from typing import Any

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.change import RunChange, changed
from svi_studio.domain.training.events import CheckpointSaved, StepTrained, TrainingChanged
from svi_studio.domain.training.log import from_log_line
from svi_studio.domain.training.recipe import EvaluationRecipe, LoraRecipe, OptimizerRecipe
from svi_studio.domain.value import with_fields
from tests.trainer.run.tiny_training import Training, content, recipe
from trainer.run.parts import parts_of
from trainer.run.state.run_folder import RunFolder
from trainer.run.state.run_log import RunLog

CONSTANT = OptimizerRecipe(learning_rate=0.01, warmup_steps=0)
FALLING = OptimizerRecipe(learning_rate=0.01, schedule="cosine")


def _newest(training: Training) -> Path:
    return max(path for path in training.folder.checkpoints.iterdir() if path.name.isdigit())


def _rates(training: Training) -> list[tuple[int, float]]:
    return [(event.step, event.learning_rate) for event in training.of_kind(StepTrained)]


def test_a_finished_training_goes_on_to_where_a_longer_one_would_be(tmp_path: Path) -> None:
    whole = Training(tmp_path / "whole", steps=10, optimizer=CONSTANT).run()
    Training(tmp_path / "parts", steps=6, optimizer=CONSTANT).run()
    longer = Training(tmp_path / "parts", steps=10, optimizer=CONSTANT).run()
    assert [event.step for event in longer.of_kind(StepTrained)] == [7, 8, 9, 10]
    assert content(_newest(longer)) == content(_newest(whole))


def test_a_falling_rate_becomes_that_of_the_new_number_of_steps(tmp_path: Path) -> None:
    wanted = _rates(Training(tmp_path / "whole", steps=10, optimizer=FALLING).run())
    Training(tmp_path / "parts", steps=6, optimizer=FALLING).run()
    assert _rates(Training(tmp_path / "parts", steps=10, optimizer=FALLING).run()) == wanted[6:]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (RunChange(steps=5), "has done 6 steps already: choose 6 or more"),
        (RunChange(test_films_every=3), "every 2 steps: choose a multiple of that, or 0 for none"),
    ],
)
def test_what_cannot_be_is_one_sentence(change: RunChange, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        changed(recipe(), change, done=6)


def test_only_what_is_named_changes() -> None:
    before = recipe()
    after = changed(before, RunChange(steps=8, learning_rate=0.5, test_films_every=4, footage="/moved"), done=6)
    assert (after.steps, after.optimizer.learning_rate, after.evaluation.every, after.footage) == (8, 0.5, 4, "/moved")
    same = {name: getattr(before, name) for name in ("steps", "optimizer", "evaluation", "footage")}
    assert with_fields(after, same) == before
    assert changed(before, RunChange(), done=6) == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lora": LoraRecipe(rank=8)}, "lora.rank was 128 and is 8"),
        ({"family": "film"}, "family was shot and is film"),
        ({"model": "another"}, "model was svi-mini and is another"),
        ({"num_frames": 13}, "num_frames was 9 and is 13"),
        ({"batch_size": 2}, r"batch_size \* accumulation was 1 and is 2"),
    ],
)
def test_what_it_learns_stays(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    Training(tmp_path).run()
    with pytest.raises(BadInput, match=sentence) as caught:
        RunFolder(tmp_path).begin(recipe(**change))
    assert "start a new training" in str(caught.value)


def test_what_may_differ_is_told_once_and_only_of_a_training_that_has_begun(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.begin(recipe())
    assert folder.change_to(recipe(steps=9)) is None, "nothing was learned yet"
    Training(tmp_path).run()
    wanted = recipe(steps=9, evaluation=EvaluationRecipe(every=4), keep_checkpoints=1)
    assert folder.change_to(wanted) == TrainingChanged(6, (("steps", "6", "9"), ("evaluation.every", "0", "4")))
    folder.begin(wanted)
    assert folder.change_to(wanted) is None


def test_the_log_keeps_a_change_though_later_steps_are_done_again(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "log.jsonl", RunFolder(tmp_path).disk)
    told = TrainingChanged(6, (("steps", "6", "9"),))
    for event in (StepTrained(6, 6, 0.5, 0.1, 1.0, 1.0), told, StepTrained(7, 9, 0.5, 0.1, 1.0, 1.0)):
        log.write(event)
    log.cut_after(4)
    assert [logged.event for line in log._path.read_bytes().splitlines() if (logged := from_log_line(line))] == [told]


def test_more_steps_for_two_experts_leave_the_second_ones_curve_whole(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    changes = {"family": "pro", "model": "pair", "num_frames": 21, "experts": {}}
    first = type(recipe()).model_validate(recipe().model_dump() | changes)
    _pretend(first, run, steps=4)
    longer = with_fields(first, {"steps": 8})
    _pretend(longer, run, steps=8, begun=4)
    events = [each.event for each in RunLog(run.log, run.disk).logged()]
    assert [event.step for event in events if isinstance(event, StepTrained)] == list(range(1, 17))
    assert [event.step for event in events if isinstance(event, CheckpointSaved)] == [4, 8, 12, 16]


def _pretend(wanted: Any, run: RunFolder, *, steps: int, begun: int = 0) -> None:
    """Both experts, one after the other, tell of their steps as the loop does."""
    from svi_studio.domain.training.events import TrainingStarted

    for part in parts_of(wanted, run, lambda _event: None):
        part.run.folder.mkdir(parents=True, exist_ok=True)
        own = RunLog(part.run.log, run.disk)
        own.cut_after(begun)
        events = [TrainingStarted(part.run.folder, begun, steps)]
        events += [StepTrained(step, steps, 0.5, 0.1, 1.0, 1.0) for step in range(begun + 1, steps + 1)]  # type: ignore[misc]
        events += [CheckpointSaved(steps, part.run.folder)]  # type: ignore[list-item]
        for event in events:
            own.write(event)
            part.tell(event)
