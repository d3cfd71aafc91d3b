"""J, K and L: how fast the film plays after one more press."""

FASTEST = 8.0


def faster(rate: float, direction: int) -> float:
    """The rate after one more press of L (``direction`` 1) or J (-1): 1, 2, 4, 8; the other key turns round."""
    if rate * direction <= 0:
        return float(direction)
    return direction * min(abs(rate) * 2, FASTEST)
