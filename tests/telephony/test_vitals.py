"""Well, dead or hung: judged on looks made up, with a clock made up."""

from __future__ import annotations

import pytest

from telephony.vitals import Answer, Judge, Look, Verdict

pytestmark = pytest.mark.unit

YES, NO, SHUT = Answer.ANSWERED, Answer.SILENT, Answer.REFUSED
BUSY_S = 2.0


class Course:
    """Looks every five seconds, each as long as its slowest door."""

    def __init__(self, judge: Judge | None = None) -> None:
        self.judge = judge or Judge()
        self.now = 1000.0
        self.there: bool | None = True

    def look(self, took_s: float = 0.01, **doors: Answer) -> Verdict:
        began, self.now = self.now, self.now + took_s
        verdict = self.judge.hear(Look(began, self.now, self.there, doors))
        self.now += 5.0
        return verdict

    def looks(self, count: int, took_s: float = 0.01, **doors: Answer) -> list[Verdict]:
        return [self.look(took_s, **doors) for _ in range(count)]


def test_all_doors_answer() -> None:
    course = Course()
    assert set(course.looks(100, ari=YES, sip=YES)) == {Verdict.WELL}
    assert course.judge.why == ""


@pytest.mark.parametrize("doors", [{"ari": YES, "sip": NO}, {"ari": NO, "sip": YES}, {"ari": NO, "sip": NO}])
def test_one_door_that_stays_shut_is_enough(doors: dict[str, Answer]) -> None:
    course = Course()
    course.look(ari=YES, sip=YES)
    verdicts = course.looks(5, 4.0, **doors)
    assert verdicts == [Verdict.WELL] * 3 + [Verdict.HUNG] * 2
    assert [name in course.judge.why for name in doors] == [answer is NO for answer in doors.values()]
    assert "has not answered for 40 s" in course.judge.why


def test_a_call_that_gets_stuck_is_hung_though_ari_and_sip_answer() -> None:
    course = Course()
    assert course.looks(9, 4.0, ari=YES, sip=YES, call=NO)[-1] is Verdict.HUNG


def test_a_busy_machine_is_never_hung() -> None:
    course = Course()
    for number in range(200):  # three of four knocks are lost, and the fourth is slow
        answer = YES if number % 4 == 3 else NO
        assert course.look(BUSY_S if answer is YES else 4.0, ari=answer, sip=YES) is Verdict.WELL


def test_silence_between_two_answers_is_no_sum() -> None:
    course = Course()
    course.looks(3, 4.0, ari=NO)
    course.look(ari=YES)
    assert set(course.looks(3, 4.0, ari=NO)) == {Verdict.WELL}


def test_slow_looks_alone_are_not_many() -> None:
    course = Course(Judge(hung_after=10.0, gap=60.0))
    assert course.looks(4, 20.0, ari=NO) == [Verdict.WELL] * 3 + [Verdict.HUNG]


@pytest.mark.parametrize("stood_still_s", [25.0, 3600.0])
def test_while_we_ourselves_were_stopped_nobody_was_silent(stood_still_s: float) -> None:
    course = Course()
    course.looks(3, 4.0, ari=NO)
    course.now += stood_still_s
    assert course.looks(4, 4.0, ari=NO) == [Verdict.WELL] * 4
    assert course.looks(2, 4.0, ari=NO)[-1] is Verdict.HUNG


def test_stopped_in_the_middle_of_a_look() -> None:
    course = Course()
    course.looks(3, 4.0, ari=NO)
    assert course.look(3600.0, ari=NO) is Verdict.WELL
    assert course.look(ari=YES) is Verdict.WELL


def test_a_process_that_has_ended_is_dead_at_once() -> None:
    course = Course()
    course.looks(3, 4.0, ari=NO, sip=NO)
    course.there = False
    assert course.look() is Verdict.DEAD
    assert course.judge.why == "its process has ended"
    course.there = True
    assert course.looks(3, 4.0, ari=NO, sip=NO) == [Verdict.WELL] * 3


def test_refused_is_silent_where_the_process_is_there() -> None:
    course = Course()
    assert course.looks(8, ari=SHUT, sip=SHUT) == [Verdict.WELL] * 6 + [Verdict.HUNG] * 2


def test_nothing_listens_at_somebody_elses() -> None:
    course = Course()
    course.there = None
    assert course.look(ari=SHUT, sip=SHUT) is Verdict.DEAD
    assert course.judge.why == "nobody listens at its ports"
    assert course.looks(8, ari=SHUT, sip=YES)[-1] is Verdict.HUNG


def test_another_one_begins_with_nothing_held_against_it() -> None:
    course = Course()
    course.looks(8, ari=NO)
    assert course.judge.silent("ari")
    course.judge.forget()
    assert not course.judge.silent("ari")
    assert course.look(ari=NO) is Verdict.WELL
