"""The rules of the map, pure: no network, no clock, no AWS library, no Chalice."""
