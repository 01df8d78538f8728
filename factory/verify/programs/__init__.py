"""Code and its tests, in bubblewrap.

suites.py      tests in the formats of data sets        program.py   the program in an answer
code.py        does it pass?                            jail.py      what holds it
inside/        what runs there                          frames.py    what it says
gym_jail.py    the jail of gym scorers that run code
"""
