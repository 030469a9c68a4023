"""What is done with every file before its pages are counted: convert it where it has none, write down what it says."""

import logging
from collections.abc import Callable

from archive import audit
from core.errors import InvalidInput
from media import storage
from media.conversion import converting, describing
from media.conversion.describing import Description
from media.engines import ffprobe, libreoffice, pdfium
from media.engines.formats import known
from media.models import DigitalObject

logger = logging.getLogger(__name__)


def prepare(digital_object: DigitalObject) -> Callable[[], None]:
    """Convert and describe one file; the second half writes its technical metadata, duration and number of pages.

    A recording is kept without a description where ffprobe is not installed; a document that must be converted is not
    shown without LibreOffice, so that is an error.

    Raises:
        Unavailable: LibreOffice is needed and not installed, or the storage cannot take what is made.
        InvalidInput: the file cannot be converted.
    """
    form = known(digital_object.media_type)
    pages = None
    if form is not None and form.category.is_converted:
        converted = converting.convert(digital_object)
        pages = pdfium.inspect(converted, name=digital_object.original_name).pages
    found = _described(digital_object, is_recording=form is not None and form.category.is_recording)

    def record() -> None:
        digital_object.technical = {**digital_object.technical, **found.technical}
        digital_object.duration = found.duration
        fields = ["technical", "duration"]
        if pages is not None:
            digital_object.page_count = pages
            fields.append("page_count")
        digital_object.save(update_fields=fields)
        if pages is not None:
            made = {"format": "PDF", "software": f"LibreOffice {libreoffice.version()}", "pages": pages}
            audit.append("migration", digital_object, by=None, after=made)

    return record


def _described(digital_object: DigitalObject, *, is_recording: bool) -> Description:
    """What the file says of itself; what cannot be found out is left open, for it is no fault of the scan."""
    if is_recording and not ffprobe.available():
        logger.warning("Digital object %d is a recording, and ffprobe is not installed", digital_object.pk)
        return Description({"not_described": "ffprobe"})
    original = storage.original_path(digital_object.sha512)
    try:
        found = describing.describe(original, digital_object.media_type, name=digital_object.original_name)
        describing.make_poster(digital_object, found.duration)
    except InvalidInput as fault:
        return Description({"not_described": fault.message})
    return found
