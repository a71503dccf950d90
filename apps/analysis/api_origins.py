"""How the API says where figures come from."""

from rest_framework import serializers


class ProvenanceOut(serializers.Serializer):
    """Where figures come from; `manage.py recompute '<address>'` computes them again."""

    query = serializers.CharField()
    release = serializers.IntegerField(allow_null=True)
    as_of = serializers.DateTimeField()
    digest = serializers.CharField()
    address = serializers.CharField()
