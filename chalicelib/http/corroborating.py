"""The view of somebody who says "I see it too"."""

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import ProofInvalid
from chalicelib.domain.network import Kind
from chalicelib.domain.quota import device_hash
from chalicelib.domain.report import Tier
from chalicelib.http import shapes
from chalicelib.http.body import CorroborationBody, read
from chalicelib.http.call import Call
from chalicelib.http.common import callers_network
from chalicelib.http.filing import KEY_HEADER, device_token
from chalicelib.http.public import pattern
from chalicelib.http.reply import Reply
from chalicelib.services import proof
from chalicelib.services.corroborate import Corroborated, Corroboration
from chalicelib.services.surges import Place, Surges
from chalicelib.store.secrets import Device
from chalicelib.store.sightings import Allowance


def corroborate(call: Call, box: Container) -> Reply:
    """Add a sighting to a public case: 201, or 200 where this device has reported or seen it before."""
    body = call.json_body()
    device, now = box.secrets.device(device_token(call, box)), box.clock()
    key, told = call.uuid_header(KEY_HEADER), read(CorroborationBody, body)
    if box.proof.work(now) and not proof.holds(box.secrets.keyring.proofs.values(), told.proof, key, now):
        raise ProofInvalid
    box.door.admit(now)
    done = _use_case(call, box, device).add(call.path["id"], told.chosen())
    return Reply(_told(done), 201 if done.new else 200)


def _use_case(call: Call, box: Container, device: Device) -> Corroboration:
    instance, now = box.instance, box.clock()
    day = day_of(now, instance.zone)
    salt, expires = box.salts.of_day(day, instance.zone)
    network = callers_network(call, box, now)
    return Corroboration(
        instance,
        now,
        Allowance(day, device_hash(salt, device.name), expires),
        lambda report: box.windows.witness(device.name, report.cell, day, instance.zone),
        lambda: Tier.ORDINARY if network.spend(Kind.CORROBORATION) else Tier.HELD,
        lambda case, witness, mark: Surges(instance, now).watch(
            Place(case.id, case.category, case.unit, case.cell), witness, mark
        ),
    )


def _told(done: Corroborated) -> shapes.Corroborated:
    return {
        "id": done.id,
        "counted": done.counted,
        "sources": done.seen.sources,
        "pattern": pattern(done.seen),
    }
