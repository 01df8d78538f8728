"""Rules and recipes, the processes that run them, and the funnel of what they said.

    rules.py       a recipe and its rule files, checked and bound
    pool.py        processes with deadlines; feeder.py feeds one, worker.py is what it runs
    judges.py      a whole recipe over a prompt's samples, some of them judged while they were drawn
    distinct.py    the house's own rule: equal texts of a prompt count once
    funnel.py      counts that add up

The rules themselves are files in `filters/`.
"""
