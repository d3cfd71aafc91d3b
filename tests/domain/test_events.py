import json
from pathlib import Path

import pytest

from svi_studio.domain.render import events
from svi_studio.domain.render.memory_plan import MemoryPlan

EXAMPLES: list[events.RenderEvent] = [
    events.RenderStarted(total=3, to_render=2, reused=1),
    events.ClipStarted(index=1, total=3, take_hash="a"),
    events.SoundHeard(index=1, part=0.25),
    events.StepDone(index=1, step=2, steps=20, seconds_left=4.5),
    events.PreviewReady(index=1, step=2, jpeg=b"\xff\xd8"),
    events.ClipDone(index=1, take_hash="a", seconds=2.0),
    events.ClipReused(index=0, take_hash="b"),
    events.FilmProgress(done=1, total=3),
    events.FilmWritten(path=Path("film.mp4"), frames=10, seconds=0.5),
    events.Warned(message="The join may show.", index=1),
    events.MemoryPlanned(plan=MemoryPlan(resident_blocks=12), message="Memory ran out.", smaller=True, index=1),
    events.RenderFailed(message="No.\nReally.", index=None),
    events.RenderStopped(index=1, finished=1),
]


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.kind)
def test_an_event_is_one_line_of_json_with_its_kind(event: events.RenderEvent) -> None:
    line = event.to_json()
    assert "\n" not in line and json.loads(line)["kind"] == event.kind


def test_every_kind_is_different() -> None:
    assert len({event.kind for event in EXAMPLES}) == len(EXAMPLES)


def test_a_preview_travels_as_base64() -> None:
    assert json.loads(EXAMPLES[4].to_json())["jpeg"] == "/9g="


def test_a_plan_travels_as_an_object() -> None:
    said = json.loads(next(event for event in EXAMPLES if event.kind == "memory_planned").to_json())
    assert said["plan"]["resident_blocks"] == 12 and said["smaller"] is True
