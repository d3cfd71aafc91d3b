"""``svi-studio prompts``: the prompts of a film as a text file, and the prompts of a text file in a film."""

import os
from argparse import Namespace
from pathlib import Path

from svi_studio.cli.save_film import film_lock, save_film
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.story.prompt_text import file_proposal
from svi_studio.domain.story.proposal_difference import difference
from svi_studio.domain.story.proposal_edits import accept
from svi_studio.domain.text.wording import plural
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.storyline.text_formats import prompt_format, read_prompt_file, write_prompt_file, write_prompts


def run(options: Namespace) -> int:
    """Writes the prompts, or takes them in; returns the exit code. Raises StudioError."""
    film = open_film(options.source)
    if options.prompts_from is None:
        _refuse_to_replace(options.output, overwrite=options.overwrite)
        _write(film.storyboard, options.output, options.export)
    else:
        _take_in(film, options.source, options.prompts_from, replace=options.replace)
    return 0


def _refuse_to_replace(output: Path | None, *, overwrite: bool) -> None:
    if output is not None and not overwrite and os.path.lexists(output):
        raise BadInput(f'"{output}" is there already: add --overwrite to replace it, or choose another name.')


def _write(storyboard: Storyboard, output: Path | None, format_name: str | None) -> None:
    if output is None:
        print(write_prompts(storyboard, prompt_format(format_name, "").name), end="")
        return
    write_prompt_file(output, storyboard, format_name)
    count = sum(bool(clip.prompt.strip()) for clip in storyboard.clips)
    print(f"{plural(count, 'prompt')} written to {output}.")


def _take_in(film: FilmSource, source: Path, file: Path, *, replace: bool) -> None:
    read = read_prompt_file(file)
    print(read.summary)
    prompts = read.prompts
    proposal = file_proposal(prompts, file.name, whole_film=replace)
    with film_lock(film, source) as now:
        changed = accept(now.storyboard, proposal, range(len(prompts)))
        reasons = [each.problem for each in difference(now.storyboard, proposal) if each.problem]
        if changed != now.storyboard:
            save_film(now, source, changed)
    for reason in reasons:
        print(reason)
    taken, clips = plural(len(prompts) - len(reasons), "prompt"), plural(len(changed.clips), "clip")
    print(f"{taken} taken in; the film has {clips} now.")
