"""What the preview says: words in the place of a picture, badges on it, names of takes."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from svi_studio.document.preview.film_frames import Spot
from svi_studio.document.preview.live_clip import LiveClip
from svi_studio.document.preview.scene import Badge, Words
from svi_studio.document.states.clip_view import ClipView
from svi_studio.document.states.take_index import TakeIndex
from svi_studio.document.takes.continuity_words import movement_words
from svi_studio.document.takes.take_words import seed_words, when_words
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.clip_state import ClipState

translate = QCoreApplication.translate


def clip_name(index: int) -> str:
    """What people call the clip at ``index`` (from 0)."""
    return translate("Preview", "Clip {}").format(index + 1)


def goes_on_words() -> str:
    """What is said on the frame that a clip in the making goes on from."""
    return translate("Preview", "Goes on from this frame")


def words_without_take(storyboard: Storyboard, spot: Spot) -> Words:
    """What stands in the place of a clip that has no picture yet."""
    notes = {
        ClipState.EMPTY: translate("Preview", "Not rendered yet"),
        ClipState.STALE: translate("Preview", "Not rendered yet"),
        ClipState.QUEUED: translate("Preview", "Waiting to render"),
        ClipState.RENDERING: translate("Preview", "Rendering"),
        ClipState.DONE: translate("Preview", "Rendered; reading its video"),
        ClipState.FAILED: translate("Preview", "Could not be rendered"),
    }
    note, tone = notes[spot.view.state], f"clip-{spot.view.state.value}"
    if spot.view.message:
        note = f"{note}. {spot.view.message}" if spot.view.state == ClipState.FAILED else spot.view.message
        tone = tone if spot.view.state == ClipState.FAILED else "warn"
    prompt = storyboard.clips[spot.index].prompt.strip()
    if not prompt and note == spot.view.message != "":
        return Words(clip_name(spot.index), note)  # which is that there is no prompt, or worse
    without = translate("Preview", "No prompt yet: describe what happens here.")
    return Words(clip_name(spot.index), prompt or without, note, tone)


def words_for_problem(spot: Spot) -> Words:
    """What stands in the place of a take whose file cannot be shown."""
    text = translate("Preview", "This take cannot be shown.")
    note = translate("Preview", "Its video file is missing or damaged: delete the take and render the clip again.")
    return Words(clip_name(spot.index), text, note, "warn")


def words_while_made(live: LiveClip, storyboard: Storyboard, index: int) -> Words:
    """What stands in the place of a clip in the making that has no preview yet."""
    prompt = storyboard.clips[index].prompt.strip()
    return Words(clip_name(index), prompt, live.text, "clip-rendering")


def badges_of(view: ClipView) -> tuple[Badge, ...]:
    """What one should know of the take that a clip shows."""
    badges = []
    if view.is_draft:
        badges.append(Badge(translate("Preview", "Draft"), "info"))
    if view.take_hash is not None and not view.is_current:
        badges.append(Badge(translate("Preview", "An older take, from before a change"), "warn"))
    if view.take_hash is not None and view.state == ClipState.QUEUED:
        badges.append(Badge(translate("Preview", "Waiting to render"), "clip-queued"))
    if view.take_hash is not None and view.state == ClipState.FAILED:
        badges.append(Badge(translate("Preview", "The new take could not be rendered"), "danger"))
    return tuple(badges)


def compared_name(takes: TakeIndex, take_hash: str, others: Sequence[str]) -> str:
    """What stands under one of two takes that are compared: what it is called, and how much it moves.

    Where the two were widened differently, that comes first instead of its name.
    """
    take = takes.get(take_hash)
    if take is None:
        return take_name(takes, take_hash)
    amplitudes = {each.job.motion_amplitude for name in others if (each := takes.get(name)) is not None}
    name = take_name(takes, take_hash)
    if len(amplitudes) > 1:
        widened = translate("Preview", "Motion amplitude {value}")
        name = widened.format(value=f"{take.job.motion_amplitude:g}")
    return " · ".join(filter(None, (name, movement_words(take.continuity))))


def take_name(takes: TakeIndex, take_hash: str) -> str:
    """``Seed 42 · today, 12:31``: what the list of takes calls it."""
    take = takes.get(take_hash)
    if take is None:
        return translate("Preview", "Take")
    return " · ".join(part for part in (seed_words(take), when_words(take)) if part)
