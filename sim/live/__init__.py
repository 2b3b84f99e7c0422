"""Robot callers and robot operators: real SIP calls with audio, made by SIPp on this machine."""
