"""Texts written before anybody knew what the rules say of them, and what they said at first.

Read once, before a line of the rules was changed: `language_mix` found mixed texts with precision .869 and recall
.775 (F1 .819, 234 texts); the rules of form found faulty ones with precision .899 and recall .411 (F1 .564, 218
texts). Half `unseen_a` was looked at afterwards to mend the rules; of half `unseen_b` only the totals were, and for
form the two halves share no kind of fault.
"""
