"""The vocabulary of Denwaban: events, commands, the life of a call, records, hours and the promise.

Nothing here does I/O, reads a clock or draws a random number.
"""
