"""What a service says when it refuses. The text may be shown to a person and says what to do."""

from django.utils.translation import gettext as _


class DomainError(Exception):
    """A rule of the business was broken. `code` names it for programs, `status` is the HTTP answer for it."""

    code = "refused"
    status = 409

    def __init__(self, detail: str = "", *, pointer: str = "") -> None:
        super().__init__(detail or _((self.__doc__ or "").strip().splitlines()[0]))
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
