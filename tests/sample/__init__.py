"""Tests of the sample archive."""
