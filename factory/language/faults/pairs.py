"""English function words that don't follow each other in sentences, however common both are ("the of", "is be").

Counted in 20 MB of manuals, comments and quotations: each pair listed should have stood there four times or more by
chance, and stood there never or a fiftieth as often as that. What sentences may well have ("is if") was left out by
hand. Data only; `nonsense.py` asks it.
"""

from __future__ import annotations

from typing import Final

NEVER_AFTER: Final = """
about: and are be for from if not of on or will
all: also each has into may more no not only than then where
also: and by each only or so this we which with you
an: about also an any are as at be because been both but by can do does each every for from has have he his how in
  into is it its just may more must my no not of on or should so some than that the their then there these they this
  to was we what when where which who will with would you your
and: but or than
any: all an as at be by can is it not on only so this we when which will with you
are: and are been do does every has have he how if it may must or should than this was when where while who will
  would
as: about also and as be because been but has into may must or than then who
at: also as be by can do has have if more must not of should so then they to was we when where with
be: and are be been by can could does has have he how into may should since these they was we were which will would
because: and are be from is or to with
been: and are as be from if is it of with
both: that this
but: and into or
by: also are be but can do does for from has have he if into is may must of or should than there they to we where
  who will with would
can: and any are but can does each for has into is its may more must on or should so than their what when where
  which will your
could: and if is of to
do: of
does: are be by can if of or will with you
each: all also any are but each if it its may more must no not or so that then there they we which will you your
every: an and are as be by for from if in is it not of on or that the this to will with
for: also are be because been but can could do does for from had has have is may must of on she should since than to
  until were will with would
from: about also are as at be because been by can do does for from have he if in into is may must no of should than
  they to was we while who with would
had: be
has: and are be can each from have if or we when will
have: be by can do has have into must of or should then they was where which
he: all an are if it this when with you
here: of
his: an are be from is it of that the this to with
how: and as be by for from if of on with
if: are as be because been but by can could do had has how if into must of or than then to was were when where which
  who will with would
in: also are be because been but can could does had has have he in into might of she until was we were who will
into: are be but can from have if in is no not of on only or so to we will with
is: and are be been can could did do does each had have is may might should than until was we were while will
it: both each its of their these who your
its: all and are as at be by can each from have if in is it of on or that the this to we when which will with you
just: are if is it of or this with
may: an and are can each for if is on that to when which will with
might: and is of the to
more: an be can each have no not only which
most: and as be for from or with
must: an and are as can if is or that the this to we when which will with
my: an and are as be by for from if in is it not of on or that the this to will with
no: all an are as at but by each for from has have if in into is no not of on only or should so that the this to we
  when which will with you
not: are but can does has he may must no than these was will would
of: also and are be because been but by can could did do does for from had has he in into is may might must of on or
  she should since than to was we were who with would
on: also as be but do does has have he may must of only should than then there they would
only: also any but can each into must no not only should so
or: also and been but most or our than these while
our: and be for if in is of or that the this to
she: of the to
should: are as but can for from in is no of or should so that this to when which will with
since: and be for is of
so: also but into more of
some: an be for from if it on the this
than: and which
that: and been than who
the: about again also an and any are as at be because been but by can could did do does each every for from had has
  have he her his how if in into is it its just may might must my no not of on or our should since so some than that
  the their then there these they this those though to until was we were what when where which with would you your
their: an and are as be by can for from if in is it not of on or that the this when will with you
then: as have or which
there: by each not
these: an for from if it not of that this
they: an and if is it not of or the this we when which with you
this: about both each every have he his it its no of our some than the there these those what who your
those: and is or
to: about are been can could did does for from had has he if into is may might must of she should since then there
  they until we were while who will with would
until: and for in is of to
very: and for in is the to
was: are be can each have is or you
we: an and any but each has if into is it its more of or so that the they this we when where which with you your
were: be for if is this with
what: as by from not of or
when: also as be but can from have if is may must on or so than then was where which with
where: and as be by from not or when which with
which: but into more not or than where
while: are be from is of or
who: an be not of or that with
will: about and any are but can does every for has his into is its may must my on should so than the their there
  they was what when where which who will with would
with: about also are be because been can do does for from has have he if in into is may must of on should then they
  to we were who will with would
would: an and are is on or this to will
you: each it its than was
your: all an and are as at be by can each for from have if in is it not of on or that the this to we when which with
  you
"""
"""A line, perhaps broken: a word, a colon, the words that don't stand behind it."""
