"""ARI's `/channels`; see `resources`."""

from __future__ import annotations

from collections.abc import Mapping

from telephony.ari.call import Call, Resource
from telephony.ari.objects import Channel, Playback


class Channels(Resource):
    """`/channels`. Errors: 404 no such channel, 409 not in Stasis, 412 not in a state for it."""

    def list(self) -> Call[list[Channel]]:
        return self._call(list[Channel], "GET", "channels")

    def get(self, channel_id: str) -> Call[Channel]:
        return self._call(Channel, "GET", "channels", channel_id)

    def originate(
        self,
        channel_id: str,
        endpoint: str,
        *,
        app: str | None = None,
        app_args: str | None = None,
        caller_id: str | None = None,
        timeout: int | None = None,
        originator: str | None = None,
        formats: str | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Call[Channel]:
        """Ring `endpoint` (`PJSIP/seat01`) for `timeout` s (-1: for ever; Asterisk's default is 30)."""
        return self._call(
            Channel, "POST", "channels", channel_id,
            body={"variables": variables} if variables else None,
            endpoint=endpoint, app=app or self.client.settings.app, appArgs=app_args, callerId=caller_id,
            timeout=timeout, originator=originator, formats=formats,
        )  # fmt: skip

    def hangup(self, channel_id: str, *, reason: str | None = None, code: int | None = None) -> Call[None]:
        """`reason`: normal, busy, congestion, no_answer, answered_elsewhere ...; or a Q.850 `code`."""
        return self._do("DELETE", "channels", channel_id, reason=reason, reason_code=code)

    def answer(self, channel_id: str) -> Call[None]:
        return self._do("POST", "channels", channel_id, "answer")

    def progress(self, channel_id: str) -> Call[None]:
        """183 with early media."""
        return self._do("POST", "channels", channel_id, "progress")

    def ring(self, channel_id: str) -> Call[None]:
        """180."""
        return self._do("POST", "channels", channel_id, "ring")

    def ring_stop(self, channel_id: str) -> Call[None]:
        return self._do("DELETE", "channels", channel_id, "ring")

    def continue_(
        self,
        channel_id: str,
        *,
        context: str | None = None,
        extension: str | None = None,
        priority: int | None = None,
    ) -> Call[None]:
        """Leave Stasis and go on in the dialplan."""
        return self._do(
            "POST",
            "channels",
            channel_id,
            "continue",
            context=context,
            extension=extension,
            priority=priority,
        )

    def play(
        self, channel_id: str, media: str, playback_id: str, *, lang: str | None = None
    ) -> Call[Playback]:
        """`media`: `sound:/path/without/extension`, `tone:ring`, several with commas."""
        return self._call(
            Playback, "POST", "channels", channel_id, "play", playback_id, media=media, lang=lang
        )

    def start_moh(self, channel_id: str, *, moh_class: str | None = None) -> Call[None]:
        return self._do("POST", "channels", channel_id, "moh", mohClass=moh_class)

    def stop_moh(self, channel_id: str) -> Call[None]:
        return self._do("DELETE", "channels", channel_id, "moh")

    def hold(self, channel_id: str) -> Call[None]:
        return self._do("POST", "channels", channel_id, "hold")

    def unhold(self, channel_id: str) -> Call[None]:
        return self._do("DELETE", "channels", channel_id, "hold")

    def mute(self, channel_id: str, *, direction: str = "both") -> Call[None]:
        return self._do("POST", "channels", channel_id, "mute", direction=direction)

    def unmute(self, channel_id: str, *, direction: str = "both") -> Call[None]:
        return self._do("DELETE", "channels", channel_id, "mute", direction=direction)

    def send_dtmf(self, channel_id: str, dtmf: str) -> Call[None]:
        return self._do("POST", "channels", channel_id, "dtmf", dtmf=dtmf)

    def set_variable(self, channel_id: str, variable: str, value: str) -> Call[None]:
        """Asynchronous inside Asterisk: the answer comes before the variable is set."""
        return self._do("POST", "channels", channel_id, "variable", variable=variable, value=value)

    def get_variable(self, channel_id: str, variable: str) -> Call[dict[str, str]]:
        """`{"value": ...}`."""
        return self._call(dict[str, str], "GET", "channels", channel_id, "variable", variable=variable)

    def snoop(
        self, channel_id: str, snoop_id: str, *, spy: str = "none", whisper: str = "none", app_args: str = ""
    ) -> Call[Channel]:
        """`spy`, `whisper`: none, in, out, both. Configure the new channel at its StasisStart only."""
        return self._call(
            Channel, "POST", "channels", channel_id, "snoop", snoop_id,
            spy=spy, whisper=whisper, app=self.client.settings.app, appArgs=app_args or None,
        )  # fmt: skip

    def transfer_progress(self, channel_id: str, state: str) -> Call[None]:
        """Answer a REFER: `channel_answered` (the telephone hears "200 OK"), `channel_declined` ("603 Decline"),
        `channel_unavailable` ("503") or, before one of these, `channel_progress`.
        """
        return self._do("POST", "channels", channel_id, "transfer_progress", states=state)
