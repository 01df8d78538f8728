"""What `generate.py` is made of: from listed prompts to samples in the ledger.

    listing.py    the prompts of a command, read and checked; relisting.py takes them from the run where it can
    home.py       where the run's ledger lives
    course.py     how one command draws: quota and terms, which prompts first, the budget
    command.py    the engine's life, the rule processes', judging
    feed.py       what is still to draw
    driver.py     keeps the engine full; work.py is what it is given, landing.py brings it what other threads finish,
                  (factory/signals.py tells it to stop)
    pricing.py    priors, the price of a kept sample, the forecast
    metrics.py    the run's pulse, a line every 30 s; summary.py: the record of the command

Does not decide when a prompt is done (`quota/`) nor store anything itself (`ledger/`).
"""
