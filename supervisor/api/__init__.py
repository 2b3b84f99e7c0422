"""The API of the running service: commands and a live stream, for screens and for programs of this machine."""
