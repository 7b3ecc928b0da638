"""Back-tests of the hotspot methods on points of any city."""
