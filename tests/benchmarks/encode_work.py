"""What encoding costs a film of 100 clips against one of 10: pictures, conditions and prompts."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from svi_studio.engine import clip_renderer, condition
from svi_studio.engine.prompt import PromptEncoder
from tests.benchmarks.figure import Figure
from tests.benchmarks.films import free_renders
from tests.engine.small_film import plan_of, small_storyboard


class Stopwatch:
    """Adds up the processor seconds of every call of the functions that it wraps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.calls = 0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.process_time() - start
                self.calls += 1

        return timed


def measure() -> Figure:
    """Processor seconds in the VAE's encoder, CLIP and the text encoder, of films with a prompt of its own a clip."""
    _encode(2)  # the first calls of a process are slower
    ten, hundred = _encode(10), _encode(100)
    details = {
        "seconds_10": round(ten.seconds, 3),
        "seconds_100": round(hundred.seconds, 3),
        "encoder_calls_10": ten.calls,
        "encoder_calls_100": hundred.calls,
    }
    return Figure("encode work of 100 clips / 10 clips", hundred.seconds / ten.seconds, 11.0, "x", details)


def _encode(clips: int) -> Stopwatch:
    watch = Stopwatch()
    with ExitStack() as stack:
        for place, name in [
            (condition, "encode_video"),
            (clip_renderer, "picture_tokens"),
            (PromptEncoder, "_encode"),
        ]:
            stack.enter_context(patch.object(place, name, watch.around(getattr(place, name))))
        renders = stack.enter_context(free_renders())
        renders(plan_of(small_storyboard(f"the ball rolls, part {k}" for k in range(clips)), renders.folder))
    return watch
