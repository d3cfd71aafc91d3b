"""The dance that a command lays under a film: found or read, shaped as it is asked, and kept with the film."""

from argparse import Namespace
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from svi_studio.cli.dancer import Teller, find_dancer, looks_wanted, shaped
from svi_studio.cli.start_person import StartPerson
from svi_studio.document.skeleton.keeping import keep_skeleton, naming_original
from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.alignment import aligned, can_align
from svi_studio.domain.poses.proportions import difference_of
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.media.poses.opening import PoseKind, pose_kind
from svi_studio.media.poses.stills import look_at_video
from svi_studio.project.media.media_store import MediaStore

_OF_A_SKELETON = ("person", "finder", "fps", "size", "mirror", "speed", "scale")


@dataclass(frozen=True)
class NewDance:
    """The file at ``source``, which lasts ``seconds``; ``skeleton`` None = a video of a drawn one, used as it is.

    ``looks``: frames that somebody should look at, in a sentence behind a space.
    """

    source: Path
    seconds: Fraction
    skeleton: Skeleton | None = None
    looks: str = ""

    def film_frames(self, rate: Fraction) -> int:
        """How many frames of a film of ``rate`` frames a second it lasts."""
        return max(1, round(self.seconds * rate))

    def fitted_to(self, start: StartPerson) -> tuple["NewDance", str]:
        """The dance on the body of the person in the start picture, where that can be; and a sentence about it."""
        if self.skeleton is None or start.person is None:
            return self, start.why_not
        if not can_align(self.skeleton, start.person):
            why = "shoulders and hips are not in sight both in the dance and in the start picture"
            return self, f"The dance is not fitted to the person in the start picture: {why}."
        difference = difference_of(self.skeleton, start.person)
        body = aligned(self.skeleton, start.person).done("aligned to the picture")
        fitted = "The dance is fitted to the person in the start picture."
        return replace(self, skeleton=body), f"{difference}. {fitted}" if difference else fitted

    def keep(self, folder: Path, found: Skeleton | None) -> str:
        """Copies it into the film in ``folder``, and the skeleton as it was ``found``; returns its path there."""
        if self.skeleton is None or found is None:
            return MediaStore(folder).add(self.source)
        original = keep_skeleton(folder, found)
        if self.skeleton is found:
            return original
        return keep_skeleton(folder, naming_original(folder, original, self.skeleton))


def find_new_dance(options: Namespace, teller: Teller) -> NewDance:
    """The dance in the file ``options.add``, mirrored and so on. Raises StudioError, and Stopped after Ctrl-C."""
    source: Path = options.add
    kind = pose_kind(source)
    if kind is PoseKind.POSE_VIDEO:
        used = [name for name in _OF_A_SKELETON if getattr(options, name)]
        if used:
            raise BadInput(f'"{source}" is a drawn skeleton, which is used as it is: leave out --{used[0]}.')
        return NewDance(source, Fraction(look_at_video(source).seconds))
    found = find_dancer(source, kind, options, teller).skeleton
    if not found.origin.file:
        found = found.with_parts({}, origin=replace(found.origin, file=source.name[:200]))
    skeleton = shaped(found, options)
    return NewDance(source, skeleton.num_frames / skeleton.fps, skeleton, looks_wanted(skeleton))
