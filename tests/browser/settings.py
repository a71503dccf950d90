"""The settings of the desks that the browser looks at: as they are, and with a language nobody speaks (pseudo.py)."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import LANGUAGES, LOCALE_PATHS
from tests.browser.pseudo import LANGUAGE

LANGUAGES = [*LANGUAGES, (LANGUAGE, "Pseudo")]
LOCALE_PATHS = [*LOCALE_PATHS, Path(os.environ["PSEUDO_LOCALE"])]
