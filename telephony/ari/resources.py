"""ARI's resources under the names of its documentation; each method gives a `Call`.

A `Call` does nothing until it is awaited (typed result, or AriError) or sent (`.send(on_done)`, no waiting).
The caller chooses every id. Parameters stand in ARI's own words, in snake case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telephony.ari.call import Call, Resource
from telephony.ari.events import ApplicationReplaced, RESTResponse
from telephony.ari.objects import Application, Bridge, Endpoint, LiveRecording, Playback, StoredRecording

if TYPE_CHECKING:
    from telephony.ari.client import AriClient


class Bridges(Resource):
    """`/bridges`. Errors: 404 no such bridge, 400 no such channel, 422 channel not in Stasis."""

    def list(self) -> Call[list[Bridge]]:
        return self._call(list[Bridge], "GET", "bridges")

    def get(self, bridge_id: str) -> Call[Bridge]:
        return self._call(Bridge, "GET", "bridges", bridge_id)

    def create(self, bridge_id: str, *, type: str = "mixing", name: str | None = None) -> Call[Bridge]:  # noqa: A002
        """`type`: mixing or holding, with attributes after commas (`mixing,dtmf_events`)."""
        return self._call(Bridge, "POST", "bridges", bridge_id, type=type, name=name)

    def destroy(self, bridge_id: str) -> Call[None]:
        """The channels in it stay, in Stasis."""
        return self._do("DELETE", "bridges", bridge_id)

    def add_channel(self, bridge_id: str, *channel_ids: str, role: str | None = None) -> Call[None]:
        return self._do("POST", "bridges", bridge_id, "addChannel", channel=",".join(channel_ids), role=role)

    def remove_channel(self, bridge_id: str, *channel_ids: str) -> Call[None]:
        return self._do("POST", "bridges", bridge_id, "removeChannel", channel=",".join(channel_ids))

    def play(
        self, bridge_id: str, media: str, playback_id: str, *, lang: str | None = None
    ) -> Call[Playback]:
        return self._call(Playback, "POST", "bridges", bridge_id, "play", playback_id, media=media, lang=lang)

    def start_moh(self, bridge_id: str, *, moh_class: str | None = None) -> Call[None]:
        return self._do("POST", "bridges", bridge_id, "moh", mohClass=moh_class)

    def stop_moh(self, bridge_id: str) -> Call[None]:
        return self._do("DELETE", "bridges", bridge_id, "moh")


class Playbacks(Resource):
    """`/playbacks`. Error: 404 no such playback (it may have ended)."""

    def get(self, playback_id: str) -> Call[Playback]:
        return self._call(Playback, "GET", "playbacks", playback_id)

    def stop(self, playback_id: str) -> Call[None]:
        return self._do("DELETE", "playbacks", playback_id)

    def control(self, playback_id: str, operation: str) -> Call[None]:
        """`operation`: restart, pause, unpause, reverse, forward."""
        return self._do("POST", "playbacks", playback_id, "control", operation=operation)


class Recordings(Resource):
    """`/recordings`: what ARI itself records (messages). Error: 404 no such recording."""

    def start(
        self,
        channel_id: str,
        name: str,
        format: str,  # noqa: A002
        **options: str | int | bool,
    ) -> Call[LiveRecording]:
        """Record what the channel says; not possible while it is in a bridge (409). `options`: ARI's own."""
        return self._call(
            LiveRecording, "POST", "channels", channel_id, "record", name=name, format=format, **options
        )

    def live(self, name: str) -> Call[LiveRecording]:
        return self._call(LiveRecording, "GET", "recordings", "live", name)

    def stop(self, name: str) -> Call[None]:
        """Stop and keep the file."""
        return self._do("POST", "recordings", "live", name, "stop")

    def discard(self, name: str) -> Call[None]:
        """Stop and throw the file away."""
        return self._do("DELETE", "recordings", "live", name)

    def stored(self) -> Call[list[StoredRecording]]:
        return self._call(list[StoredRecording], "GET", "recordings", "stored")

    def delete_stored(self, name: str) -> Call[None]:
        return self._do("DELETE", "recordings", "stored", name)


class Endpoints(Resource):
    """`/endpoints`. Error: 404 no such endpoint."""

    def list(self, tech: str = "PJSIP") -> Call[list[Endpoint]]:
        return self._call(list[Endpoint], "GET", "endpoints", tech)

    def get(self, resource: str, tech: str = "PJSIP") -> Call[Endpoint]:
        return self._call(Endpoint, "GET", "endpoints", tech, resource)


class Applications(Resource):
    """`/applications`. Errors: 404 no such application, 422 no such event source."""

    def list(self) -> Call[list[Application]]:
        return self._call(list[Application], "GET", "applications")

    def get(self, app: str) -> Call[Application]:
        return self._call(Application, "GET", "applications", app)

    def subscribe(self, app: str, event_source: str) -> Call[Application]:
        """`event_source`: `endpoint:PJSIP/seat01`, `channel:ID`, `bridge:ID`, several with commas."""
        return self._call(Application, "POST", "applications", app, "subscription", eventSource=event_source)

    def unsubscribe(self, app: str, event_source: str) -> Call[Application]:
        return self._call(
            Application, "DELETE", "applications", app, "subscription", eventSource=event_source
        )

    def filter(self, app: str, allowed: frozenset[str]) -> Call[Application]:
        """Let only these event types through (all, if empty)."""
        types = [{"type": name} for name in sorted(allowed)]
        return self._call(Application, "PUT", "applications", app, "eventFilter", body={"allowed": types})


class Asterisk(Resource):
    """`/asterisk`."""

    def info(self) -> Call[dict[str, Any]]:
        return self._call(dict[str, Any], "GET", "asterisk", "info")

    def ping(self) -> Call[dict[str, Any]]:
        return self._call(dict[str, Any], "GET", "asterisk", "ping")

    def modules(self) -> Call[list[dict[str, Any]]]:
        return self._call(list[dict[str, Any]], "GET", "asterisk", "modules")

    def get_variable(self, variable: str) -> Call[dict[str, str]]:
        return self._call(dict[str, str], "GET", "asterisk", "variable", variable=variable)

    def set_variable(self, variable: str, value: str) -> Call[None]:
        return self._do("POST", "asterisk", "variable", variable=variable, value=value)


# Asterisk's filter holds back the answers to our own requests too, if they are not named in it.
_ALWAYS = {RESTResponse.__name__, ApplicationReplaced.__name__}


def setup_calls(client: AriClient) -> list[Call[Any]]:
    """What has to go out first on every new connection; never empty, so that its answer proves life."""
    settings = client.settings
    allowed = settings.events and settings.events | _ALWAYS
    calls: list[Call[Any]] = [client.applications.filter(settings.app, allowed)]
    return calls + [client.applications.subscribe(settings.app, source) for source in settings.subscriptions]
