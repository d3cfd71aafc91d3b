"""Speed recipes in plain words: their names, what they cost, and which files they lack."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words
from svi_studio.document.inspector.recipe_cost import RecipeCost
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.speed_recipe import BUILT_IN, ON_DISTILLED, RecipeLora, SpeedRecipe, lora_source

translate = QCoreApplication.translate


def recipe_title(recipe: SpeedRecipe) -> str:
    """What the list calls it; the user's own have the names that the user gave them."""
    titles = {
        "full": translate("Recipes", "Full"),
        "fewer": translate("Recipes", "Fewer steps"),
        "fast4": translate("Recipes", "Fast: 4 steps"),
        "fast8": translate("Recipes", "Fast: 8 steps"),
        "motion": translate("Recipes", "Fast, with better motion"),
    }
    return titles.get(recipe.name, recipe.name)


def recipe_sentence(recipe: SpeedRecipe) -> str:
    """What the program's own are for; empty for others."""
    if recipe in ON_DISTILLED:
        return translate("Recipes", "The film's model is made for so few steps.")
    sentences = {
        "full": translate("Recipes", "As the model and the family say: the best pictures, and the slowest."),
        "fewer": translate("Recipes", "Fewer steps and nothing else: somewhat rougher."),
        "fast4": translate("Recipes", "A distilled LoRA needs few steps; motion becomes slower."),
        "fast8": translate("Recipes", "A distilled LoRA with more steps: finer than with 4."),
        "motion": translate("Recipes", "Motion begins without the distilled LoRA, details are made with it."),
    }
    return sentences[recipe.name] if recipe in BUILT_IN else ""


def part_words(cost: RecipeCost) -> str:
    """How much of Full's work it is, short: ``4 % of the work``; empty for all of it."""
    percent = round(100 * cost.part) or 1
    return "" if percent == 100 else translate("Recipes", "{percent} % of the work").format(percent=percent)


def cost_words(cost: RecipeCost) -> str:
    """``4 passes through the model instead of 100, about 8 s a clip.``"""
    if cost.calls == cost.full:
        passes = translate("Recipes", "{calls} passes through the model a clip")
    else:
        passes = translate("Recipes", "{calls} passes through the model a clip instead of {full}")
    text = passes.format(calls=cost.calls, full=cost.full)
    if cost.seconds is None:
        return f"{text}."
    return translate("Recipes", "{passes}: {time} here.").format(passes=text, time=words.about(cost.seconds))


def lora_words(lora: RecipeLora) -> str:
    """What is wanted: ``Distilled LoRA for the noisy steps (high)``."""
    names = {
        "high": translate("Recipes", "Distilled LoRA for the noisy steps (high)"),
        "low": translate("Recipes", "Distilled LoRA for the less noisy steps (low)"),
        "both": translate("Recipes", "Distilled LoRA"),
    }
    return names[lora.expert]


def missing_sentence(missing: Sequence[RecipeLora], architecture: Architecture | None) -> str:
    """One sentence: what is missing, and where such files are found."""
    sources = [source for lora in missing if (source := lora_source(lora, architecture)) is not None]
    names = [lora_words(lora) for lora in missing]
    what = translate("Recipes", " and ").join([names[0], *(name[0].lower() + name[1:] for name in names[1:])])
    if not sources:
        return translate("Recipes", "{what}: not found on this computer.").format(what=what)
    files = translate("Recipes", " and ").join(source.file for source in sources)
    found = translate("Recipes", "{what}: not found on this computer; {place} has {files}.")
    return found.format(what=what, place=sources[0].place, files=files)
