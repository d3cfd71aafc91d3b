"""The pictures that a storyline starts from: files, the first one that a search finds, or one that ships."""

import tempfile
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.pictures.credit import Credit, credit_line
from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.domain.value import with_fields
from svi_studio.media.images import look_at
from svi_studio.storyline.known_words import KnownWords

if TYPE_CHECKING:
    from svi_studio.domain.pictures.found_picture import FoundPicture
    from svi_studio.net.guarded_client import GuardedClient
    from svi_studio.storyline.pictures.provider import Provider

_MOST_TRIES = 5

Say = Callable[[str], None]


@dataclass(frozen=True)
class PictureSource:
    """Where pictures are searched for and fetched with; None = Openverse and Wikimedia Commons, public servers only."""

    providers: "Sequence[Provider] | None" = None
    client: "GuardedClient | None" = None


@dataclass
class StoryPictures:
    """Picture files in the order of the story's scenes, and the credits of those that were found, by file.

    ``close`` removes what a search brought here; the storyboard has its own copies then.
    """

    files: tuple[Path, ...] = ()
    credits: Mapping[Path, Credit] = field(default_factory=dict)
    folder: tempfile.TemporaryDirectory[str] | None = None

    def shown_to(self, brief: StoryBrief) -> StoryBrief:
        """The brief with these pictures."""
        return with_fields(brief, {"images": tuple(map(str, self.files))})

    def credit_lines(self) -> tuple[str, ...]:
        """Whose pictures they are, a line each."""
        return tuple(map(credit_line, self.credits.values()))

    def close(self) -> None:
        """Leaves nothing behind."""
        if self.folder is not None:
            self.folder.cleanup()


def chosen_pictures(
    options: Namespace,
    known: KnownWords | None,
    cancelled: Callable[[], bool],
    say: Say,
    source: PictureSource | None = None,
) -> StoryPictures:
    """The pictures that ``options`` name or ask to search for; else the one that ships for the model's words.

    ``source``: where to search, None = the internet. Raises BadInput for a file that is no sound picture, and Stopped.
    A search without a result is told by ``say``.
    """
    if options.image:
        for path in options.image:
            look_at(path, cancelled)
        return StoryPictures(tuple(options.image))
    if options.search and (found := _searched(options.subject, source or PictureSource(), cancelled, say)):
        return found
    from svi_studio.storyline.vocabulary.starting_pictures import starting_picture  # noqa: PLC0415 - only when it is wanted

    shipped = starting_picture(options.subject, known, options.seed)
    return StoryPictures(() if shipped is None else (shipped,))


def _searched(words: str, source: PictureSource, cancelled: Callable[[], bool], say: Say) -> StoryPictures | None:
    from svi_studio.storyline.pictures.search import search  # noqa: PLC0415 - brings HTTP

    page = search(words, providers=source.providers, cancelled=cancelled)
    for problem in page.problems:
        say(problem)
    return _first_sound(page.pictures, source, cancelled, say)


def _first_sound(
    found: Sequence["FoundPicture"], source: PictureSource, cancelled: Callable[[], bool], say: Say
) -> StoryPictures | None:
    """The first picture that can be brought here and is sound."""
    from svi_studio.domain.pictures.found_picture import credit_for  # noqa: PLC0415
    from svi_studio.storyline.pictures.fetch import fetch  # noqa: PLC0415

    folder = tempfile.TemporaryDirectory(prefix="svi-studio-")
    for picture in found[:_MOST_TRIES]:
        try:
            path = fetch(picture, Path(folder.name), client=source.client, cancelled=cancelled)
        except Stopped:
            folder.cleanup()
            raise
        except StudioError as error:
            say(str(error))
            continue
        return StoryPictures((path,), {path: credit_for(picture, path.name)}, folder)
    folder.cleanup()
    return None
