"""What the engine's builders read stands in the domain, for those who may not import torch."""

from svi_studio.domain.film.conditioning import CONDITIONINGS
from svi_studio.engine.denoising.condition import CONDITIONS


def test_every_conditioning_of_the_domain_has_its_builder() -> None:
    assert CONDITIONS.keys() == CONDITIONINGS.keys()
