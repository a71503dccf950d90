"""A small slice of `python -m bench.loop suggest`, by words alone: encoding takes too long for every run."""

import pytest

from bench.loop import suggest
from bench.loop.files import DataError
from bench.loop.suggest import NONE, correlation, read_requests, run_data


@pytest.fixture(autouse=True)
def words_alone(settings):
    settings.TEXT_ENCODER = "none"


def write(path, rows, header="text,label"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *(f'"{text}",{label}' for text, label in rows)]) + "\n")


def some(label, words, count):
    return [(f"{words} {number}", label) for number in range(count)]


def test_thirty_reasons_with_fourteen_requests_each_and_some_that_fit_none():
    requests = read_requests()
    counts = {label: requests.labels.count(label) for label in set(requests.labels)}
    assert counts.pop(NONE) == 30
    assert len(counts) == 30
    assert set(counts.values()) == {14}
    assert len(set(requests.texts)) == len(requests.texts)


def test_ten_examples_a_reason_are_worth_something_by_words_alone():
    [found] = [suggest._draw(read_requests(), 10, None, seed=3)]
    assert found.first > 0.4
    assert found.among_three > 0.65


def test_a_data_set_of_ones_own_is_read(tmp_path):
    known = [
        *some("late_parcel", "where is my parcel", 12),
        *some("charged_twice", "you charged me twice", 12),
    ]
    write(tmp_path / "train.csv", known)
    asked = [
        ("where is the parcel", "late_parcel"),
        ("charged two times, twice", "charged_twice"),
        ("zebra", "oos"),
    ]
    write(tmp_path / "test.csv", asked)
    found = {one.name: one.value for one in run_data(tmp_path, draws=1)}
    assert found["full: right at first"] == found["3 shots: right at first"] == 1
    assert "full: MCC with unknowns" in found


def test_a_folder_of_data_sets_is_read_one_after_another(tmp_path):
    for name in ("one", "two"):
        write(
            tmp_path / name / "train.csv",
            [*some("a", "late parcel", 3), *some("b", "wrong fee", 3)],
            "sentence,label",
        )
        write(tmp_path / name / "test.csv", [("my parcel", "a")], "sentence,label")
    names = [one.name for one in run_data(tmp_path, draws=1)]
    assert names[0] == "one, full: right at first"
    assert "two, 3 shots: right at first" in names
    assert not any("MCC" in name for name in names)


def test_a_folder_without_data_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"train\.csv"):
        list(run_data(tmp_path))


def test_the_correlation_is_one_when_all_is_right_and_zero_when_all_is_said_alike():
    assert correlation(["a", "b", ""], ["a", "b", ""]) == 1
    assert correlation(["a", "b", ""], ["a", "a", "a"]) == 0
