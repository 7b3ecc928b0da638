"""Loading the units again and again, as every deployment does: what a coordinator has written stays."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.units import Units
from chalicelib.store import alerting, flags, keys, unit_settings
from chalicelib.store.unit_items import UnitItem
from infra.commands.units import Loaded, load_units
from tests.http.world import World
from tests.police.officers import Staff
from tests.police.unit_settings import OWN, PATH, settings

FILE = {"KSP": ["ksp@file.example"], "KPP-WOLOMIN": ["a@file.example", "b@file.example"]}


@pytest.fixture
def units(world: World) -> Units:
    """A garrison and two units below it."""
    named: list[dict[str, Any]] = [
        {"code": code, "name": world.box.units[code].name, "parent": "KSP", "areas": []}
        for code in ("KPP-WOLOMIN", "KRP-WARSZAWA-1")
    ]
    garrison = {"code": "KSP", "name": world.box.units["KSP"].name, "areas": []}
    return Units.from_document({"version": "1", "garrisons": [garrison], "units": named})


@pytest.fixture
def load(world: World, units: Units) -> Callable[..., Loaded]:
    """Load the units with the addresses of a file."""

    def loaded(addresses: dict[str, list[str]], **how: bool) -> Loaded:
        client: Any = world.stack.client("dynamodb")
        return load_units(client, world.stack.names["MAIN_TABLE"], units, addresses, **how)

    return loaded


Load = Callable[..., Loaded]


def addresses(unit: str) -> list[str]:
    return list(unit_settings.read(unit).settings.addresses)


def test_units_are_loaded_with_the_file_s_addresses(load: Load) -> None:
    assert load(FILE) == Loaded(3, 0)
    assert [addresses(code) for code in ("KSP", "KPP-WOLOMIN", "KRP-WARSZAWA-1")] == [*FILE.values(), []]
    item = UnitItem.get(keys.unit("KPP-WOLOMIN"), keys.META)
    assert (item.code, item.parent, item.v) == ("KPP-WOLOMIN", "KSP", None)


def test_loading_again_changes_nothing(world: World, load: Load) -> None:
    load(FILE)
    before = world.items("main")
    assert load(FILE) == Loaded(3, 0)
    assert load(FILE, replace=True) == Loaded(3, 0)
    assert world.items("main") == before


def test_a_unit_that_was_loaded_without_an_address_gets_the_file_s_later(load: Load) -> None:
    load({})
    assert load(FILE) == Loaded(3, 0)
    assert addresses("KSP") == FILE["KSP"]


def test_addresses_stay_unless_the_file_is_to_be_believed(load: Load) -> None:
    load(FILE)
    other = {"KSP": ["new@file.example"]}
    assert str(load(other)) == "3 units, 1 keep other addresses"
    assert addresses("KSP") == FILE["KSP"]
    assert str(load(other, replace=True)) == "3 units"
    assert addresses("KSP") == other["KSP"]
    # Of what the file does not speak of it takes nothing away.
    assert addresses("KPP-WOLOMIN") == FILE["KPP-WOLOMIN"]


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("before", [FILE, {}], ids=["loaded with an address", "loaded without"])
def test_what_a_coordinator_has_written_stays(
    world: World,
    staff: Callable[..., Staff],
    load: Load,
    before: dict[str, list[str]],
    replace: bool,  # noqa: FBT001 - a row of the table
) -> None:
    load(before)
    staff("KSP", "coordinator").call("PUT", PATH, settings(OWN, chief=(OWN,), mails=7))
    flags.flag("KSP", OWN, world.clock(), "bounce")
    kept = unit_settings.read("KSP")
    assert load(FILE, replace=replace) == Loaded(3, 1)
    assert unit_settings.read("KSP") == kept
    assert (kept.version, len(kept.flags)) == (2, 1)


def test_a_list_that_a_coordinator_has_emptied_stays_empty(staff: Callable[..., Staff], load: Load) -> None:
    load(FILE)
    emptied = staff("KPP-WOLOMIN", "coordinator").call("PUT", PATH, settings())
    assert emptied.status == 200, emptied.text
    assert load(FILE, replace=True).kept == 1
    assert addresses("KPP-WOLOMIN") == []


def test_names_and_parents_are_the_instance_s_also_where_addresses_are_a_coordinator_s(
    staff: Callable[..., Staff], load: Load
) -> None:
    staff("KPP-WOLOMIN", "coordinator").call("PUT", PATH, settings(OWN))
    load(FILE)
    item = UnitItem.get(keys.unit("KPP-WOLOMIN"), keys.META)
    assert (item.parent, item.addresses) == ("KSP", [OWN])


def test_replaced_addresses_have_nothing_against_them(world: World, load: Load) -> None:
    load(FILE)
    assert flags.flag("KSP", FILE["KSP"][0], world.clock(), "bounce")
    load(FILE, replace=True)
    # The same address is no better for being loaded again.
    assert alerting.mailbox("KSP").addresses == ()
    load({"KSP": ["new@file.example", *FILE["KSP"]]}, replace=True)
    assert alerting.mailbox("KSP").addresses == ("new@file.example", *FILE["KSP"])
