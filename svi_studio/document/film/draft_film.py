"""The film as its draft, made a portion at a time: a long film must not hold up the window."""

from collections.abc import Iterator
from dataclasses import replace

from svi_studio.domain.film.quality import at_quality
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.planner import FilmFacts
from svi_studio.domain.value import with_fields

_PORTION = 100


def draft_portions(storyboard: Storyboard, facts: FilmFacts) -> Iterator[tuple[Clip, ...]]:
    """The clips of the draft, in portions. Raises BadInput on an unknown family."""
    for start in range(0, len(storyboard.clips), _PORTION):
        part = with_fields(storyboard, {"clips": storyboard.clips[start : start + _PORTION]})
        yield at_quality(part, facts.card, facts.size, "draft").clips


def draft_of(storyboard: Storyboard, facts: FilmFacts, clips: tuple[Clip, ...]) -> tuple[Storyboard, FilmFacts]:
    """The draft with its clips, and its own size among the facts."""
    empty = with_fields(storyboard, {"clips": ()})
    draft = with_fields(at_quality(empty, facts.card, facts.size, "draft"), {"clips": clips})
    return draft, replace(facts, size=draft.size or facts.size)
