"""What the export dialog says about a request: what will come out, and what stands in the way."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words
from svi_studio.document.export.estimate import export_bytes
from svi_studio.document.export.export_request import Chosen, ExportRequest, takes_of
from svi_studio.document.export.target import replaces_something, target_problem
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.clip_state import ClipState

_UNDER_WAY = {ClipState.QUEUED, ClipState.RENDERING}


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportDialog", text)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``sentence`` says what is wrong or worth knowing; ``missing`` clips could be rendered now."""

    is_possible: bool
    sentence: str = ""
    missing: tuple[int, ...] = ()


def verdict(film: OpenFilm, request: ExportRequest | None, chosen: Chosen | None) -> Verdict:
    """Whether ``request`` can be done."""
    if film.states.problem is not None:
        return Verdict(False, film.states.problem)
    if film.states.facts is None or not film.takes.is_scanned:
        return Verdict(False, _tr("The film is still being read. One moment."))
    if chosen is None:
        return Verdict(False, _tr("There are no clips to export yet."))
    if chosen.missing:
        return _refused(film, chosen)
    return Verdict(False, _tr("Give the file a name.")) if request is None else _judge_target(request)


def _judge_target(request: ExportRequest) -> Verdict:
    problem = target_problem(request.target, request.kind)
    if problem:
        return Verdict(False, problem)
    if replaces_something(request.target):
        return Verdict(True, _tr("A file of this name exists: it is replaced when this export is done."))
    return Verdict(True)


def summary(film: OpenFilm, request: ExportRequest, chosen: Chosen) -> str:
    """``14.8 s, 178 frames of 960 × 576 pixels, about 4 MB.``"""
    facts = film.states.facts
    if facts is None:
        return ""
    time = chosen.part.time
    takes = takes_of(film, chosen)
    known = export_bytes(
        request.kind,
        takes,
        request.enlarge,
        viewing_enlarge=facts.facts.card.enlarge,
        sound_seconds=time.seconds if request.kind.has_sound and _has_sound(film, request) else 0.0,
    )
    size = (
        None if known is None else known * chosen.clips / len(takes)
    )  # those that are missing will be like the others
    about = "" if size is None else _tr(", about {size}").format(size=words.size(size))
    if request.kind.is_sheet:
        return _tr("One picture of {clips}{about}.").format(clips=words.clips(chosen.clips), about=about)
    width, height = (side * request.enlarge for side in facts.facts.size)
    text = _tr("{length}, {frames} frames of {width} × {height} pixels at {fps} a second{about}.")
    return text.format(
        length=words.film_length(time.seconds),
        frames=time.frames,
        width=width,
        height=height,
        fps=f"{time.fps:g}",
        about=about,
    )


def _has_sound(film: OpenFilm, request: ExportRequest) -> bool:
    return request.sound is not None or track_of(film.document.storyboard, InputKind.SOUND).is_heard


def _refused(film: OpenFilm, chosen: Chosen) -> Verdict:
    """Names the clips without a final take: which, why, and whether their render is on its way."""
    clips = film.document.storyboard.clips
    named = words.capital(words.clip_range(chosen.missing, len(clips)))
    one = len(chosen.missing) == 1
    states = [film.states.state(clips[index].id) for index in chosen.missing]
    idle = tuple(index for index, view in zip(chosen.missing, states, strict=True) if view.state not in _UNDER_WAY)
    if not idle:
        return Verdict(
            False, _on_the_way(one, any(view.state is ClipState.RENDERING for view in states)).format(clips=named)
        )
    if all(view.is_draft for view in states):
        text = _tr("{clips} is only a draft.") if one else _tr("{clips} are only drafts.")
    else:
        text = _not_rendered(len(chosen.missing), len(clips))
    refusals = {index: film.states.refusal(clips[index].id) for index in idle}
    reason = next((sentence for sentence in refusals.values() if sentence), "")
    possible = tuple(index for index in idle if film.states.job(clips[index].id) is not None and not refusals[index])
    return Verdict(False, f"{text.format(clips=named)} {reason}".strip(), possible)


def _not_rendered(missing: int, clips: int) -> str:
    if missing == 1:
        return _tr("{clips} is not rendered yet.")
    return _tr("No clip is rendered yet.") if missing == clips else _tr("{clips} are not rendered yet.")


def _on_the_way(one: bool, is_rendering: bool) -> str:
    """What is said of clips that will have their takes; a queue may also wait, after a start for example."""
    if is_rendering:
        text = _tr("{clips} is rendering: export when it is done.")
        return text if one else _tr("{clips} are rendering: export when they are done.")
    text = _tr("{clips} waits in the queue: export when it is rendered.")
    return text if one else _tr("{clips} wait in the queue: export when they are rendered.")
