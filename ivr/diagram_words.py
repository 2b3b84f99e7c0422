"""What stands in the boxes and on the arrows of a flow's picture, in the words of the office that reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ivr.nodes.base import NodeModel
from ivr.project import Project


class Look(NamedTuple):
    """How a type of node is told apart: its name, a shape of Graphviz, fill and border."""

    name: str
    shape: str
    fill: str
    border: str


LOOKS: Mapping[str, Look] = {
    "hours": Look("受付時間", "diamond", "#fff3c4", "#b7791f"),
    "branch": Look("分岐", "hexagon", "#fff8e1", "#b7791f"),
    "say": Look("案内", "box", "#ffffff", "#4a5568"),
    "menu": Look("メニュー", "folder", "#dbeafe", "#1d4ed8"),
    "collect": Look("番号入力", "component", "#dbeafe", "#1d4ed8"),
    "language": Look("言語", "larrow", "#f1f5f9", "#64748b"),
    "set": Look("変数", "underline", "#f1f5f9", "#64748b"),
    "goto": Look("移動", "plain", "#f1f5f9", "#64748b"),
    "call": Look("サブフロー", "box3d", "#f1f5f9", "#334155"),
    "enqueue": Look("待ち行列", "cylinder", "#dcfce7", "#15803d"),
    "transfer": Look("転送", "cds", "#dcfce7", "#15803d"),
    "message": Look("伝言録音", "note", "#ede9fe", "#6d28d9"),
    "callback": Look("折り返し予約", "note", "#ede9fe", "#6d28d9"),
    "sms": Look("SMS送信", "tab", "#fae8ff", "#a21caf"),
    "notify": Look("通知", "tab", "#fae8ff", "#a21caf"),
    "hangup": Look("終話", "ellipse", "#fee2e2", "#b91c1c"),
}
OTHER = Look("", "box", "#ffffff", "#4a5568")

_TURNED_AWAY = {"full", "no_seats", "long_wait", "closing", "timeout"}
QUIET = frozenset({"after", "invalid", "unanswered", "unknown", "refused", "otherwise"} | _TURNED_AWAY)
"""Exits that nobody chooses: their arrows are dashed."""

_OUTCOMES = {
    "answered": "応答",
    "abandoned_ivr": "案内中の途中放棄",
    "abandoned_queue": "待ち中の途中放棄",
    "overflowed": "あふれ呼",
    "timed_out": "待ち時間切れ",
    "self_served": "自動案内で完了",
    "closed": "時間外",
}


def outcome_word(outcome: str) -> str:
    """An outcome of a call, in words."""
    return _OUTCOMES.get(outcome, outcome)


def notes(node: NodeModel) -> list[str]:
    """What happens at a node without a choice of the caller's: silence, wrong keys, what the call counts as."""
    data = node.model_dump()
    found = [word(data) for key, word in _NOTES.items() if data.get(key) not in (None, "", (), [], {})]
    return [note for note in found if note]


def _silence(data: Mapping[str, Any]) -> str:
    return f"無操作{data['timeout_s']:g}秒で再案内、{data['attempts']}回まで"


def _target(data: Mapping[str, Any]) -> str:
    words = {"seat": "席", "extension": "内線", "variable": "入力された内線", "outside": "外線"}
    return "、".join(f"{words.get(kind, kind)} {value}" for kind, value in data["to"].items() if value)


def _length(data: Mapping[str, Any]) -> str:
    least, most = data["length"]
    return f"{data['into']}：{most}桁" if least == most else f"{data['into']}：{least}〜{most}桁"


_NOTES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "queue": lambda data: f"列 {data['queue']}",
    "priority": lambda data: f"優先度 {data['priority']:+d}" if data["priority"] else "",
    "calendar": lambda data: f"時間表 {data['calendar']}",
    "length": _length,
    "attempts": _silence,
    "invalid": lambda data: f"誤入力 → {data['invalid']}",
    "confirm": lambda data: "復唱して確認（1 はい・2 やり直し）",
    "ring_s": lambda data: f"呼出 {data['ring_s']:g}秒",
    "max_s": lambda data: f"録音 最長{data['max_s']:g}秒、無音{data['silence_s']:g}秒で終了",
    "to": lambda data: _target(data) if isinstance(data["to"], dict) else f"宛先 {data['to']}",
    "gateway": lambda data: f"経由 {data['gateway']}",
    "set": lambda data: f"→ {data['set']}",
    "variables": lambda data: "、".join(f"{name} = {value}" for name, value in data["variables"].items()),
    "flow": lambda data: f"{data['flow']} を実行",
    "interruptible": lambda data: "キーで飛ばせる" if data["interruptible"] else "",
    "outcome": lambda data: f"結果：{outcome_word(str(data['outcome']))}",
}


def exit_word(path: str, node: NodeModel, project: Project) -> str:
    """What stands on the arrow of one exit ("" for the plain way on)."""
    data = node.model_dump()
    if path.startswith("keys."):
        return path.removeprefix("keys.")
    if path.startswith("cases."):
        return condition_word(data["cases"][int(path.split(".")[1])]["when"])
    if path == "after":
        return f"{data.get('attempts', '')}回とも入力なし・誤り"
    if path == "closed" and "queue" in data:
        return "待ち中に受付終了"
    if path == "timeout" and (queue := project.queues.get(data.get("queue", ""))):
        longest = queue.max_wait_s
        return "待ち時間切れ" if longest is None else f"{longest:g}秒待った"
    return _EXITS.get(path, path)


_EXITS = {
    "next": "",
    "node": "",
    "open": "受付時間内",
    "closed": "受付時間外\n（結果：時間外）",
    "full": "満員",
    "no_seats": "担当者なし",
    "long_wait": "予想待ちが長い",
    "closing": "終了までに応答できない",
    "timeout": "時間切れ",
    "unanswered": "応答なし",
    "unknown": "該当なし",
    "accepted": "受付",
    "refused": "番号不明",
    "otherwise": "それ以外",
}


def condition_word(when: Mapping[str, Any]) -> str:
    """A condition of a branch, in words."""
    kind, value = next((kind, value) for kind, value in when.items() if value is not None)
    match kind:
        case "number":
            return f"着信番号 {value}"
        case "caller_in":
            return f"発信者が {value} にある"
        case "withheld":
            return "非通知" if value else "番号通知あり"
        case "language":
            return f"言語 {value}"
        case "variable":
            return f"{value['name']} = {value['equals']}"
        case "queue_length":
            return f"待ち {value['at_least']}人以上"
        case "expected_wait":
            return f"予想待ち {value['at_least_s']:g}秒以上"
        case "seats_free":
            return f"空席 {value['at_least']}以上"
        case "date":
            return f"{value['first']}〜{value['last']}"
        case _:
            return str(kind)
