"""The relevance set: queries with judged answers over the sample archive."""
