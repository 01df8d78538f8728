"""Rules and recipes, the processes that run them, and the funnel of what they said.

    recipes.py     a recipe: its rules found and bound; knobs.py: whether its values fit
    rules.py       a rule file, and what the house adds to its verdict
    pool.py        processes with deadlines; feeder.py feeds one through process.py from jobs.py
                   and worker.py is what it runs
    judges.py      a whole recipe over a prompt's samples, some of them judged while they were drawn
    distinct.py    the house's own rule: equal texts of a prompt count once
    funnel.py      counts that add up; sweep.py: what other thresholds would keep
    faults.py      when a rule fails too often to go on
    watch.py       rules that look at growing text

The rules themselves are files in `filters/`.
"""
