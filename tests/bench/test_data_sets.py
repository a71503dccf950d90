import subprocess
import sys

import numpy as np
import pytest

from bench.loop import localise, surge
from bench.loop.files import DataError, read


def write(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def amounts(folder, *, name="100", truth="region=r1&version=v2"):
    chance = np.random.default_rng(1)
    rows = ["region,version,real,predict"]
    for region in range(8):
        for version in range(6):
            forecast = 50 + 100 * chance.random()
            share = 0.5 if (region, version) == (1, 2) else 1 + chance.normal(0, 0.02)
            rows.append(f"r{region},v{version},{forecast * share:.3f},{forecast:.3f}")
    write(folder / f"{name}.csv", *rows)
    return write(folder / "injection_info.csv", "timestamp,set", f"{name},{truth}")


def signals(folder, days=420, **changed):
    chance = np.random.default_rng(2)
    counts, outbreak = chance.poisson(5, (days, 2)), np.zeros(days, int)
    outbreak[-20:-14] = 1
    counts[-20:-14, 0] += 15
    rows = [f"{day},0,{outbreak[day]},{counts[day, 0]},{counts[day, 1]}" for day in range(days)]
    for row, text in changed.items():
        rows[int(row.removeprefix("row"))] = text
    return write(folder / "two.csv", "day,holiday,outbreak_north,north,south", *rows)


def found(measures):
    return {one.name: one.value for one in measures}


def test_causes_in_files_of_amounts_are_found(tmp_path):
    amounts(tmp_path / "mine")
    values = found(localise.run_data(tmp_path))
    assert values["mine: F1"] == 1
    assert values["mine: top-1"] == 1


def test_causes_in_files_of_tickets_are_found(tmp_path):
    cells = [(region, version) for region in "abcd" for version in "xyz"]
    rows = [f"{r},{v},{60 if (r, v) == ('b', 'z') else 10},{40}" for r, v in cells]
    write(tmp_path / "1.csv", "region,version,now,before", *rows)
    write(tmp_path / "injection_info.csv", "timestamp,set", "1,version=z&region=b")
    assert found(localise.run_data(tmp_path))["files: F1"] == 1


def test_outbreaks_in_files_of_signals_are_found(tmp_path):
    signals(tmp_path)
    values = found(surge.run_data(tmp_path))
    assert values["2 signals, 210 days: POD"] == 1
    assert values["2 signals, 210 days: specificity"] > 0.9


def test_outbreaks_of_no_series_are_told(tmp_path):
    path = signals(tmp_path)
    path.write_text(path.read_text().replace("outbreak_north", "outbreak_west"))
    with pytest.raises(DataError, match="“outbreak_west” belongs to none of the series"):
        list(surge.run_data(tmp_path))


def test_outbreaks_may_be_told_for_all_series_at_once(tmp_path):
    path = signals(tmp_path)
    path.write_text(path.read_text().replace("outbreak_north", "outbreak"))
    assert found(surge.run_data(tmp_path))["2 signals, 210 days: POD"] >= 0.5


def test_without_a_truth_the_days_flagged_are_counted(tmp_path):
    path = signals(tmp_path)
    path.write_text(path.read_text().replace("outbreak_north", "third"))
    assert 0 < found(surge.run_data(tmp_path))["two: days flagged of 1,000"] < 100


def test_a_word_where_a_number_belongs_is_told_with_its_place(tmp_path):
    signals(tmp_path, row7="7,0,0,many,5")
    with pytest.raises(DataError, match=r"two\.csv: line 9: column “north” should be a number, not “many”"):
        list(surge.run_data(tmp_path))


def test_a_missing_day_is_told_with_its_place(tmp_path):
    signals(tmp_path, row7="8,0,0,5,5")
    with pytest.raises(DataError, match=r"line 9: column “day” should be the day after"):
        list(surge.run_data(tmp_path))


def test_a_cause_that_does_not_occur_is_told_with_its_place(tmp_path):
    amounts(tmp_path, truth="region=r99")
    with pytest.raises(DataError, match=r"injection_info\.csv: line 2: column “set” should be causes"):
        list(localise.run_data(tmp_path))


def test_a_truth_without_its_file_is_told(tmp_path):
    amounts(tmp_path).write_text("timestamp,set\n200,region=r1\n")
    with pytest.raises(DataError, match="line 2: column “timestamp”"):
        list(localise.run_data(tmp_path))


def test_a_folder_without_a_truth_is_told(tmp_path):
    with pytest.raises(DataError, match=r"holds no injection_info\.csv"):
        list(localise.run_data(tmp_path))


def test_a_row_of_another_length_is_told(tmp_path):
    with pytest.raises(DataError, match=r"a\.csv: line 3: has 1 cells, the header has 2"):
        read(write(tmp_path / "a.csv", "x,y", "1,2", "3"))


@pytest.mark.parametrize("text", ["", "x,y\n", "x,x\n1,2\n"], ids=["empty", "no rows", "one name twice"])
def test_a_file_without_header_or_rows_is_told(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(DataError, match="needs a header"):
        read(path)


def test_the_command_prints_the_table_of_a_folder_and_its_faults(tmp_path):
    amounts(tmp_path / "localise" / "mine")
    command = [sys.executable, "-m", "bench.loop", "localise", "--data", str(tmp_path)]
    good = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (good.returncode, "mine: F1" in good.stdout) == (0, True)
    (tmp_path / "localise" / "mine" / "100.csv").write_text("region,real\na,1\n")
    bad = subprocess.run(command, capture_output=True, text=True, check=False)
    assert bad.returncode == 2
    assert "100.csv: line 1: there is no column “predict”" in bad.stderr
