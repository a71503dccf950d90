"""The charts: what they draw, what their tables say, and that they look the same outside the page."""

import math
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from helpdesk import charts, style_guide
from helpdesk.charts import palette, scale

CAPTION = charts.Caption("A finding", "tickets", 1234, "May")


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def marks(svg: str) -> list[ElementTree.Element]:
    return [node for node in parsed(svg).iter() if node.get("class") == "ch-mark"]


def readings(svg: str) -> list[str]:
    return [mark[0].text or "" for mark in marks(svg)]


# --- scales -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 20, [0, 5, 10, 15, 20]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
        (0, 0.74, [0, 0.2, 0.4, 0.6, 0.8]),
        (0, 138, [0, 50, 100, 150]),
        (-30, 60, [-50, -25, 0, 25, 50, 75]),
        (0, 1_000_000, [0, 250_000, 500_000, 750_000, 1_000_000]),
    ],
)
def test_ticks_are_round_numbers_that_enclose_the_data(low, high, ticks):
    assert scale.nice_ticks(low, high) == ticks


def test_counts_get_no_fractional_ticks():
    assert scale.nice_ticks(0, 2, whole=True) == [0, 1, 2]


def test_a_scale_starts_at_zero_even_when_no_value_is_near_it():
    line, ticks = scale.value_scale([900, 1000], start=100, end=0)
    assert ticks[0] == 0
    assert line(0) == 100


def test_a_scale_without_values_still_draws():
    line, ticks = scale.value_scale([None], start=100, end=0)
    assert ticks == [0, 1]
    assert line(1) == 0


def test_labels_that_would_touch_are_stepped_over():
    assert scale.every_nth(["28 May"] * 50, room=400) > 5
    assert scale.every_nth(["Jan", "Feb"], room=400) == 1


def test_long_labels_are_cut_where_the_room_ends():
    assert scale.shorten("Parcel marked delivered", 60).endswith("…")
    assert scale.shorten("Short", 60) == "Short"


def test_a_label_breaks_between_words_before_it_is_cut():
    assert scale.two_lines("Kept by refunds", 60, 11) == ["Kept by", "refunds"]
    assert scale.two_lines("Short", 60, 11) == ["Short"]
    assert scale.two_lines("Unpronounceability everywhere", 60, 11)[0].endswith("…")


# --- each chart ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("chart", style_guide.all_charts(), ids=lambda chart: chart.title[:20])
def test_every_chart_is_well_formed_small_and_has_its_table(chart):
    root = parsed(chart.svg)
    assert root.get("role") in {"img", "group"}
    assert chart.title in (root.get("aria-label") or "")
    assert len(chart.svg) < 8_000
    assert chart.rows
    assert all(len(row) == len(chart.columns) for row in chart.rows)
    assert "style=" not in chart.svg
    assert not re.search(r"(fill|stroke)=", chart.svg)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.draw_bars(CAPTION, []),
        lambda: charts.draw_pareto(CAPTION, []),
        lambda: charts.draw_lines(CAPTION, []),
        lambda: charts.draw_control_chart(CAPTION, [], []),
        lambda: charts.draw_band(CAPTION, []),
        lambda: charts.draw_cumulative(CAPTION, []),
        lambda: charts.draw_waterfall(CAPTION, []),
    ],
)
def test_an_empty_chart_is_still_a_picture(draw):
    chart = draw()
    assert parsed(chart.svg) is not None
    assert chart.rows == ()


def test_the_subtitle_says_measure_n_and_period():
    assert CAPTION.subtitle == "tickets · n = 1,234 · May"
    assert charts.Caption("x", "tickets").subtitle == "tickets"


def test_marks_with_a_url_open_it_and_the_picture_is_then_a_group():
    chart = charts.draw_bars(CAPTION, [charts.Bar("A", 2, "/t/?a=1&b=2"), charts.Bar("B", 1)])
    assert parsed(chart.svg).get("role") == "group"
    assert [mark.get("href") for mark in marks(chart.svg)] == ["/t/?a=1&b=2", None]
    assert parsed(charts.draw_bars(CAPTION, [charts.Bar("B", 1)]).svg).get("role") == "img"


def test_what_users_wrote_is_escaped():
    nasty = '<script>alert("x")</script>'
    svg = charts.draw_bars(charts.Caption(nasty, nasty), [charts.Bar(nasty, 1, '"><b>')]).svg
    assert "<script" not in svg
    assert "<b>" not in svg
    assert nasty in readings(svg)[0]


