"""The modules of Asterisk that are loaded, in the order of loading, and nothing else is."""

from __future__ import annotations

from telephony.plan import AsteriskPlan

_BASE = (
    "res_timing_timerfd",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",  # registered contacts: they survive a restart of Asterisk
)
_AUDIO = (
    "codec_ulaw",
    "codec_alaw",
    "codec_a_mu",
    "codec_resample",  # guidance at 8 and 16 kHz
    "format_pcm",
    "format_sln",
    "format_wav",
    "bridge_simple",
    "bridge_softmix",
    "bridge_holding",
    "bridge_native_rtp",
    "res_rtp_asterisk",
    "res_musiconhold",
)
_SIP = (
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_pubsub",  # chan_pjsip and res_pjsip_refer do not load without it
    "res_pjsip_sdp_rtp",
    "res_pjsip_caller_id",
    "res_pjsip_nat",
    "res_pjsip_rfc3326",  # why a leg ended, both ways: "answered elsewhere" among them
    "res_pjsip_dtmf_info",
    "res_pjsip_header_funcs",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_authenticator_digest",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_outbound_registration",
    "res_pjsip_registrar",
    "res_pjsip_refer",
    "chan_pjsip",
)
_DIALPLAN = (
    "pbx_config",
    "app_stack",
    "app_exec",
    "app_mixmonitor",
    "app_playback",  # from here on: for callers whom nobody but Asterisk itself can serve (engine-away)
    "app_dial",
    "app_queue",
    "res_speech",  # res_agi does not load without it
    "res_agi",
    "func_callerid",
    "func_channel",
    "func_logic",
    "func_strings",
)
_ARI = (
    "res_http_websocket",
    "res_websocket_client",
    "res_stasis",
    "res_stasis_answer",
    "res_stasis_playback",
    "res_stasis_recording",
    "res_stasis_snoop",
    "app_stasis",
    "res_ari",
    "res_ari_model",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_playbacks",
    "res_ari_recordings",
    "res_ari_sounds",
)

_ACCOUNT = ("res_cdrel_custom", "cel_custom")  # Asterisk's own account of every call

REQUIRED = _BASE + _AUDIO + _SIP + _DIALPLAN + _ARI + _ACCOUNT


def modules_for(plan: AsteriskPlan) -> tuple[str, ...]:
    """Names without `.so`."""
    return REQUIRED
