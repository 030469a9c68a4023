"""Files that are no scans: Office documents and letters become PDF; photographs and recordings are described.

The original stays the master and is never altered. What is made of it lies beside its pages (`storage.rendition`).
"""

from media.conversion.preparing import prepare

__all__ = ["prepare"]
