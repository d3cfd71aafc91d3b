"""``svi-studio new``: a project folder with a first storyboard."""

from argparse import Namespace
from pathlib import Path

from pydantic import ValidationError

from svi_studio.domain.edits import append_prompt
from svi_studio.domain.errors import BadInput
from svi_studio.domain.family import family
from svi_studio.domain.storyboard import MAX_CLIPS, Storyboard
from svi_studio.domain.value import first_problem
from svi_studio.domain.wording import plural
from svi_studio.media.images import open_reference
from svi_studio.project.media_store import MediaStore
from svi_studio.project.project_file import PROJECT_JSON, Project, project_folder

_DEFAULT_CLIPS = 10


def run(options: Namespace) -> int:
    """Make the project; returns the exit code."""
    folder = project_folder(options.project)
    if (folder / PROJECT_JSON).exists():
        raise BadInput(f"There is a project at {folder} already: choose another name.")
    storyboard = _storyboard(options, folder.stem)
    if options.image is not None:
        open_reference(options.image)
        storyboard = storyboard.model_copy(update={"reference_image": MediaStore(folder).add(options.image)})
    Project.create(folder, storyboard)
    print(f"The project {folder} is made, with {plural(len(storyboard.clips), 'clip')}.")
    if options.image is None:
        print("It has no reference picture yet; add one before rendering.")
    return 0


def _storyboard(options: Namespace, name: str) -> Storyboard:
    profile = family(options.family)
    prompts = [*options.prompt, *_lines(options.prompts)]
    wanted = options.clips if options.clips is not None else len(prompts) if len(prompts) > 1 else _DEFAULT_CLIPS
    if not 1 <= wanted <= MAX_CLIPS or wanted < len(prompts):
        raise BadInput(f"The film cannot have {plural(wanted, 'clip')} with {plural(len(prompts), 'prompt')}.")
    if profile.prompt_choice == "stream" and len(prompts) > 1:
        prompts += [prompts[-1]] * (wanted - len(prompts))
    try:
        title = name if options.title is None else options.title
        storyboard = Storyboard(title=title, family=profile.name, model=options.model, seed=options.seed)
    except ValidationError as error:
        raise BadInput(f"This project is not possible, {first_problem(error)}.") from error
    for index in range(wanted):
        storyboard = append_prompt(storyboard, prompts[index] if index < len(prompts) else "")
    return storyboard


def _lines(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f'The prompts in "{file}" could not be read: use a text file in UTF-8.') from error
    return [line.strip() for line in text.splitlines() if line.strip()]
