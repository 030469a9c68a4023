"""Texts and documents that leave the house."""
