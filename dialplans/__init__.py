"""Templates of every Asterisk configuration file, rendered by `telephony.render`."""
