"""Formulas: read by a parser of our own, valued exactly or at points; what it can't read goes to sympy, guarded.

    tokens.py, expressions.py   text to words to trees      values.py, points.py   their values
    formulas.py    are two formulas one?                    symbolic.py    sums, integrals, limits

Nothing a model wrote is evaluated as code.
"""
