"""What editing clip 7 of a film of 10 costs."""

from tests.benchmarks.figure import Figure
from tests.benchmarks.films import free_renders
from tests.builders.small_film import plan_of, small_storyboard


def measure() -> Figure:
    """Clips rendered again after the edit; 4 is clips 7 to 10."""
    prompts = [f"the ball rolls, part {k}" for k in range(1, 11)]
    with free_renders() as renders:
        renders(plan_of(small_storyboard(prompts), renders.folder))
        prompts[6] = "the ball stops"
        renders(plan_of(small_storyboard(prompts), renders.folder))
        rendered = [event.index + 1 for event in renders.heard("clip_done")]
        reused = [event.index + 1 for event in renders.heard("clip_reused")]
    assert rendered == [7, 8, 9, 10]
    assert reused == [1, 2, 3, 4, 5, 6]
    return Figure("clips rendered after editing clip 7 of 10", len(rendered), 4, "clips", {"rendered": rendered})
