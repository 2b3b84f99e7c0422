"""A project with every type of node, for the tools that have to know them all."""

from __future__ import annotations

from pathlib import Path

from ivr.loader import load_project
from ivr.project import Project

EVERY_NODE = """\
project: city
name: City & hall
version: 3
numbers: [{number: 0466-25-1111, name: main}, {number: 0466-25-2222}]
languages: [ja, en]
hours: {weekly: {mon-fri: ["08:30-17:15"]}}
number_lists: {offices: ["0467*"]}
guidance:
  hello: {ja: お電話ありがとうございます。, en: Thank you for calling.}
  top: {ja: 電話は一、英語は二、内線は三、伝言は四を押してください。, en: Press one.}
  extension: {ja: 内線番号を押してください。, en: Dial the extension.}
  wrong: {ja: 押し間違いです。, en: Wrong key.}
  typed: {ja: お客様の番号は, en: You typed}
  beep: {ja: 発信音の後にお話しください。, en: Speak after the beep.}
  snow: {texts: {ja: 大雪のため閉庁しています。, en: Closed for snow.}, version: 2}
  bye: {ja: ありがとうございました。, en: Goodbye.}
flow:
  start: gate
  nodes:
    gate: {type: hours, open: who, closed: top}
    who:
      type: branch
      cases:
        - {when: {caller_in: offices}, to: quick}
        - {when: {number: 0466-25-2222}, to: line}
        - {when: {queue_length: {queue: main, at_least: 5}}, to: again}
      otherwise: top
    quick: {type: set, variables: {known: "1"}, next: line}
    top:
      type: menu
      prompt: [hello, top]
      keys: {"1": line, "2": english, "3": ask, "4": leave, "0": top}
      invalid: wrong
      after: bye
    english: {type: language, set: en, next: in_english}
    in_english: {type: say, guidance: hello, next: line}
    ask: {type: call, flow: directory, next: line}
    leave: {type: message, prompt: beep, next: note}
    note: {type: notify, gateway: mail, text: new message, next: bye}
    line: {type: enqueue, queue: main, full: again, no_seats: again, timeout: leave}
    again: {type: callback, queue: main, number: caller, accepted: text, refused: jump}
    text: {type: sms, gateway: web, to: caller, text: we call you, next: bye}
    jump: {type: goto, node: leave}
    snow: {type: hangup, guidance: snow, outcome: closed}
    bye: {type: hangup, guidance: bye}
disaster: snow
subflows:
  directory:
    start: ask
    nodes:
      ask: {type: collect, prompt: extension, into: number, length: [2, 4], next: ring, after: return}
      ring: {type: transfer, to: {variable: number}, unanswered: return, unknown: sorry}
      sorry: {type: say, guidance: wrong, next: return}
queues: {main: {max_wait_s: 300}}
"""


def project(folder: Path, text: str = EVERY_NODE, *changed: tuple[str, str]) -> Project:
    """The project of a text in which some parts stand for others; each of them occurs in it once."""
    for old, new in changed:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "city.yaml"
    path.write_text(text, encoding="utf-8")
    return load_project(path, folder)
