"""What a skeleton file says beside the joints, checked as a stranger's: the part that JSON and npz share."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from svi_studio.domain.errors import BadInput, NewerVersion
from svi_studio.domain.poses.skeleton import (
    MOST_FPS,
    MOST_FRAMES,
    MOST_LETTERS,
    MOST_PIXELS,
    MOST_REMARKS,
    MOST_STEPS,
    Origin,
    Remark,
    RemarkKind,
    Skeleton,
)
from svi_studio.domain.value import Value, first_problem

FORMAT = "svi-skeleton"
SCHEMA_VERSION = 1

_Step = Annotated[str, StringConstraints(max_length=MOST_LETTERS)]
_Frame = Annotated[int, Field(ge=0, le=MOST_FRAMES)]
_Side = Annotated[int, Field(ge=1, le=MOST_PIXELS)]
_Remark = tuple[Literal["missing", "found again", "filled", "cut"], _Frame, _Frame]


class OriginForm(Value):
    """What it was made from, as in the file."""

    file: Annotated[str, StringConstraints(max_length=1024)] = ""
    sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    steps: tuple[_Step, ...] = Field(default=(), max_length=MOST_STEPS)


class FactsForm(Value):
    """All but the joints, as in the file."""

    format: Literal["svi-skeleton"]
    schema_version: Literal[1]
    fps: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(/[0-9]{1,9})?$")]
    width: _Side
    height: _Side
    remarks: tuple[_Remark, ...] = Field(default=(), max_length=MOST_REMARKS)
    origin: OriginForm = OriginForm()

    @model_validator(mode="after")
    def _plausible(self) -> Self:
        if self.fps.endswith("/0") or not 0 < Fraction(self.fps) <= MOST_FPS:
            raise ValueError("fps: a video has between 1 and 1,000 frames a second")
        return self

    def of(self, parts: dict[str, Any]) -> Skeleton:
        """The skeleton of these facts and arrays. Raises BadInput."""
        remarks = tuple(Remark(RemarkKind(kind), first, stop) for kind, first, stop in self.remarks)
        origin = Origin(self.origin.file, self.origin.sha256, self.origin.steps)
        return Skeleton(Fraction(self.fps), self.width, self.height, **parts, remarks=remarks, origin=origin)


def facts_of(document: dict[str, Any], path: Path) -> FactsForm:
    """The facts in a document without its frames. Raises BadInput and NewerVersion; ``path`` is for the sentence."""
    version = document.get("schema_version")
    if document.get("format") == FORMAT and type(version) is int and version > SCHEMA_VERSION:
        raise NewerVersion(f'A newer version of this program wrote "{path}": use that one, or write the file again.')
    try:
        return FactsForm.model_validate_json(_as_json(document))
    except ValidationError as error:
        raise unreadable(path, first_problem(error)) from error


def document_of(skeleton: Skeleton) -> dict[str, Any]:
    """The facts of ``skeleton`` as they stand in a file."""
    origin = skeleton.origin
    return {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "fps": str(skeleton.fps),
        "width": skeleton.width,
        "height": skeleton.height,
        "remarks": [[each.kind.value, each.first, each.stop] for each in skeleton.remarks],
        "origin": {"file": origin.file, "sha256": origin.sha256, "steps": list(origin.steps)},
    }


def unreadable(path: Path, why: str) -> BadInput:
    """The sentence for a file that holds no skeleton that can be used."""
    return BadInput(f'"{path}" is not a skeleton that can be read ({why}): export it again or choose another file.')


def _as_json(document: dict[str, Any]) -> str:
    import json  # noqa: PLC0415 - beside its one use

    return json.dumps(document)
