"""The plan of a film from its facts one by one, as tests have them."""

from collections.abc import Mapping

from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.plan import RenderPlan, plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner


def plan_render(
    storyboard: Storyboard,
    card: ModelCard,
    model_hash: str,
    lora_hashes: Mapping[str, str],
    media_hashes: Mapping[str, str],
    size: tuple[int, int],
) -> RenderPlan:
    """The plan of a whole film in which every clip follows its settings, whatever takes there are.

    The arguments are those of ``FilmFacts``. Raises BadInput when the film or one of its clips cannot be rendered.
    """
    return plan_film(FilmPlanner(storyboard, FilmFacts(card, model_hash, lora_hashes, media_hashes, size)))
