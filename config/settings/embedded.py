"""Everything in one folder, started by one command: the demonstration and a small archive's own machine."""

from config.settings.base import *
