"""Operate the embedded platform."""
