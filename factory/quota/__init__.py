"""The quota policy: K kept samples of each prompt at the least number of tokens. Pure: no I/O, no clock.

    settlement.py    when a prompt is done: in index order, whatever ended first
    schedule.py      which sample to draw next; urgency.py: how much each is needed, at_work.py: by what is known
    prior.py         what is known of a prompt before it has spoken for itself
    calibration.py   which prompts that is learned from
    rates.py         keep rate and pass rate under early stopping, with intervals
    forecast.py      what a run will yield and take, and the price that spends a budget

Does not draw (`drawing/`).
"""
