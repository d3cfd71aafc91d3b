from xml.etree import ElementTree

from trainer.mini.line_chart import line_chart


def test_a_chart_draws_every_value_of_every_line() -> None:
    chart = ElementTree.fromstring(
        line_chart("Drift < 1", {"colour": [0.0, 1.0, 2.0], "sharpness": [100.0, 90.0, 95.0]})
    )
    lines = chart.findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.get("points", "").split()) for line in lines] == [3, 3]
