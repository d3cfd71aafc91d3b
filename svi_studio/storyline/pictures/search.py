"""From words to a page of openly licensed pictures, from several providers at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest

from svi_studio.domain.errors import BadInput, Stopped, StudioError
from svi_studio.domain.pictures.found_picture import FoundPicture, PicturePage
from svi_studio.net.errand import never
from svi_studio.net.net_errors import Unreachable
from svi_studio.storyline.pictures.commons import Commons
from svi_studio.storyline.pictures.openverse import Openverse
from svi_studio.storyline.pictures.plain_words import plain_words
from svi_studio.storyline.pictures.provider import Found, Provider

MAX_WORDS = 200
MAX_PAGE = 12  # Openverse gives no more than 240 pictures without an account
_NO_NETWORK = "Pictures cannot be searched without a network: use a picture of your own, or connect and search again."


def search(
    words: str,
    page: int = 1,
    providers: Sequence[Provider] | None = None,
    cancelled: Callable[[], bool] = never,
) -> PicturePage:
    """The page ``page`` (1 to 12) of pictures for ``words``, best first, providers taking turns.

    ``providers``: None = Openverse and Wikimedia Commons. What a provider could not do is a sentence in ``problems``;
    the others' pictures are there. Raises BadInput without words, and Stopped.
    """
    words = plain_words(words, most=len(words) + 1)[:MAX_WORDS].strip()
    if not words:
        raise BadInput(
            "There is nothing to search for yet: write what the picture shall show, for example: a red boat."
        )
    page = min(max(page, 1), MAX_PAGE)
    asked = (Openverse(), Commons()) if providers is None else tuple(providers)
    answers = _ask_all(asked, words, page, cancelled)
    if cancelled():
        raise Stopped("The search was stopped.")
    found = [answer for answer in answers if isinstance(answer, Found)]
    pictures = tuple(_in_turns([each.pictures for each in found]))
    return PicturePage(
        pictures=pictures,
        problems=tuple(_problems(answers, words, found_none=page == 1 and not pictures)),
        more=page < MAX_PAGE and any(each.more for each in found),
    )


def _ask_all(
    providers: Sequence[Provider], words: str, page: int, cancelled: Callable[[], bool]
) -> list[Found | StudioError]:
    with ThreadPoolExecutor(max_workers=max(len(providers), 1), thread_name_prefix="picture search") as pool:
        return list(pool.map(lambda provider: _ask(provider, words, page, cancelled), providers))


def _ask(provider: Provider, words: str, page: int, cancelled: Callable[[], bool]) -> Found | StudioError:
    try:
        return provider.find(words, page, cancelled)
    except StudioError as error:
        return error


def _in_turns(lists: Sequence[Sequence[FoundPicture]]) -> Iterator[FoundPicture]:
    """One of each provider in turn, each picture once: Openverse knows many of those of Commons too."""
    seen: set[str] = set()
    for rank in zip_longest(*lists):
        for picture in rank:
            if picture is not None and picture.picture_url not in seen:
                seen.add(picture.picture_url)
                yield picture


def _problems(answers: Sequence[Found | StudioError], words: str, found_none: bool) -> Iterator[str]:
    faults = [answer for answer in answers if isinstance(answer, StudioError)]
    if faults and all(isinstance(answer, Unreachable) for answer in answers):
        yield _NO_NETWORK
        return
    yield from dict.fromkeys(str(fault) for fault in faults)
    if found_none and len(faults) < len(answers):
        yield f'No openly licensed picture was found for "{words}": try fewer or other words, or a picture of your own.'
