"""What is really said of a clip in a training: its caption with the recipe's own words."""

import re

from svi_studio.domain.training.data_recipe import DataRecipe

TRIGGER_PLACE = "[trigger]"
MOST_LETTERS = 10_000


def said_words(caption: str, data: DataRecipe) -> str:
    """``caption`` as the model is told it, on one line of at most 10,000 letters.

    First every text is replaced, then the prefix comes before it. The trigger word takes the place of ``[trigger]``; a
    caption without that place that does not hold the word already begins with it.
    """
    for each in data.replacements:
        caption = caption.replace(each.find, each.instead)
    words, prefix, trigger = (" ".join(text.split()) for text in (caption, data.caption_prefix, data.trigger))
    said = " ".join(filter(None, (prefix, words)))
    if TRIGGER_PLACE in said:
        said = with_trigger(said, data)
    elif trigger and not re.search(rf"(?<!\w){re.escape(trigger)}(?!\w)", said):
        said = ", ".join(filter(None, (trigger, said)))
    return said[:MOST_LETTERS]


def with_trigger(text: str, data: DataRecipe) -> str:
    """``text`` with the trigger word where it says ``[trigger]``, as prompts of test films may, too."""
    return " ".join(text.replace(TRIGGER_PLACE, data.trigger).split()) if TRIGGER_PLACE in text else text
