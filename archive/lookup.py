"""Find the one record that an address or a code names, for a reader."""

from django.utils.translation import gettext as _

from archive import reference_codes
from archive.models import Reader, Record, Unit
from core.errors import NotFound, Withdrawn


def by_ark(name: str, reader: Reader) -> Record:
    """The record with this ARK name.

    Raises:
        NotFound: there is none that this reader may see.
        Withdrawn: it was public once; the tombstone is ``tombstone(name)``.
    """
    if "\0" in name:
        raise NotFound(_("There is no record with this identifier."))
    record = Record.objects.visible_to(reader).with_shown_parts().filter(ark=name).first()
    if record is not None:
        return record
    gone = tombstone(name)
    if gone is not None:
        raise Withdrawn(_("The record %(ark)s was withdrawn.") % {"ark": gone.ark_text})
    raise NotFound(_("There is no record with the identifier %(name)s.") % {"name": name})


def tombstone(name: str) -> Record | None:
    """What is left of a withdrawn record: its identifier, when and why it went (L-08)."""
    return Record.objects.withdrawn().filter(ark=name).first()


def unit_by_code(code: str, repository: str = "000000") -> Unit:
    """The unit with this reference code (档号), however its dots and dashes are written.

    Raises:
        NotFound: naming the code and where to look it up.
    """
    key = reference_codes.normalise(code)
    unit: Unit | None = (
        Unit.objects.select_related("record").filter(repository_code=repository, reference_key=key).first()
    )
    if unit is None:
        raise NotFound(
            _("There is no unit with the reference code %(code)s. Look it up in the catalogue or create it first.")
            % {"code": code}
        )
    return unit
