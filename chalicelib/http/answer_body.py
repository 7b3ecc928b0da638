"""The body of an answer by receipt."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from chalicelib.domain import text as texts
from chalicelib.domain.answers import Answer
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.http.body import Body, refuse


class AnswerBody(Body):
    """An answer by receipt; words with `text`, and only with it."""

    answer: Literal["gone", "still_there", "text"]
    text: str | None = Field(None, validate_default=True)

    @field_validator("text")
    @classmethod
    def _words(cls, value: str | None, info: ValidationInfo) -> str | None:
        in_words = info.data.get("answer") == Answer.TEXT
        if value is not None and "answer" in info.data and not in_words:
            refuse(FieldFault("text", Fault.NOT_WANTED))
        cleaned = ""
        if value is not None:
            try:
                cleaned = texts.clean(value, field="text")
            except Invalid as invalid:
                refuse(*invalid.faults)
        if in_words and not cleaned:
            refuse(FieldFault("text", Fault.MISSING))
        return cleaned or None
