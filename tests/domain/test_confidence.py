"""Means of a few measurements and their 95 % intervals."""

import pytest

from svi_studio.domain.training.confidence import Estimate, estimate, quantile


def test_the_interval_is_students() -> None:
    found = estimate([1.0, 2.0, 3.0])
    assert found is not None
    assert found.mean == 2.0
    assert found.high - found.mean == pytest.approx(4.303 / 3**0.5)


def test_one_measurement_has_no_width() -> None:
    assert estimate([7.0]) == Estimate(7.0, 7.0, 7.0, 1)


def test_nothing_measured_is_nothing() -> None:
    assert estimate([]) is None


@pytest.mark.parametrize(("degrees", "value"), [(1, 12.706), (30, 2.042), (31, 2.0395), (63, 1.9983), (1000, 1.9623)])
def test_quantiles_agree_with_tables(degrees: int, value: float) -> None:
    assert quantile(degrees) == pytest.approx(value, abs=1e-3)
