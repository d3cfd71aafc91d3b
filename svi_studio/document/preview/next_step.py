"""When there is nothing to play yet: what the film lacks, and the one action that goes on from there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from svi_studio.document.preview.film_frames import Spot
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.domain.render.planner import unfollowed

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to say, and the action that the button does; an empty ``action_id`` = no button."""

    title: str
    text: str
    button: str = ""
    action_id: str = ""


def next_step(film: "OpenFilm") -> NextStep | None:
    """The next step of a film that has no take at all and is not being rendered; None for every other film."""
    if len(film.takes) or not film.takes.is_scanned:
        return None
    clips = film.document.storyboard.clips
    if not clips and _has_sound(film):
        return _clips_for_sound()
    if not clips:
        title, text = (
            translate("Preview", "This film has no clips yet"),
            translate("Preview", "A clip is one moment of the film: describe what happens in it."),
        )
        return NextStep(title, text, translate("Preview", "Add the first clip"), "clip.insert_after")
    known = film.states.facts is not None or film.states.problem is not None
    under_way = film.states.state(clips[0].id).state in {ClipState.QUEUED, ClipState.RENDERING}
    return (_other_model(film) or _first_clip(film)) if known and not under_way else None


def damaged_step(film: "OpenFilm", spot: Spot) -> NextStep | None:
    """How the clip in the picture gets a take again whose files were found damaged; None while that needs nothing."""
    waits = spot.view.state in {ClipState.EMPTY, ClipState.STALE, ClipState.FAILED}
    if not waits or not film.takes.has_lost(spot.clip_id):
        return None
    title = translate("Preview", "The take of clip {} is damaged").format(spot.index + 1)
    text = translate("Preview", "It cannot be used. Rendering makes it again with the same settings.")
    return NextStep(title, text, translate("Preview", "Render what is missing"), "render.stale")


def _first_clip(film: "OpenFilm") -> NextStep | None:
    """What the first clip needs to be rendered, or that it can be; None where that is known in a moment."""
    board, states = film.document.storyboard, film.states
    if board.chain_image(0) is None and board.start_video(0) is None:
        text = translate("Preview", "The film begins with a picture: choose it.")
        return NextStep(
            translate("Preview", "Choose a start picture"),
            text,
            translate("Preview", "Choose a picture…"),
            "clip.set_image",
        )
    if InputKind.SOUND in family_to_show(board.family).needs and not _has_sound(film):
        return _sound()
    if not board.clips[0].prompt.strip():
        text = translate("Preview", "Describe in a few words what moves, and how.")
        return NextStep(
            translate("Preview", "What happens in the first clip?"),
            text,
            translate("Preview", "Write the prompt"),
            "clip.edit_prompt",
        )
    lacking = _lacking_track(film)
    if lacking is not None:
        return lacking
    problem = states.problem or states.state(board.clips[0].id).message
    if problem and not states.is_reading:
        return NextStep(translate("Preview", "The film is not ready to render yet"), problem)
    return None if problem else _render(len(board.clips))


def _other_model(film: "OpenFilm") -> NextStep | None:
    """What to do about a model that cannot follow what the film's family is made from; None for one that can."""
    board, facts = film.document.storyboard, film.states.facts
    kinds = unfollowed(board, facts.facts) if facts is not None and not film.states.is_reading else ()
    if not kinds or facts is None:
        return None
    titles = {
        InputKind.SOUND: translate("Preview", "This model hears nothing"),
        InputKind.SKELETON: translate("Preview", "This model follows no skeleton"),
    }
    texts = {
        InputKind.SOUND: translate(
            "Preview", "{model} cannot make a film to a sound: choose a model for Talk, or another family."
        ),
        InputKind.SKELETON: translate(
            "Preview",
            "{model} cannot make a film to a dance: choose a model for Dance, or another family.",
        ),
    }
    text = texts[kinds[0]].format(model=facts.facts.card.name)
    return NextStep(titles[kinds[0]], text, translate("Preview", "Choose the model…"), "film.other_model")


def _lacking_track(film: "OpenFilm") -> NextStep | None:
    """What the film's family follows and nothing lies under the film yet; None when all of it is there."""
    if film.skeleton.is_needed and not film.skeleton.pieces:
        text = translate("Preview", "The body in the picture follows it: a video of somebody dancing, or a pose file.")
        title, button = translate("Preview", "Add a dance"), translate("Preview", "Add a skeleton…")
        return NextStep(title, text, button, "film.add_skeleton")
    return None


def _has_sound(film: "OpenFilm") -> bool:
    return bool(track_of(film.document.storyboard, InputKind.SOUND).pieces)


def _sound() -> NextStep:
    title = translate("Preview", "Add a sound")
    text = translate("Preview", "The face of this film speaks to a sound: drop one here, or choose it.")
    return NextStep(title, text, translate("Preview", "Add a sound…"), "sound.add")


def _clips_for_sound() -> NextStep:
    title = translate("Preview", "The sound is there")
    text = translate("Preview", "Now it needs clips: as many as it is long.")
    return NextStep(title, text, translate("Preview", "As many clips as the sound is long"), "sound.fill")


def _render(clips: int) -> NextStep:
    text = translate("Preview", "Render the film: it plays here clip by clip while the rest is still rendering.")
    button = (
        translate("Preview", "Render 1 clip") if clips == 1 else translate("Preview", "Render {} clips").format(clips)
    )
    return NextStep(translate("Preview", "Nothing to play yet"), text, button, "render.stale")