def test_a_pareto_orders_folds_and_always_shows_what_is_uncoded():
    causes = [
        charts.Cause(name, value) for name, value in [("C", 1), ("A", 60), ("B", 20), ("D", 1), ("E", 2)]
    ]
    chart = charts.draw_pareto(CAPTION, [charts.Cause("Not coded", 16, uncoded=True), *causes], top=2)
    assert chart.rows == (
        ("A", "60", "60 %"),
        ("B", "20", "80 %"),
        ("3 others", "4", "84 %"),
        ("Not coded", "16", "100 %"),
    )
    assert "ch-bar-uncoded" in chart.svg


def test_a_long_tail_is_cut_and_does_not_press_the_causes_flat():
    causes = [charts.Cause("A", 30), charts.Cause("B", 20), *(charts.Cause(f"C{n}", 10) for n in range(40))]
    chart = charts.draw_pareto(CAPTION, causes, top=2)
    lengths = [
        float(bar.get("width")) for bar in parsed(chart.svg).iter() if "ch-bar" in (bar.get("class") or "")
    ]
    assert lengths[0] == lengths[2] > lengths[1] > lengths[0] / 2
    assert chart.svg.count("ch-break") == 1
    assert chart.rows[2][1] == "400"


def test_a_pareto_does_not_fold_a_single_cause():
    causes = [charts.Cause("A", 3), charts.Cause("B", 2), charts.Cause("C", 1)]
    assert [row[0] for row in charts.draw_pareto(CAPTION, causes, top=2).rows] == ["A", "B", "C"]


def test_a_control_chart_shows_eras_signals_actions_and_the_detection():
    points = [charts.ControlPoint(f"W{i}", value, signal=sign) for i, (value, sign) in enumerate(
        [(10, ""), (18, "rise"), (4, "fall"), (5, "")]
    )]  # fmt: skip
    eras = [charts.Era(0, 2, 10, 4, 16), charts.Era(2, 4, 4.5, 0, 9)]
    happened = [charts.Mark(1, "Surge found", "detection"), charts.Mark(2, "Fix shipped", url="/cases/31/")]
    chart = charts.draw_control_chart(CAPTION, points, eras, marks=happened)
    assert chart.svg.count("ch-zone") == chart.svg.count("ch-mean") == 2
    assert chart.svg.count("ch-limit") == 3  # the lower limit of the second era lies on the axis
    assert "ch-point-up" in chart.svg
    assert "ch-point-down" in chart.svg
    assert chart.rows[1] == ("W1", "18", "10", "4–16", "Surge found; above what is usual")
    assert chart.rows[2][3:] == ("0–9", "Fix shipped; below what is usual")


def test_the_words_of_two_fixes_in_neighbouring_weeks_do_not_lie_on_each_other():
    points = [charts.ControlPoint(f"W{i}", 5) for i in range(40)]
    near = [charts.Mark(20, "fix in place, 15 Jun"), charts.Mark(21, "fix in place, 24 Jun")]
    far = [charts.Mark(5, "fix in place, 1 Mar"), charts.Mark(21, "fix in place, 24 Jun")]

    def heights(marks):
        drawn = charts.draw_control_chart(CAPTION, points, [], marks=marks).svg
        return re.findall(r'<text class="ch-action-text"[^>]* y="([\d.]+)"', drawn)

    assert len(set(heights(near))) == 2
    assert len(set(heights(far))) == 1


def test_limits_of_a_point_move_with_it_and_stand_in_its_table():
    points = [
        charts.ControlPoint(f"W{n}", 5.0, usual=charts.Usual(5 + n, 2 + n, 9 + n), note="5 tickets")
        for n in range(4)
    ]
    chart = charts.draw_control_chart(CAPTION, points, [])
    assert chart.rows[3] == ("W3", "5 (5 tickets)", "8", "5–12", "")
    columns, rows = chart.for_file
    assert rows[3] == ("W3", 5.0, "5 tickets", 8, 5, 12, "")
    assert len(columns) == len(rows[3])
    assert chart.svg.count("ch-limit") == 2


def test_a_seam_is_drawn_as_two_lines_and_told_in_the_key():
    points = [charts.ControlPoint(f"W{n}", 5.0) for n in range(4)]
    chart = charts.draw_control_chart(CAPTION, points, [], marks=[charts.Mark(2, "release 3", "seam")])
    assert chart.svg.count('class="ch-event"') == 2
    assert any("counted otherwise" in entry for entry in chart.key)
    lines = charts.draw_lines(CAPTION, [charts.Line("A", [charts.LinePoint("W1", 1.0), charts.LinePoint("W2", 2.0)])],
                              marks=[charts.Mark(1, "release 3", "seam")])  # fmt: skip
    assert lines.rows[1] == ("W2", "2", "release 3")


