"""The part of the shipped closed world that a model with few words understands."""

from functools import lru_cache

from svi_studio.storyline.known_words import KnownWords
from svi_studio.storyline.template_world.world import Action, World, shipped_world


@lru_cache(maxsize=8)
def closed_world(known: KnownWords | None) -> World | None:
    """The paper theatre, with only those leads, colours, places and sentences whose words are ``known``.

    None for a model that knows any word, or that knows too little of this world for a story.
    """
    if known is None:
        return None
    world = shipped_world("paper-theatre")
    kept = {
        "leads": tuple(each for each in world.leads if known.knows(each.name)),
        "colours": tuple(each for each in world.colours if known.knows(each.name)),
        "places": tuple(each for each in world.places if known.knows(" ".join((*each.where, *each.called)))),
        "actions": tuple(each for action in world.actions if (each := _known_part(action, known))),
        "cameras": tuple(each for each in world.cameras if known.knows(each.text)),
    }
    is_enough = all(kept[name] for name in ("leads", "colours", "places")) and len(kept["actions"]) > 1
    return world.model_copy(update=kept) if is_enough else None


def _known_part(action: Action, known: KnownWords) -> Action | None:
    wordings = tuple(each for each in action.wordings if known.knows(_own_words(each)))
    return action.model_copy(update={"wordings": wordings}) if wordings else None


def _own_words(wording: str) -> str:
    """A wording without its slots; ``the`` begins what stands in for a lead."""
    for slot in ("{Lead}", "{lead}"):
        wording = wording.replace(slot, "the")
    return wording.replace("{where}", "").replace("{called}", "")
