"""What an operator's telephone says after a star code, and when it dials what leads nowhere.

The texts are those of a project of its own that has no number, takes no calls and stands in no report; no project of
the configuration can have its name.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, get_args

from calls.promise import Promise
from ivr.guidance_model import Guidance
from ivr.hours_model import ProjectHours
from ivr.nodes.hangup import HangUp
from ivr.project import Flow, Project

DESK = "desk"
LANGUAGE = "ja"

DeskText = Literal[
    "logged_in",
    "logged_out",
    "break",
    "ready",
    "classified",
    "wrapped_up",
    "listening",
    "whispering",
    "barging",
    "taken_over",
    "hold_on",
    "unknown_code",
    "unknown_number",
    "no_such_person",
    "no_such_seat",
    "no_such_class",
    "no_call_there",
    "not_logged_in",
    "does_not_fit",
    "not_now",
    "forbidden",
    "busy",
    "no_answer",
]

TEXTS: dict[DeskText, str] = {
    # done
    "logged_in": "ログインしました。",
    "logged_out": "ログアウトしました。",
    "break": "休憩に入りました。",
    "ready": "受付可能にしました。",
    "classified": "分類を登録しました。",
    "wrapped_up": "後処理を終了しました。",
    "listening": "通話を聞いています。",
    "whispering": "オペレーターにだけ、声が届きます。",
    "barging": "三者で通話できます。",
    "taken_over": "通話を引き継ぎました。",
    "hold_on": "そのままお待ちください。",
    # not done: what was typed
    "unknown_code": "この操作番号は使われていません。",
    "unknown_number": "この番号は使われていません。",
    "no_such_person": "この担当者番号は登録されていません。",
    "no_such_seat": "この席番号は登録されていません。",
    "no_such_class": "この分類番号は登録されていません。",
    "no_call_there": "この席は、ただいま通話していません。",
    # not done: as things are
    "not_logged_in": "先にログインしてください。",
    "does_not_fit": "この席では、担当の業務を受けることができません。",
    "not_now": "いまは、この操作をすることができません。",
    "forbidden": "この操作をする権限がありません。",
    "busy": "お話し中です。",
    "no_answer": "応答がありません。",
}


@cache
def desk_project() -> Project:
    """The project of these texts. It belongs to those whose sound is made, and to nothing else of the centre."""
    return Project.model_construct(
        project=DESK,
        name="電話機の案内",
        numbers=[],
        languages=(LANGUAGE,),
        hours=ProjectHours.model_validate({"weekly": {}}),
        guidance={name: Guidance(texts={LANGUAGE: TEXTS[name]}) for name in get_args(DeskText)},
        flow=Flow.model_construct(start="end", nodes={"end": HangUp(type="hangup")}),
        promise=Promise(),
    )
