"""The query language: what is typed into the search box, read into the tree of `search.query`, and written from a form.

`read` never fails: a mistake gives the best reading and a note. docs/query-language.md says how the language is used.
"""

from search.language.form import Form, form, write
from search.language.lexing import DEEPEST, LONGEST
from search.language.reading import MOST_PHRASES, read

__all__ = ["DEEPEST", "LONGEST", "MOST_PHRASES", "Form", "form", "read", "write"]
