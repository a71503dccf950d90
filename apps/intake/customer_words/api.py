"""The words customers read, by program."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.customer_words import services
from apps.intake.customer_words.queries import LANGUAGES, texts_and_words
from apps.intake.models import MAX_CUSTOMER_WORDS
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class WordsIn(StrictSerializer):
    words = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=MAX_CUSTOMER_WORDS)
    )


class SaidOut(serializers.Serializer):
    text = serializers.CharField()
    words = serializers.CharField()


class CustomerWordsIn(ApiView, verb="intake.fields"):
    """What issues, groups, public fields and states are called in a language of the portal."""

    @extend_schema(operation_id="customer_words_list", responses=SaidOut(many=True))
    def get(self, request: ApiRequest, language: str) -> Response:
        """Every text that customers read; `words` is empty where nobody translated it."""
        require(request.user, "response.view")
        if language not in LANGUAGES:
            raise Http404
        return Response({"data": SaidOut(texts_and_words(language), many=True).data})

    @extend_schema(request=WordsIn, responses=SaidOut(many=True))
    def patch(self, request: ApiRequest, language: str) -> Response:
        """`words` by text; "" takes a translation away, and texts that are not sent keep theirs."""
        given = taken(WordsIn(data=request.data))
        if language not in LANGUAGES:
            raise Http404
        services.say_to_customers(language=language, words=given["words"], by=request.user, at=timezone.now())
        return Response({"data": SaidOut(texts_and_words(language), many=True).data})
