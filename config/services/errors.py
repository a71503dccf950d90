class ServiceError(RuntimeError):
    """An embedded server cannot do its work; the text tells a person why and what to do."""
