from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from sim.many import parcel
from sim.many.parcel import OtherProgramError, pack, program, unpacked
from sim.run import run
from sim.scenario import Scenario, load_scenario
from tests.sim.scenarios import ROOT, bare, tax_day

pytestmark = pytest.mark.unit


def test_a_parcel_needs_nothing_of_the_machine_that_packed_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "calls.csv").write_text("at\n2026-05-07T10:00:00\n2026-05-07T10:00:01\n", encoding="utf-8")
    scenario = tax_day(
        project=str(tmp_path / "config/projects/saitama-autotax.yaml"), arrivals={"file": "calls.csv"}
    ).model_copy(update={"folder": tmp_path})
    expected = run(scenario).summary | {"calls_per_second": None}
    sent = pickle.loads(pickle.dumps(pack(scenario)))  # noqa: S301  our own
    shutil.rmtree(tmp_path)
    with unpacked(sent) as again:
        folder = again.folder
        assert run(again).summary | {"calls_per_second": None} == expected
    assert expected["offered"] == 2
    assert not folder.exists()


@pytest.mark.parametrize("path", sorted(ROOT.glob("config/scenarios/*.yaml")), ids=lambda path: path.stem)
def test_every_scenario_is_the_same_after_the_journey(path: Path) -> None:
    scenario = load_scenario(path)
    with unpacked(pack(scenario)) as again:
        changed = {"folder": scenario.folder, "project": scenario.project}
        assert again.model_copy(update=changed) == scenario


def test_files_of_one_name_in_two_folders_are_two_files(tmp_path: Path) -> None:
    for folder, seconds in (("a", 10), ("b", 20)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "times.csv").write_text(f"{seconds}\n", encoding="utf-8")
    scenario = bare(
        handle={"distribution": "empirical", "file": "a/times.csv"},
        patience={"distribution": "empirical", "file": "b/times.csv"},
    ).model_copy(update={"folder": tmp_path})
    with unpacked(pack(scenario)) as again:
        assert again.patience is not None
        names = [again.handle.file, again.patience.file]
        assert [again.find(name).read_text() for name in names if name] == ["10\n", "20\n"]


def test_another_program_does_not_run_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario: Scenario = bare()
    sent = pack(scenario, for_other_machines=True)
    assert sent.program == program()
    with unpacked(sent) as again:
        assert again == scenario.model_copy(update={"folder": again.folder})
    monkeypatch.setattr(parcel, "program", lambda: "another")
    with pytest.raises(OtherProgramError, match="another version"), unpacked(sent):
        pass
