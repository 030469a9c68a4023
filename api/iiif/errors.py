"""What the image service knows but does not do."""

from core.errors import ArchiveError


class NotImplementedHere(ArchiveError):
    """The standard has this, the service has not (Image API 3.0, §7.3: 501)."""

    code = "not-implemented"
    status = 501
