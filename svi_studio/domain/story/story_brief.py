"""A story brief: what the user asks a writer of prompts for, and the film around the place where it shall stand."""

from typing import Annotated, Any, Final, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import MAX_CLIPS, Seed
from svi_studio.domain.value import Name, ShortText, Text, Value, first_problem

MOST_STORY_CLIPS: Final = 500
MOST_SUBJECT_LETTERS: Final = 400

Subject = Annotated[str, StringConstraints(min_length=1, max_length=MOST_SUBJECT_LETTERS, pattern=r"\S")]
"""Keywords or a sentence: ``a dog, a street``."""

PictureName = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
"""A picture file as the writer is shown it: the path of a file, which need not lie in the film's folder yet."""


class StoryBrief(Value):
    """What a writer is asked for. How many prompts: ``clips`` (1 to 500; the paper's appendix A.1 has 10, and 50).

    ``images``: the pictures that the story starts from, in the order of its scenes. ``tone`` empty = the writer's
    choice; ``language`` is a plain name, as ``English``. ``story_so_far`` and ``story_after`` are the prompts before
    and behind the place of the new ones; both together: fill the gap. ``rewrites`` are prompts to be written anew, one
    for each clip wanted, as ``instruction`` says ("more motion"). ``seconds_per_clip`` > 0 is how long a clip lasts,
    which bounds what can happen in it.
    """

    subject: Subject
    images: tuple[PictureName, ...] = Field(default=(), max_length=MOST_STORY_CLIPS)
    clips: int = Field(default=10, ge=1, le=MOST_STORY_CLIPS)
    tone: ShortText = ""
    language: ShortText = "English"
    seed: Seed = 0
    scene_changes: bool = False
    story_so_far: tuple[Text, ...] = Field(default=(), max_length=MAX_CLIPS)
    story_after: tuple[Text, ...] = Field(default=(), max_length=MAX_CLIPS)
    rewrites: tuple[Text, ...] = Field(default=(), max_length=MOST_STORY_CLIPS)
    instruction: Text = ""
    family: Name = "film"
    seconds_per_clip: float = Field(default=5.0, gt=0, le=3600)

    @model_validator(mode="after")
    def _one_clip_a_rewrite(self) -> Self:
        if self.rewrites and len(self.rewrites) != self.clips:
            raise ValueError("there must be as many clips as prompts to write anew")
        return self


def story_brief(**fields: Any) -> StoryBrief:
    """The brief of exactly these fields; raises BadInput with one sentence when it cannot be."""
    subject = fields.get("subject", "")
    if isinstance(subject, str):
        fields["subject"] = subject = subject.strip()
    if not subject:
        raise BadInput('The story has no subject: say in a few words what the film is about, as "a dog, a street".')
    if len(subject) > MOST_SUBJECT_LETTERS:
        raise BadInput(f"The subject is longer than {MOST_SUBJECT_LETTERS} letters: say it in fewer words.")
    clips = fields.get("clips", 1)
    if not 1 <= clips <= MOST_STORY_CLIPS:
        raise BadInput(f"A story cannot have {clips} clips: choose 1 to {MOST_STORY_CLIPS}.")
    try:
        return StoryBrief(**fields)
    except ValidationError as error:
        raise BadInput(f"This story is not possible, {first_problem(error)}.") from error
