"""Edits of the markers on a film's time line, which stand in the order of their frames."""

from pydantic import ValidationError

from svi_studio.domain.editing.edit_check import checked
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Marker, Storyboard
from svi_studio.domain.value import first_problem


def add_marker(storyboard: Storyboard, frame: int, label: str = "") -> Storyboard:
    """A marker at film frame ``frame``. Raises BadInput when there is one, or the frame or label cannot be."""
    return _with_markers(storyboard, [*storyboard.markers, _marker(storyboard.markers, frame, label)])


def move_marker(storyboard: Storyboard, index: int, frame: int) -> Storyboard:
    """The marker at ``index`` (from 0) stands at film frame ``frame``, and in its place among the others.

    Raises BadInput when there is no such marker, or another one at that frame.
    """
    old = _at(storyboard, index)
    others = [*storyboard.markers[:index], *storyboard.markers[index + 1 :]]
    if frame == old.frame:
        return storyboard
    return _with_markers(storyboard, [*others, _marker(tuple(others), frame, old.label)])


def rename_marker(storyboard: Storyboard, index: int, label: str) -> Storyboard:
    """The marker at ``index`` (from 0) is called ``label``. Raises BadInput when it is not there or that cannot be."""
    markers = list(storyboard.markers)
    markers[index] = _marker((), _at(storyboard, index).frame, label)
    return _with_markers(storyboard, markers)


def remove_marker(storyboard: Storyboard, index: int) -> Storyboard:
    """The storyboard without the marker at ``index`` (from 0). Raises BadInput when there is no such marker."""
    _at(storyboard, index)
    return _with_markers(storyboard, [*storyboard.markers[:index], *storyboard.markers[index + 1 :]])


def _at(storyboard: Storyboard, index: int) -> Marker:
    if not 0 <= index < len(storyboard.markers):
        raise BadInput(f"There is no marker {index + 1} in this storyboard.")
    return storyboard.markers[index]


def _marker(others: tuple[Marker, ...], frame: int, label: str) -> Marker:
    if any(marker.frame == frame for marker in others):
        raise BadInput(f"There is a marker at frame {frame} already: choose another frame.")
    try:
        return Marker(frame=frame, label=label)
    except ValidationError as error:
        raise BadInput(f"This marker is not possible: {first_problem(error)}.") from error


def _with_markers(storyboard: Storyboard, markers: list[Marker]) -> Storyboard:
    return checked(storyboard, markers=tuple(sorted(markers, key=lambda marker: marker.frame)))
