"""The person in the picture that a dance begins from, where the film knows one or the pose networks find one."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from svi_studio.disk.plain_file import sha256_of
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.poses.figure import Places, Shares, seen_places
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.media.images import read_view
from svi_studio.media.pictures.order import Answer
from svi_studio.media.poses.extraction import PoseExtractor
from svi_studio.media.poses.networks.network_files import networks_missing
from svi_studio.media.poses.puppet_joints import puppet_joints
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.prepare import read_facts_unhashed

_LONGEST = 640
"""Pixels of a side of the picture: the canvas that a dance is fitted on, as in the window."""


@dataclass(frozen=True)
class StartPerson:
    """One frame of the ``person``, on the part of the picture that the film sees; else the sentence ``why_not``."""

    person: Skeleton | None = None
    why_not: str = ""


def start_person(film: FilmSource, picture: str | None, model: str | None, check: Callable[[], None]) -> StartPerson:
    """Who is in the film's ``picture``, a path below its folder: as a hand put them, or as they are known or found.

    ``check`` may raise Stopped while networks look. Raises StudioError for a picture or model that cannot be read.
    """
    if picture is None:
        return StartPerson(why_not="The film has no start picture yet, so the dance is not fitted to anybody.")
    facts = read_facts_unhashed(film, model).facts
    view = read_view(film.file(picture), film.storyboard.picture_look(picture, facts.size), (_LONGEST, _LONGEST))
    left, top, right, bottom = film.storyboard.picture_look(picture, facts.size).box(view.full) or (0, 0, *view.full)
    part = left / view.full[0], top / view.full[1], right / view.full[0], bottom / view.full[1]
    known = _known_places(film.storyboard, picture, film.file(picture), part, view.size)
    if known is not None:
        rows = [(*place, 1.0) if place is not None else (0.0, 0.0, 0.0) for place in known]
        return StartPerson(Skeleton.of_body(Fraction(1), *view.size, np.array([rows], np.float32)))
    if facts.card.world is not None:  # detectors see a puppet where it is not
        return StartPerson(why_not="Nobody is known in the start picture: put the joints there in the window.")
    return _found(view, film.file(picture), check)


def _known_places(board: Storyboard, picture: str, path: Path, part: Shares, size: tuple[int, int]) -> Places | None:
    """Without looking for anybody: as a hand put them, or as the program's own picture shows its puppet."""
    figure = next((each for each in board.figures if each.picture == picture), None)
    joints = puppet_joints(sha256_of(path)) if figure is None else figure.joints
    return None if joints is None else seen_places(joints, part, size)


def _found(view: Answer, path: Path, check: Callable[[], None]) -> StartPerson:
    if missing := networks_missing():
        return StartPerson(why_not=f"The start picture was not searched for a person. {missing}")
    pixels = np.frombuffer(view.pixels, np.uint8).reshape(view.size[1], view.size[0], 3)
    try:
        with PoseExtractor() as extractor:
            return StartPerson(extractor.in_picture(pixels, str(path), check=check))
    except BadInput as error:
        return StartPerson(why_not=str(error))
