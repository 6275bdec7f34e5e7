import pytest

from cities.interface.charts import Point, Series, axis, bars, labels_below, lines, nice_ceiling


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (3, 5), (17, 20), (21, 25), (96, 100), (101, 200), (0.3, 0.5)]
)
def test_an_axis_ends_at_a_round_number(value, top):
    assert nice_ceiling(value) == pytest.approx(top)


def test_counts_get_no_fractions_on_the_axis():
    assert [tick.text for tick in axis(1)] == ["0", "1"]
    assert [tick.text for tick in axis(2)] == ["0", "1", "2"]
    assert [tick.text for tick in axis(50)] == ["0", "10", "20", "30", "40", "50"]
    assert [tick.text for tick in axis(100)] == ["0", "25", "50", "75", "100"]


def test_a_line_runs_from_corner_to_corner():
    drawn, top = lines([Series("a", [Point("1", 0), Point("2", 100)])])

    assert top == 100
    assert drawn[0].path == "0.0,300.0 1000.0,0.0"


def test_several_lines_share_one_scale():
    drawn, top = lines([Series("a", [Point("1", 10)]), Series("b", [Point("1", 100)])])

    assert top == 100
    assert [line.end_y for line in drawn] == [270.0, 0.0]


def test_no_points_draw_nothing():
    drawn, _top = lines([Series("a", [])])

    assert drawn[0].path == ""
    assert labels_below([]) == []


def test_the_labels_below_are_the_first_the_last_and_some_between():
    points = [Point(str(day), day) for day in range(1, 32)]

    assert labels_below(points, most=4) == ["1", "11", "21", "31"]


def test_bars_are_measured_against_the_longest_and_never_negative():
    assert [bar.share for bar in bars([Point("a", 50), Point("b", 100), Point("c", -5)])] == [500, 1000, 0]


def test_a_chart_says_the_same_as_a_table(draw):
    html = draw("{% bar_chart points title='Asked' %}", points=[Point("Ward 1", 5, "$5", "/ward-1")])

    assert '<th scope="row">Ward 1</th>' in html
    assert '<a href="/ward-1">$5</a>' in html
    assert 'aria-hidden="true"' in html


def test_a_line_chart_lists_every_series_per_day(draw):
    series = [
        Series("This", [Point("Mon", 1), Point("Tue", 2)]),
        Series("Last", [Point("Mon", 3), Point("Tue", 4)]),
    ]

    html = draw("{% line_chart series title='By day' %}", series=series)

    assert html.count('<td class="num">') == 4
    assert '<th scope="col" class="num">Last</th>' in html


def test_figures_in_svg_keep_their_point_in_every_language(draw):
    from django.utils import translation

    with translation.override("es"):
        html = draw("{% bar_chart points title='Asked' %}", points=[("a", 3), ("b", 1)])

    assert 'width="333.3"' in html
