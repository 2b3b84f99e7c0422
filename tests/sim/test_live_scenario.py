from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from sim.live.behaviour import answer, answer_and_drop, give_up, press, reject, ring_on, talk
from sim.live.caller_scenario import CallerScenario, Dialling, Programme
from sim.live.operator_scenario import OperatorScenario, register_scenario
from sim.live.scenario import Scenario, execute, number_from, remember

pytestmark = pytest.mark.unit

STEPS = ("send", "recv", "nop", "pause")


def parse(xml: str) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314  # our own text


def steps_of(xml: str) -> list[ET.Element]:
    """The steps in the order in which SIPp numbers them."""
    return [one for one in parse(xml) if one.tag in STEPS]


def labels_of(xml: str) -> set[str]:
    return {one.attrib["id"] for one in parse(xml).iter("label")}


def files_of(step: ET.Element) -> list[str]:
    return [one.attrib["rtp_stream"] for one in step.iter("exec")]


def assert_every_jump_has_a_target(xml: str) -> None:
    labels = labels_of(xml)
    steps = steps_of(xml)
    for step in steps:
        assert {step.attrib.get("next"), step.attrib.get("ontimeout")} - {None} <= labels
        for jump in step.iter("jump"):
            assert int(jump.attrib.get("value", 0)) < len(steps)


def test_labels_are_numbered_as_sipp_numbers_steps() -> None:
    scenario = Scenario("test")
    scenario.nop()
    scenario.target("here")
    scenario.send("ACK sip:x SIP/2.0")
    assert scenario.index("here") == 2
    assert steps_of(scenario.xml())[2].tag == "send"


def test_a_label_is_remembered_by_its_index() -> None:
    scenario = Scenario("test")
    scenario.nop(remember("end", "back"))
    scenario.target("end")
    scenario.nop()
    jumping = steps_of(scenario.xml())[0]
    assert [one.attrib for one in jumping.iter("assign")] == [{"assign_to": "back", "value": "2"}]


def test_a_label_set_twice_is_refused() -> None:
    scenario = Scenario("test")
    scenario.label("here")
    with pytest.raises(ValueError, match="set twice"):
        scenario.label("here")


def test_attributes_are_in_double_quotes_only() -> None:
    scenario = Scenario("test")
    scenario.nop(*number_from('[field1 line="[$line]"]', "tone"))
    assert "'" not in scenario.xml()
    assert steps_of(scenario.xml())[0].find("action/assignstr").attrib["value"] == '[field1 line="[$line]"]'  # type: ignore[union-attr]


def test_variables_that_are_only_written_are_referenced_after_the_steps() -> None:
    scenario = Scenario("test")
    scenario.nop(execute(rtp_stream="x,1,0"))
    scenario.reference("unused")
    assert list(parse(scenario.xml()))[-1].attrib == {"variables": "unused"}


def callers(*programmes: Programme, delayed: bool = False) -> CallerScenario:
    diallings = [Dialling(one.withheld, True, one.behaviour.give_up_after_s) for one in programmes]
    return CallerScenario(diallings, programmes, delayed=delayed)


@pytest.mark.parametrize("delayed", [False, True])
def test_a_caller_scenario_of_every_behaviour_is_whole(delayed: bool) -> None:
    behaviours = [talk(1), talk(2.5), press("12#", 0.5), give_up(1.5)]
    programmes = [Programme(one, withheld, 300) for one in behaviours for withheld in (False, True)]
    diallings = [Dialling(False, sdp, after) for sdp in (False, True) for after in (1.5, 60)]
    scenario = CallerScenario([*diallings, *diallings], programmes, delayed=delayed)
    assert_every_jump_has_a_target(scenario.xml)


def test_each_caller_tone_has_a_step_of_its_own() -> None:
    scenario = callers(Programme(talk(1), False, 300), Programme(talk(1), False, 310))
    steps = steps_of(scenario.xml)
    assert files_of(steps[scenario.tone_step(300)]) == ["tone-300.ul,-1,0"]
    assert files_of(steps[scenario.tone_step(310)]) == ["tone-310.ul,-1,0"]
    assert files_of(steps[scenario.tone_step(None)]) == []


def test_the_step_before_a_jumps_target_has_no_next() -> None:
    programme = Programme(press("1", 1), False, 300)
    scenario = callers(programme)
    steps = steps_of(scenario.xml)
    targets = [scenario.tone_step(300), scenario.tone_step(None), scenario.programme_step(programme)]
    targets.append(scenario.dial_step(Dialling(False, True, programme.behaviour.give_up_after_s)))
    assert [steps[at - 1].attrib.get("next") for at in targets] == [None] * 4


def test_callers_that_behave_alike_share_a_programme_whatever_their_tone() -> None:
    scenario = callers(Programme(talk(1), False, 300), Programme(talk(1), False, 310))
    assert scenario.programme_step(Programme(talk(1), False, 300)) == scenario.programme_step(
        Programme(talk(1), False, 310)
    )


def test_a_key_ends_the_tone_and_the_tone_starts_again() -> None:
    scenario = callers(Programme(press("5", 1), False, 300))
    steps = steps_of(scenario.xml)
    [key] = [at for at, step in enumerate(steps) if files_of(step) == ["key-5.events,1,98"]]
    restarts = [jump for step in steps[key + 1 :] for jump in step.iter("jump")]
    assert [jump.attrib["variable"] for jump in restarts] == ["tone"]


def test_a_withheld_caller_is_anonymous_and_tells_no_identity() -> None:
    scenario = callers(Programme(talk(1), True, None))
    invites = [step.text or "" for step in steps_of(scenario.xml) if (step.text or "").startswith("\nINVITE")]
    assert [("Privacy: id" in text, "anonymous" in text, "field1" in text) for text in invites] == [
        (True, True, False)
    ]


def test_an_operator_scenario_of_every_behaviour_is_whole() -> None:
    behaviours = [answer(), answer(1.0, 2.0), ring_on(), reject(), reject("603 Decline"), answer_and_drop()]
    scenario = OperatorScenario(behaviours, [1000, 1020, None], "operators.csv")
    assert_every_jump_has_a_target(scenario.xml)
    assert len({scenario.behaviour_step(one) for one in behaviours}) == len(behaviours)


def test_operators_that_all_behave_alike_answer_without_a_jump_first() -> None:
    scenario = OperatorScenario([answer(), answer()], [1000], "operators.csv")
    tags = [step.tag for step in steps_of(scenario.xml)][:4]
    assert tags == ["recv", "recv", "send", "send"]


def test_the_registration_answers_the_challenge() -> None:
    steps = steps_of(register_scenario("<sip:[field0]@127.0.0.1:6000>"))
    assert [step.attrib.get("response") for step in steps if step.attrib.get("auth")] == ["401"]
    assert "[field1]" in (steps[4].text or "")
