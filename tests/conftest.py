"""What all tests share: hypothesis tests properties here, never time.

The quick suite tries each property on fewer examples; `make test` asks for the profile `whole`.
"""

import os
import sys

from hypothesis import settings

# images of Python set it; the many processes of this suite would then each compile all they import
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("whole", deadline=None, max_examples=100)
settings.load_profile("quick")
