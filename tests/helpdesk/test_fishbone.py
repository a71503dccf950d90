from xml.etree import ElementTree

from helpdesk.charts import Bone, Caption, Twig, draw_fishbone

BONES = [
    Bone("People", ()),
    Bone("Process", (Twig("No second look", "hypothesis", "Hypothesis"),)),
    Bone(
        "Product",
        (
            Twig("The retry charges <again>", "verified", "Verified"),
            Twig("No key on the charge", "testing", "Testing", 1),
        ),
    ),
    Bone("Information", ()),
    Bone("Checks", (Twig("x" * 200, "refuted", "Refuted"),)),
    Bone("Outside", ()),
]


def test_a_fishbone_says_in_its_table_all_that_it_shows():
    chart = draw_fishbone(Caption("Verified under: Product", "Causes", 4), "Charged twice", BONES)
    ElementTree.fromstring(chart.svg)  # well-formed, whatever people typed
    assert ("Product", "The retry charges <again>", "Verified") in chart.rows
    assert ("Product", "› No key on the charge", "Testing") in chart.rows
    assert ("People", "nothing named", "–") in chart.rows
    assert "✓ The retry charges &lt;" in chart.svg
    assert "Charged twice" in chart.svg


def test_words_too_long_for_a_bone_are_cut_and_whole_in_the_title():
    chart = draw_fishbone(Caption("x", "Causes", 4), "Charged twice", BONES)
    assert "…" in chart.svg
    assert f"{'x' * 200} (Refuted)" in chart.svg


def test_no_cause_at_all_is_six_empty_bones():
    chart = draw_fishbone(Caption("x", "Causes", 0), "y", [Bone(bone.label, ()) for bone in BONES])
    assert len(chart.rows) == 6
