"""Point → administrative area, from a *pack*: one compiled, immutable file.

A pack holds either exact polygons (`place_polygons`) or known places and an outline (`place_nearest`). Both answer
`locate`; `boundaries` says which of the two spoke. Packs are made by the importer of boundaries and by the builder of
the approximate pack, never by the functions that read them.
"""

from chalicelib.domain.place_nearest import NearestPlaces
from chalicelib.domain.place_pack import Boundaries, Located, PackDamaged, PackReader, Places
from chalicelib.domain.place_polygons import PolygonPlaces

__all__ = ["Boundaries", "Located", "PackDamaged", "Places", "load_pack"]


def load_pack(data: bytes) -> Places:
    """Open a pack; polygons are decoded when a point first needs them.

    Raises:
        PackDamaged: the bytes are no pack, or one of a version that this code does not read.
    """
    reader = PackReader(data)
    match reader.header["kind"]:
        case PolygonPlaces.KIND:
            return PolygonPlaces(reader)
        case NearestPlaces.KIND:
            return NearestPlaces(reader)
        case kind:
            raise PackDamaged(f"a pack of the unknown kind {kind!r}")
