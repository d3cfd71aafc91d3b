"""``svi-studio storyline``: from keywords or a picture to a storyboard that ``svi-studio render`` takes at once."""

import sys
from argparse import Namespace
from pathlib import Path

from svi_studio.cli.model_warnings import warnings_of
from svi_studio.cli.stop import stop_request
from svi_studio.cli.story_file import StoryFile
from svi_studio.cli.story_lines import StoryLines
from svi_studio.cli.story_pictures import StoryPictures, chosen_pictures
from svi_studio.cli.story_writer import chosen_writer
from svi_studio.domain.film.family import family
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.story.story_brief import StoryBrief, story_brief
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.text.wording import plural
from svi_studio.project.film.film_source import open_film
from svi_studio.storyline.known_words import known_words_of
from svi_studio.storyline.story_errors import UnfinishedStory
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_folder import read_card

STOPPING = "Stopping; press Ctrl-C again to stop at once."


def run(options: Namespace) -> int:
    """Writes the storyboard; returns the exit code. Raises StudioError of any kind, and Stopped after Ctrl-C."""
    brief = _brief(options)
    file = StoryFile(options.output, may_replace=options.overwrite)
    known = known_words_of(find_model(options.model))
    with stop_request(STOPPING) as stop:
        writer = chosen_writer(options, known, stop, _say)
        pictures = chosen_pictures(options, known, stop, _say)
        try:
            try:
                proposal = writer.write(pictures.shown_to(brief), StoryLines(_say), stop)
            except UnfinishedStory as error:
                _write(file, options, error.proposal, pictures)
                _say(f"{options.output} holds what was written before the fault.")
                raise
            _write(file, options, proposal, pictures)
        finally:
            pictures.close()
    _tell(options, proposal, pictures)
    return 0


def _brief(options: Namespace) -> StoryBrief:
    """What is asked for; raises BadInput before anything is searched, asked or written."""
    card = read_card(find_model(options.model))
    profile = family(options.family)
    return story_brief(
        subject=options.subject,
        clips=options.clips,
        tone=options.tone,
        language=options.language,
        seed=options.seed,
        scene_changes=options.cuts,
        family=profile.name,
        seconds_per_clip=card.num_frames / (card.fps or profile.fps),
    )


def _write(file: StoryFile, options: Namespace, proposal: Proposal, pictures: StoryPictures) -> None:
    if proposal.cards:
        file.write(proposal, pictures, family=options.family, model=options.model, title=options.subject)


def _tell(options: Namespace, proposal: Proposal, pictures: StoryPictures) -> None:
    for card in proposal.cards:
        if card.note:
            _say(card.note)
    for warning in warnings_of(open_film(options.output)):
        _say(warning)
    for credit in pictures.credit_lines():
        _say(credit)
    print(f"{options.output} is written by {proposal.writer}, with {plural(len(proposal.cards), 'clip')}.")
    if pictures.files:
        film_file = options.output.with_suffix(".mp4")
        print(f"Render it: {command_name()} render {_quoted(options.output)} -o {_quoted(film_file)}")
    else:
        print("It has no start picture yet: run this again with --image FILE or --search before rendering.")


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
