import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FAMILIES, hoursReason, type Key, languageOf, text, word } from "../src/core/i18n.ts";
import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";

const SOURCES = process.env.PAGE_SOURCES ?? "src";

function sources(): string {
  const names = readdirSync(SOURCES, { recursive: true }) as string[];
  return names
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(SOURCES, name), "utf8"))
    .join("\n");
}

const families = Object.entries(FAMILIES).flatMap(([family, values]) =>
  values.map((value) => `${family}.${value}`),
);
const literal = /["`]([a-z]\w*\.[\w$ {}.]+)["`]/gi;

/** Keys in the sources, also those put together from a part that is in there as `skip.${section}`. */
function used(): { whole: Set<string>; begun: string[] } {
  const all = [...sources().matchAll(literal)].map((found) => found[1] ?? "");
  const begun = all.filter((key) => key.includes("${")).map((key) => key.slice(0, key.indexOf("${")));
  return { whole: new Set(all), begun };
}

test("both languages have the same messages, and none is empty", () => {
  assert.deepEqual(Object.keys(en), Object.keys(ja));
  for (const messages of [ja, en])
    for (const [key, message] of Object.entries(messages)) assert.ok(message, key);
});

test("both languages put in the same values", () => {
  const values = (message: string) => [...new Set(message.match(/\{\w+\}/g) ?? [])].sort();
  for (const key of Object.keys(ja) as Key[]) assert.deepEqual(values(en[key]), values(ja[key]), key);
});

test("every message is used, and every one that is used is there", () => {
  const { whole, begun } = used();
  assert.ok(whole.size > 150, "the sources were not found");
  const unused = Object.keys(ja).filter(
    (key) => !whole.has(key) && !families.includes(key) && !begun.some((start) => key.startsWith(start)),
  );
  assert.deepEqual(unused, []);
  assert.deepEqual(
    families.filter((key) => !(key in ja)),
    [],
  );
});

test("every family is used", () => {
  const all = sources();
  assert.deepEqual(
    Object.keys(FAMILIES).filter((family) => !all.includes(`"${family}"`)),
    [],
  );
});

test("values are put in, and what is not known stays as it is", () => {
  assert.equal(text("en", "age.seconds", { value: "0.4" }), "0.4 s ago");
  assert.equal(word("ja", "seat", "READY"), "受付可");
  assert.equal(word("ja", "outcome", "something_new"), "something_new");
  assert.equal(word("ja", "seat", "constructor"), "constructor");
});

test("why a project is closed: the engine's words translated, the configuration's as they are", () => {
  assert.equal(hoursReason("ja", "closed on sun"), "日曜日は休業");
  assert.equal(hoursReason("en", "after closing"), "after closing");
  assert.equal(hoursReason("ja", "after closing"), "受付終了後");
  assert.equal(hoursReason("en", "大雪のため"), "大雪のため");
});

test("Japanese, unless English was chosen", () => {
  assert.deepEqual([null, "", "de", "ja", "en"].map(languageOf), ["ja", "ja", "ja", "ja", "en"]);
});
