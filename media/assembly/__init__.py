"""The texts and documents that leave the house: ALTO, hOCR, plain text, and a PDF with its text under the pictures.

ALTO, hOCR and plain text are written from the stored text when somebody asks; the document of a unit is made by a
worker and kept until something that shows in it changes (`making`).
"""

from media.assembly.making import assemble

__all__ = ["assemble"]
