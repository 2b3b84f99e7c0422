"""The life of a recording, from the file Asterisk closed to the day it is erased."""
