"""The view of a reporter who wants to add a photo."""

from chalicelib.container import Container
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.photo import MediaType
from chalicelib.http import shapes
from chalicelib.http.answering import RECEIPT_HEADER
from chalicelib.http.body import UploadBody, read
from chalicelib.http.call import Call
from chalicelib.http.reply import Reply
from chalicelib.services import uploads
from chalicelib.store import keys


def permit_upload(call: Call, box: Container) -> Reply:
    """Permit one upload: the file goes to the store's own address, never through here."""
    given = call.headers.get(RECEIPT_HEADER.lower())
    if given is None:
        raise Invalid([FieldFault(RECEIPT_HEADER, Fault.MISSING)])
    wanted = read(UploadBody, call.json_body())
    kind = MediaType(wanted.content_type)
    permitted = uploads.permit(given, kind, wanted.size, box.secrets.keyring, box.vault, box.clock())
    body: shapes.Upload = {
        "url": permitted.form.url,
        "fields": permitted.form.fields,
        "slot": permitted.slot,
        "expires": keys.instant(permitted.expires),
    }
    return Reply(body, 201)
