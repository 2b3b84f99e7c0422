import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hasNews,
  knownFilter,
  may,
  maySet,
  projectsFor,
  seatChosen,
  telephones,
} from "../src/core/rights.ts";
import { call, project, seat, session } from "./rows.ts";

const who = session({ p: ["watch", "listen", "seat"], q: ["watch", "audit"] });

test("what may be done, by project", () => {
  assert.deepEqual(
    [may(who, "p", "listen"), may(who, "q", "listen"), may(who, "none", "watch")],
    [true, false, false],
  );
  assert.deepEqual(projectsFor(who, "audit"), ["q"]);
  assert.equal(maySet(who, seat("1", { projects: ["q", "p"] })), true);
  assert.equal(maySet(who, seat("1", { projects: ["q"] })), false);
  assert.equal(maySet(who, seat("1", { supervises: ["p"] })), true);
  assert.equal(maySet(who, seat("1", { projects: ["p"], state: "LOGGED_OUT" })), false);
});

test("a project that was not there at the log-in is news", () => {
  assert.deepEqual(
    [hasNews(who, ["p", "q"]), hasNews(who, ["p", "new"]), hasNews(who, [])],
    [false, true, false],
  );
});

test("telephones: his own first, then those where nobody sits and from which this project may be heard", () => {
  const seats = [
    seat("shared", { supervises: ["p"] }),
    seat("other", { supervises: ["q"] }),
    seat("taken", { supervises: ["p"], operator: "somebody" }),
    seat("own", { operator: "sup" }),
    seat("heard", { supervises: ["p"] }),
  ];
  assert.deepEqual(
    telephones(who, seats, "p", "heard").map((one) => one.id),
    ["own", "shared"],
  );
});

test("a seat at which nobody sits is nobody's own, not even that of a user without a name", () => {
  assert.deepEqual(telephones(session({}, ""), [seat("empty")], "p", ""), []);
});

test("the filter: a project that is not there is no filter", () => {
  const projects = new Map([["p", project("p")]]);
  assert.deepEqual([knownFilter("p", projects), knownFilter("gone", projects)], ["p", ""]);
});

test("a seat is shown that serves the project, or talks for it at the moment", () => {
  assert.equal(seatChosen("q", seat("1"), undefined), false);
  assert.equal(seatChosen("q", seat("1"), call("c", { project: "q" })), true);
  assert.equal(seatChosen("p", seat("1"), undefined), true);
});
