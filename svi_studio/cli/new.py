"""``svi-studio new``: a project folder with a first storyboard."""

import sys
from argparse import Namespace

from pydantic import ValidationError

from svi_studio.cli.model_warnings import warnings_of
from svi_studio.cli.new_picture import with_picture
from svi_studio.domain.edits import change_clips, insert_prompts
from svi_studio.domain.errors import BadInput
from svi_studio.domain.family import family
from svi_studio.domain.storyboard import MAX_CLIPS, Storyboard
from svi_studio.domain.value import first_problem
from svi_studio.domain.wording import plural
from svi_studio.project.film_source import open_film
from svi_studio.project.project_file import PROJECT_JSON, Project, project_folder
from svi_studio.storyline.text_formats import read_prompt_file

_DEFAULT_CLIPS = 10


def run(options: Namespace) -> int:
    """Make the project; returns the exit code."""
    folder = project_folder(options.project)
    if (folder / PROJECT_JSON).exists():
        raise BadInput(f"There is a project at {folder} already: choose another name.")
    storyboard = with_picture(_storyboard(options, folder.stem), options, folder)
    Project.create(folder, storyboard)
    print(f"The project {folder} is made, with {plural(len(storyboard.clips), 'clip')}.")
    if options.image is None:
        print("It has no start picture yet: add one before rendering.")
    for warning in warnings_of(open_film(folder)):
        print(warning, file=sys.stderr)
    return 0


def _storyboard(options: Namespace, name: str) -> Storyboard:
    profile = family(options.family)
    listed = [] if options.prompts is None else read_prompt_file(options.prompts)
    prompts = [*options.prompt, *(each.prompt for each in listed)]
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
    storyboard = insert_prompts(storyboard, 0, prompts + [""] * (wanted - len(prompts)))
    cuts = [index for index, each in enumerate(listed, len(options.prompt)) if index and each.cut]
    return change_clips(storyboard, [storyboard.clips[index].id for index in cuts], cut=True)
