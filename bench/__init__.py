"""Measurements: each module takes one claim about speed or endurance and prints it as a ratio taken in one run."""
