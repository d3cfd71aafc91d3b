"""Sets of bytes agree with plain sets of numbers."""

from hypothesis import given
from hypothesis import strategies as st

from svi_studio.hub.byte_ranges import ByteRanges

SPANS = st.lists(st.tuples(st.booleans(), st.integers(0, 40), st.integers(0, 40)), max_size=12)


@given(SPANS)
def test_ranges_hold_what_a_set_of_numbers_holds(steps: list[tuple[bool, int, int]]) -> None:
    ranges, numbers = ByteRanges(), set[int]()
    for is_added, start, end in steps:
        (ranges.add if is_added else ranges.remove)(start, end)
        numbers = numbers | {*range(start, end)} if is_added else numbers - {*range(start, end)}
    held = [number for each in ranges for number in range(*each)]
    assert held == sorted(numbers)
    assert [number for gap in ranges.gaps(40) for number in range(*gap)] == sorted({*range(40)} - numbers)
    assert all(one.end < other.start for one, other in zip(list(ranges), list(ranges)[1:], strict=False))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12))
def test_ranges_that_are_given_together_are_those_added_one_by_one(spans: list[tuple[int, int]]) -> None:
    one_by_one = ByteRanges()
    for span in spans:
        one_by_one.add(*span)
    assert list(ByteRanges(spans)) == list(one_by_one)
