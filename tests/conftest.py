"""What all tests share: hypothesis tests properties here, never time.

The quick suite tries each property on fewer examples; `make test` asks for the profile `whole`.
"""

from hypothesis import settings

settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("whole", deadline=None, max_examples=100)
settings.load_profile("quick")
