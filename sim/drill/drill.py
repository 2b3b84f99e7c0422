"""A drill: a house of its own, the scene in it, the verdict, and nothing left of it afterwards."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.drill.arguments import KINDS
from sim.drill.books import Books, BooksError
from sim.drill.cut_network import CutNetwork
from sim.drill.engine_process import EngineDownError, EngineProcess, Say
from sim.drill.failure import DrillFailedError
from sim.drill.floor import Floor
from sim.drill.full_disk import FullDisk
from sim.drill.harms import CannotDrillError, Harm, Harmless, KillAsterisk, KillEngine
from sim.drill.house import new_house
from sim.drill.judge import Fault, by_caller
from sim.drill.leftovers import end_all, left_behind
from sim.drill.lost_database import lost_database
from sim.drill.scene import Course, Scene
from sim.drill.tapes import Tape, faults_of, tapes
from sim.drill.traffic import Traffic
from sim.drill.verdict import SILENCE_S, Evidence, Silence, figures, silences, talks_of
from telephony.tree import AsteriskError

OUTAGE_S = {"kill-database": 60.0, "full-disk": 10.0, "cut-network": 5.0}
"""How long each lasts, unless somebody says otherwise."""
_SEALED_S = 30.0


@dataclass(frozen=True)
class Plan:
    """What to drill. `outage_s` None: as long as OUTAGE_S says. `keep`: the folder stays, to look into it.

    With `deaths`, short calls at a `rate` per second instead of the scene, and the engine dies so many times.
    """

    kind: str
    talking: int = 34
    waiting: int = 20
    seed: int = 1
    outage_s: float | None = None
    keep: bool = False
    deaths: int = 0
    rate: float = 20.0

    @property
    def outage(self) -> float:
        return OUTAGE_S.get(self.kind, 0.0) if self.outage_s is None else self.outage_s


@dataclass
class Result:
    """`figures` are printed; `faults` are told to people."""

    figures: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return bool(self.figures.get("passed"))


def harm_of(plan: Plan) -> Harm:
    """What is done in a drill of this kind; `none` does nothing."""
    match plan.kind:
        case "kill-engine":
            return KillEngine()
        case "kill-asterisk":
            return KillAsterisk()
        case "kill-database":
            return lost_database(plan.outage)
        case "full-disk":
            return FullDisk(plan.outage)
        case "cut-network":
            return CutNetwork(plan.outage)
        case "none":
            return Harmless()
    raise CannotDrillError(f"there is no drill '{plan.kind}'; known: {', '.join(KINDS)}, none")


class Cost:
    """What this process takes of one core from now on."""

    def __init__(self) -> None:
        self._began, self._used = time.monotonic(), time.process_time()

    def share(self) -> float:
        """0.15: 15 % of a core."""
        return round((time.process_time() - self._used) / (time.monotonic() - self._began), 3)


class Drill:
    """`await Drill(root, plan, cache, say).run()`. `root`: of the project. `cache`: of spoken texts, between drills."""

    def __init__(self, root: Path, plan: Plan, cache: Path, say: Say) -> None:
        self._plan = plan
        self._cache = cache
        self._say = say
        self._harm = harm_of(plan)
        self._house = new_house(root, plan.talking)
        self._cost = Cost()
        self._robots: dict[str, float] = {}

    async def run(self) -> Result:
        """Whatever goes wrong, nothing stays behind. Raises CannotDrillError."""
        folders = [self._house.folder]
        try:
            self._house = await self._harm.prepare(self._house)
            folders += self._harm.folders
            result = await self._in_the_house()
        except (DrillFailedError, AsteriskError) as error:
            result = Result({"failed": f"{error}"})
        finally:
            await self._leave()
        left = [word for folder in folders for word in left_behind(folder, self._house.site.ports)]
        return self._decided(result, [] if self._plan.keep else left)

    async def _leave(self) -> None:
        try:
            await self._harm.clear()
        finally:
            end_all(self._house.folder)
            with suppress(FileNotFoundError):
                self._keep_or_remove()

    def _keep_or_remove(self) -> None:
        if self._plan.keep:
            self._say(f"kept: {self._house.folder}")
        else:
            self._house.remove()

    # ---- inside

    async def _in_the_house(self) -> Result:
        house = self._house
        house.borrow_guidance(self._cache)
        engine = EngineProcess(house, self._say)
        passwords = house.passwords()
        try:
            self._say("a stack of its own is started")
            await engine.start()
            house.lend_guidance(self._cache)
            async with Floor(house, passwords) as floor, Books(house.site.store_url) as books:
                self._cost = Cost()
                await floor.register()
                count = len(floor.seats)
                await books.until("registered telephones", _registered(books), lambda n: n >= count)
                course, silent = await self._play(floor, engine, books)
                return await self._verdict(course, silent, floor, engine, books)
        finally:
            await _stopped(engine)

    async def _play(
        self, floor: Floor, engine: EngineProcess, books: Books
    ) -> tuple[Course, Sequence[Silence]]:
        plan, chance = self._plan, random.Random(self._plan.seed)
        if plan.deaths:
            traffic = Traffic(floor, engine, books, self._harm, chance, self._say)
            course = await traffic.play(plan.rate, plan.deaths)
            self._figures_of_robots(floor)
            return course, traffic.silences
        scene = Scene(floor, engine, books, self._harm, chance, self._say)
        course = await scene.play(plan.talking, plan.waiting)
        self._figures_of_robots(floor)
        return course, silences(course, floor.carrier.lines, floor.seat_lines())

    async def _verdict(
        self, course: Course, silent: Sequence[Silence], floor: Floor, engine: EngineProcess, books: Books
    ) -> Result:
        with suppress(BooksError):  # then the tapes tell which
            await books.until("recordings without a seal", books.unsealed, lambda n: n == 0, _SEALED_S)
        await engine.stop()
        evidence = Evidence(
            course=course,
            callers=floor.carrier.lines,
            seats=floor.seat_lines(),
            silences=silent,
            served=floor.served,
            records=await books.records(),
            listed=await books.lost_callers(),
            calls_end=self._harm.calls_end,
            journal_whole=await books.journal_is_whole(),
            log=engine.lines,
        )
        found = await self._tapes(evidence)
        told, wrong = figures(evidence, found)
        return Result(told | self._robots, wrong + faults_of(found))

    def _figures_of_robots(self, floor: Floor) -> None:
        """Before the books are looked through: that costs, too, but nobody talks any more."""
        self._robots = {"robots_late_s": round(floor.media.late_s, 3), "robots_cpu": self._cost.share()}

    async def _tapes(self, evidence: Evidence) -> list[Tape]:
        talks, records = talks_of(evidence), by_caller(evidence.records)
        spans = evidence.course.unwritten
        return await asyncio.to_thread(tapes, self._house.recordings, talks, records, spans)

    # ---- the decision

    def _decided(self, result: Result, left: Sequence[str]) -> Result:
        told = result.figures
        plan = {"kind": self._plan.kind, "seed": self._plan.seed}
        if self._plan.deaths:
            plan |= {"times": self._plan.deaths, "rate": self._plan.rate}
        else:
            plan |= {"talking": self._plan.talking, "waiting": self._plan.waiting}
        failures = reasons(told, self._harm) + list(left)
        result.figures = {**plan, **told, "left_behind": list(left), "passed": not failures, "why": failures}
        return result


def reasons(told: dict[str, Any], harm: Harm) -> list[str]:
    """Why a drill with these figures was not passed; nothing if nothing was lost."""
    if "failed" in told:
        return [told["failed"]]
    wrong = [
        f"{name}: {told[name]}" for name in ("dropped", "out_of_order", "miscounted", "stuck") if told[name]
    ]
    if told["recover_s"] is None:
        wrong.append("no new caller was answered afterwards")
    if not told["journal_whole"]:
        wrong.append("the journal lacks entries")
    if told["recordings_whole"] < 1.0:
        wrong.append(f"recordings_whole: {told['recordings_whole']}")
    # A robot that is late itself is heard late.
    if not harm.calls_end and (told["silence_s"] or 0.0) > SILENCE_S + (told["robots_late_s"] or 0.0):
        wrong.append(f"silence_s: {told['silence_s']} (the robots themselves: {told['robots_late_s']})")
    if harm.calls_end and told["to_call_back"] < told["to_call_back_wanted"]:
        wrong.append(f"to_call_back: {told['to_call_back']} of {told['to_call_back_wanted']}")
    return wrong


def _registered(books: Books) -> Callable[[], Awaitable[int]]:
    return lambda: books.events("PhoneRegistered")


async def _stopped(engine: EngineProcess) -> None:
    """However far it came; what is wrong with its end was told before."""
    with suppress(EngineDownError):
        await engine.stop()
