"""Takes a phrase of a brief apart: what it names, whether one or many, and by which word to look it up."""

import re
from dataclasses import dataclass

from svi_studio.domain.story.english_verbs import has_verb

_WORD = re.compile(r"\w+")
_ARTICLES = frozenset(_WORD.findall("a an the my our your his her their its some this these any"))
_MANY = frozenset(
    _WORD.findall("""
        two three four five six seven eight nine ten many several few lots both some these
    """)
)
_IRREGULAR = frozenset(
    _WORD.findall("""
        people men women children mice geese wolves police ladies families puppies oxen dice feet
    """)
)
_SINGULARS = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "mice": "mouse",
    "geese": "goose",
    "wolves": "wolf",
    "leaves": "leaf",
}
_NOT_MANY = ("ss", "us", "is", "ous", "as")
_CLAUSE = frozenset(_WORD.findall("who that which is are was were has have whose while when as because"))
_BEHIND = frozenset(_WORD.findall("with of in on at from by to for and"))
_MOST_WORDS = 8


@dataclass(frozen=True)
class NounPhrase:
    """``phrase`` as prompts say it ("the red boat"); ``noun`` to look up, one and in small letters ("boat")."""

    phrase: str
    noun: str
    is_plural: bool
    is_name: bool
    has_article: bool = False


def noun_phrase(text: str, *, goes_on: bool = False) -> NounPhrase | None:
    """The noun phrase at the start of ``text``, an English one; None when it has no words.

    ``goes_on``: more words follow, as a place does.
    """
    words = _until_clause(text.split(), goes_on=goes_on)[:_MOST_WORDS]
    has_article = bool(words) and words[0].lower() in _ARTICLES
    is_many = any(word.lower() in _MANY for word in words[:2])
    bare = words[1:] if has_article else words
    if not any(char.isalnum() for word in bare for char in word):
        return None
    head = _head(bare)
    is_name = not has_article and all(word[:1].isupper() for word in bare)
    is_plural = is_many or head in _IRREGULAR or (not has_article and not is_name and _looks_plural(head))
    return NounPhrase(" ".join(bare if is_name else ("the", *bare)), singular(head), is_plural, is_name, has_article)


def object_of(text: str) -> NounPhrase | None:
    """What somebody does something with: "a dragon" of "a knight fights a dragon"; None without a verb or a thing."""
    words = text.split()
    rest = words[len(_until_clause(words, goes_on=True)) :]
    start = next((place for place, word in enumerate(rest) if place and word.lower() in _ARTICLES), None)
    return None if start is None else noun_phrase(" ".join(rest[start:]))


def singular(noun: str) -> str:
    """One of ``noun``, for looking it up: ``boat`` for ``boats``."""
    if noun in _SINGULARS:
        return _SINGULARS[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if noun.endswith(("ches", "shes", "xes", "sses")):
        return noun[:-2]
    return noun[:-1] if _looks_plural(noun) else noun


def _until_clause(words: list[str], *, goes_on: bool) -> list[str]:
    """The words before a verb: "a dog" of "a dog plays with a ball", "the running dog" as it is."""
    for place, word in enumerate(words):
        before = [each for each in words[:place] if each.lower() not in _ARTICLES]
        low = word.lower()
        is_verb = has_verb(low) and (low.endswith("ing") or (low.endswith("s") and (goes_on or place < len(words) - 1)))
        if before and (low in _CLAUSE or is_verb):
            return words[:place]
    return words


def _head(words: list[str]) -> str:
    end = next((place for place, word in enumerate(words) if place and word.lower() in _BEHIND), len(words))
    return re.sub(r"[^\w-]", "", words[end - 1].lower())


def _looks_plural(noun: str) -> bool:
    return len(noun) > 3 and noun.endswith("s") and not noun.endswith(_NOT_MANY)
