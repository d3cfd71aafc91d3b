"""``svi-studio new``: a project folder with a first storyboard."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from svi_studio.cli.ends import after_video
from svi_studio.cli.film_recipe import found_loras, recipe_model, with_recipe
from svi_studio.cli.model_warnings import warnings_of
from svi_studio.cli.new_picture import with_picture
from svi_studio.domain.editing.edits import change_clips, insert_prompts
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.film.family import family
from svi_studio.domain.film.filming import cannot_film
from svi_studio.domain.film.storyboard import MAX_CLIPS, Storyboard
from svi_studio.domain.story.prompt_text import ImportedPrompt, clean_prompt
from svi_studio.domain.story.proposal import LONGEST_PROMPT
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import plural
from svi_studio.domain.value import first_problem
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.project_file import PROJECT_JSON, Project, project_folder
from svi_studio.storyline.text_formats import read_prompt_file
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_folder import read_card

_DEFAULT_CLIPS = 10


def run(options: Namespace) -> int:
    """Makes the project; returns the exit code."""
    folder = project_folder(options.project)
    if (folder / PROJECT_JSON).exists():
        raise BadInput(f"There is a project at {folder} already: choose another name.")
    _refuse_unfit(options)
    listed = [] if options.prompts is None else _listed(options.prompts)
    if options.recipe is not None:
        model = recipe_model(options.model)
        found_loras(model, model.named(options.recipe))  # what is missing is told before there is a project
    storyboard = with_picture(_storyboard(options, folder.stem, listed), options, folder)
    if options.goes_on_from is not None:
        storyboard = after_video(storyboard, storyboard.clips[0].id, options.goes_on_from, folder)
    project = Project.create(folder, storyboard)
    if options.recipe is not None:
        project.save(with_recipe(open_film(folder), options.recipe))
    print(visible(f"The project {folder} is made, with {plural(len(storyboard.clips), 'clip')}."))
    if storyboard.reference_image is None:
        print("It has no start picture yet: add one before rendering.")
    for warning in warnings_of(open_film(folder)):
        print(warning, file=sys.stderr)
    return 0


def _refuse_unfit(options: Namespace) -> None:
    """Raises BadInput when the model cannot film the family: what it can, or which models can."""
    try:
        folder = find_model(options.model)
        card = read_card(folder)
        architecture = read_architecture(folder, card)
    except StudioError:
        return  # the film may be for another computer; who renders it is told
    if (refused := cannot_film(options.family, card, architecture)) is not None:
        raise BadInput(refused)


def _listed(file: Path) -> list[ImportedPrompt]:
    read = read_prompt_file(file)
    print(read.summary)
    return read.prompts


def _storyboard(options: Namespace, name: str, listed: Sequence[ImportedPrompt]) -> Storyboard:
    profile = family(options.family)
    typed = [_checked(each, number) for number, each in enumerate(options.prompt, 1)]
    prompts = [*typed, *(each.prompt for each in listed)]
    wanted = options.clips if options.clips is not None else len(prompts) or _DEFAULT_CLIPS
    if not 1 <= wanted <= MAX_CLIPS or wanted < len(prompts):
        raise BadInput(f"The film cannot have {plural(wanted, 'clip')} with {plural(len(prompts), 'prompt')}.")
    if profile.prompt_choice == "stream":
        prompts += prompts[-1:] * (wanted - len(prompts))
    try:
        title = name if options.title is None else options.title
        storyboard = Storyboard(title=title, family=profile.name, model=options.model, seed=options.seed)
    except ValidationError as error:
        raise BadInput(f"This project is not possible, {first_problem(error)}.") from error
    storyboard = insert_prompts(storyboard, 0, prompts + [""] * (wanted - len(prompts)))
    cuts = [index for index, each in enumerate(listed, len(typed)) if index and each.cut]
    return change_clips(storyboard, [storyboard.clips[index].id for index in cuts], cut=True)


def _checked(prompt: str, number: int) -> str:
    """What was typed behind ``--prompt``, as a clip takes it. Raises BadInput for what is none."""
    text = clean_prompt(prompt)
    if not text:
        raise BadInput(f"Prompt {number} has no words: say what happens in the clip, or leave --prompt out.")
    if len(text) > LONGEST_PROMPT:
        raise BadInput(f"Prompt {number} has {len(text):,} letters; {LONGEST_PROMPT:,} are the most: shorten it.")
    return text
