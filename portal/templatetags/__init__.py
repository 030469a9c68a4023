"""Filters for the templates of the public site."""
