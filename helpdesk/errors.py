"""What a service says when it refuses. The text may be shown to a person and says what to do."""

from helpdesk.sentences import Words, told_by


class DomainError(Exception):
    """A rule of the business was broken. `code` names it for programs, `status` is the HTTP answer for it."""

    code = "refused"
    status = 409

    def __init__(self, detail: Words = "", *, pointer: str = "") -> None:
        # As it is kept where somebody reads it later: a text that was given is of the language it was given in.
        self.words = detail or told_by(type(self))
        super().__init__(str(self.words))
        # The field at fault, as a JSON pointer without the leading slash: "customer/email".
        self.pointer = pointer

    @property
    def detail(self) -> str:
        return str(self)


class NotAllowed(DomainError):
    """You may not do this."""

    code = "not-allowed"
    status = 403


class NotFound(DomainError):
    """There is nothing here by that name."""

    code = "not-found"
    status = 404


class Invalid(DomainError):
    """This value can't be taken."""

    code = "invalid"
    status = 422