@pytest.mark.parametrize("chart", style_guide.all_charts(), ids=lambda chart: chart.title[:20])
def test_every_chart_is_a_png_and_has_numbers_for_a_file(chart):
    assert charts.as_png(charts.as_file(chart)).startswith(b"\x89PNG")
    columns, rows = chart.for_file
    assert all(len(row) == len(columns) for row in rows)


def test_a_picture_without_a_size_is_refused():
    with pytest.raises(ValueError, match="width and height"):
        charts.as_png("<svg/>")


def test_a_band_draws_no_point_for_what_is_still_to_come():
    points = [
        charts.BandPoint("1", 10, 6, 14, 20),
        charts.BandPoint("2", 10, 6, 14, 3),
        charts.BandPoint("3", 10, 6, 14),
    ]
    chart = charts.draw_band(CAPTION, points)
    assert readings(chart.svg) == ["1: 20, expected 6 to 14", "2: 3, expected 6 to 14"]
    assert "ch-point-up" in chart.svg
    assert "ch-point-down" in chart.svg
    assert chart.rows[2] == ("3", "–", "10", "6–14")


def test_a_line_has_a_gap_where_nothing_was_measured():
    points = [charts.LinePoint("Jan", 1), charts.LinePoint("Feb", None), charts.LinePoint("Mar", 3)]
    chart = charts.draw_lines(CAPTION, [charts.Line("Rate", points)])
    path = next(node for node in parsed(chart.svg).iter() if node.get("class") == "ch-line")
    assert (path.get("d") or "").count("M") == 2
    assert chart.rows[1] == ("Feb", "–")


def test_a_fourth_line_is_refused():
    with pytest.raises(ValueError, match="at most three"):
        charts.draw_lines(CAPTION, [charts.Line(str(i), []) for i in range(4)])


def test_a_waterfall_starts_each_step_where_the_last_ended():
    steps = [charts.Step("A", 10), charts.Step("B", -4), charts.Step("Sum", 6, total=True)]
    chart = charts.draw_waterfall(CAPTION, steps)
    boxes = [node for node in parsed(chart.svg).iter() if node.get("rx")]
    tops = [float(box.get("y") or 0) for box in boxes]
    assert tops[0] == tops[1]  # the fall begins at the top of the rise
    assert math.isclose(float(boxes[1].get("height") or 0) + tops[1], tops[2], abs_tol=0.2)
    assert [row[1] for row in chart.rows] == ["+10", "−4", "6"]


def test_a_sparkline_of_nothing_is_nothing():
    assert charts.draw_sparkline([None], title="x") == ""
    assert "ch-point-down" in charts.draw_sparkline([3, 1], title="x", tone="down")


# --- outside the page ---------------------------------------------------------------------------------


def test_a_standalone_picture_has_its_colours_and_no_classes():
    svg = style_guide.control_chart().standalone()
    assert "class=" not in svg
    assert palette.TOKENS["loop"] in svg
    assert parsed(svg).get("font-family")


def test_every_class_a_chart_uses_has_a_colour_in_both_places():
    css = (Path(settings.BASE_DIR) / "static/css/components/chart.css").read_text()
    structural = {"ch-mark", "ch-small", "ch-wide"}
    drawn = "".join(chart.svg for chart in style_guide.all_charts()) + style_guide.spark()
    used = (
        {name for group in re.findall(r'class="([^"]+)"', drawn) for name in group.split()}
        - structural
        - {"spark"}
    )
    assert used <= set(palette.ATTRIBUTES)
    assert all(f".{name} " in css for name in palette.ATTRIBUTES)


def oklch_to_hex(lightness: float, chroma: float, hue: float) -> str:
    """After Björn Ottosson's definition of Oklab (2020), clipped to sRGB."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    gamma = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear)
    return "#" + "".join(f"{round(min(max(c, 0), 1) * 255):02x}" for c in gamma)


@pytest.mark.parametrize("token", palette.TOKENS)
def test_the_light_colours_are_those_of_the_tokens(token):
    css = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
    light = re.search(rf"--{token}: light-dark\(oklch\(([^)]+)\)", css)
    assert light
    assert oklch_to_hex(*map(float, light[1].split())) == palette.TOKENS[token]
