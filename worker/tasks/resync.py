"""A re-sync beside what earlier readings of the same folder or bucket met: what is unchanged, what is gone.

Of every path the newest outcome counts: a file that went and came back is read again, one that stays away is told once.
"""

from django.db.models import Q

from labeler.datasets import services
from labeler.datasets.models import Import, ImportEntry, Outcome
from worker.tasks.import_listing import Listing


def compare_with_before(source: Import, listing: Listing) -> None:
    """Leave out of a listing what was met unchanged before, and note what is gone. A first reading stays as it is."""
    if source.syncs_id is None:
        return
    known = _known(source)
    found = {file.path for file in listing.files} | {file.path for file in listing.rejected}
    fresh = [
        file
        for file in listing.files
        if not file.signature or known.get(file.path, ("", 0))[0] != file.signature
    ]
    gone = {path: image_id for path, (_, image_id) in known.items() if path not in found}
    services.note_compared(source=source, num_unchanged=len(listing.files) - len(fresh), gone=gone)
    listing.files = fresh


def _known(source: Import) -> dict[str, tuple[str, int | None]]:
    """Signature and image of every file that was there when its source was read last, by path."""
    readings = Import.objects.filter(Q(id=source.syncs_id) | Q(syncs_id=source.syncs_id), id__lt=source.id)
    entries = ImportEntry.objects.filter(source_import__in=readings).order_by("id")
    known: dict[str, tuple[str, int | None]] = {}
    for path, signature, image_id, outcome in entries.values_list(
        "path", "signature", "image_id", "outcome"
    ).iterator(chunk_size=10_000):
        if outcome == Outcome.GONE:
            known.pop(path, None)
        else:
            known[path] = (signature, image_id)
    return known
