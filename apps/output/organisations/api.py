"""Organisations by API: the same as their pages."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output.customers.api import CustomerShortOut, CustomerView
from apps.output.customers.api_merging import MergeOut
from apps.output.organisations import services
from apps.output.organisations.models import OrganisationNote
from apps.output.organisations.queries import fitting, merges_of, narrowed, rows_of
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.models import Customer, Organisation
from helpdesk.permissions import require


class OrganisationOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    segment = serializers.CharField()
    value = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    managers_may = serializers.ChoiceField(Organisation.ManagersMay.choices)
    created_at = serializers.DateTimeField()


class OrganisationFullOut(OrganisationOut):
    """With its domains, how many members it has, and what they are worth together where nothing else is said."""

    domains = serializers.ListField(child=serializers.CharField())
    members = serializers.IntegerField()
    worth = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)


class OrganisationChangeIn(StrictSerializer):
    name = serializers.CharField(max_length=200, required=False)
    segment = serializers.CharField(max_length=60, required=False, allow_blank=True)
    value = serializers.DecimalField(max_digits=12, decimal_places=2, required=False, allow_null=True)
    managers_may = serializers.ChoiceField(Organisation.ManagersMay.choices, required=False)


class OrganisationIn(OrganisationChangeIn):
    name = serializers.CharField(max_length=200)


class DomainIn(StrictSerializer):
    domain = serializers.CharField(max_length=253)


class DomainOut(serializers.Serializer):
    id = serializers.IntegerField()
    domain = serializers.CharField()
    claimed_at = serializers.DateTimeField()


class OrganisationNoteIn(StrictSerializer):
    body = serializers.CharField(max_length=services.MAX_NOTE)


class OrganisationNoteOut(serializers.Serializer):
    id = serializers.IntegerField()
    body = serializers.CharField()
    by = serializers.CharField(source="by.email")
    at = serializers.DateTimeField()


class MemberIn(StrictSerializer):
    customer = serializers.IntegerField(min_value=1)
    is_manager = serializers.BooleanField(required=False)


class OrganisationMergeIn(StrictSerializer):
    gone = serializers.IntegerField(min_value=1)


class OrganisationView(CustomerView, verb="output.organisations"):
    """Whose people our customers are."""

    def organisation(self, request: ApiRequest, pk: int) -> Organisation:
        require(request.user, "output.customers")
        row = Organisation.objects.visible_to(request.user).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def full(self, request: ApiRequest, row: Organisation, status: int = 200) -> Response:
        counted = rows_of([row], request.user)[0]
        said = OrganisationOut(row).data | {
            "domains": counted.domains,
            "members": counted.members,
            "worth": None if counted.value is None else f"{counted.value:.2f}",
        }
        return Response(said, status=status)


class Organisations(OrganisationView):
    """The organisations, the newest first."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "q", str, description="Name (with a slip of the pen), or the beginning of a domain"
            ),
            OpenApiParameter("segment", str),
            OpenApiParameter("having", str, enum=["domain", "manager", "value"]),
        ],
        responses=OrganisationOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "output.customers")
        asked = request.query_params
        rows: QuerySet[Organisation] = narrowed(
            Organisation.objects.visible_to(request.user),
            having=asked.get("having", ""),
            segment=asked.get("segment", ""),
        )
        if text := " ".join(asked.get("q", "").replace("\0", "").split())[:200]:
            rows = rows.filter(fitting(text))
        return self.page(request, rows, OrganisationOut)

    @extend_schema(request=OrganisationIn, responses={201: OrganisationFullOut})
    def post(self, request: ApiRequest) -> Response:
        """Make an organisation known. One of this name is refused with 409."""
        return self.answer_once(request, lambda: self._made(request))

    def _made(self, request: ApiRequest) -> Response:
        given = taken(OrganisationIn(data=request.data))
        row = services.add_organisation(values=given, by=request.user, at=timezone.now())
        return self.full(request, row, 201)


class OneOrganisation(OrganisationView):
    """One organisation."""

    @extend_schema(responses=OrganisationFullOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return self.full(request, self.organisation(request, pk))

    @extend_schema(request=OrganisationChangeIn, responses=OrganisationFullOut)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Fields that are not sent stay."""
        row, values = self.organisation(request, pk), taken(OrganisationChangeIn(data=request.data))
        row = services.change_organisation(
            organisation=row, values=values, by=request.user, at=timezone.now()
        )
        return self.full(request, row)


class OrganisationDomains(OrganisationView):
    """The mail domains that are one organisation's alone."""

    @extend_schema(responses=DomainOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        return self.page(request, self.organisation(request, pk).domains.all(), DomainOut)

    @extend_schema(request=DomainIn, responses={201: DomainOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Claim a domain: whoever writes from there is a member, and who did and belongs to none becomes one."""
        row, given = self.organisation(request, pk), taken(DomainIn(data=request.data))
        claimed = services.claim_domain(organisation=row, **given, by=request.user, at=timezone.now())
        return Response(DomainOut(claimed).data, status=201)


class OneOrganisationDomain(OrganisationView):
    """One claimed domain."""

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int, domain: int) -> Response:
        """Nobody joins by it any more; members stay."""
        row = self.organisation(request, pk).domains.filter(pk=domain).first()
        if row is None:
            raise Http404
        services.release_domain(domain=row, by=request.user, at=timezone.now())
        return Response(status=204)


class OrganisationMembers(OrganisationView, verb="output.edit_customers"):
    """The customers who are members, as far as the caller knows of them."""

    @extend_schema(responses=CustomerShortOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        row = self.organisation(request, pk)
        known = Customer.objects.visible_to(request.user).filter(member_of=row, anonymised_at=None)
        return self.page(request, known, CustomerShortOut)

    @extend_schema(request=MemberIn, responses=CustomerShortOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Make a customer a member; with `is_manager` say whether they see the tickets of the others."""
        row, given = self.organisation(request, pk), taken(MemberIn(data=request.data))
        by, at = request.user, timezone.now()
        member = services.join(customer=self.row(request, given["customer"]), organisation=row, by=by, at=at)
        if "is_manager" in given:
            member = services.appoint(customer=member, is_manager=given["is_manager"], by=by, at=at)
        return Response(CustomerShortOut(member).data)


class OneOrganisationMember(OrganisationView, verb="output.edit_customers"):
    """One member."""

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int, customer: int) -> Response:
        """They are no member any more."""
        organisation, member = self.organisation(request, pk), self.row(request, customer)
        if member.member_of_id != organisation.pk:
            raise Http404
        services.join(customer=member, organisation=None, by=request.user, at=timezone.now())
        return Response(status=204)


class OrganisationNotes(OrganisationView, verb="output.edit_customers"):
    """What colleagues should know of an organisation."""

    @extend_schema(responses=OrganisationNoteOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        rows = OrganisationNote.objects.filter(organisation=self.organisation(request, pk))
        return self.page(request, rows.select_related("by"), OrganisationNoteOut)

    @extend_schema(request=OrganisationNoteIn, responses={201: OrganisationNoteOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        return self.answer_once(request, lambda: self._noted(request, pk))

    def _noted(self, request: ApiRequest, pk: int) -> Response:
        row, given = self.organisation(request, pk), taken(OrganisationNoteIn(data=request.data))
        note = services.note_organisation(organisation=row, **given, by=request.user, at=timezone.now())
        return Response(OrganisationNoteOut(note).data, status=201)


class MergeOrganisation(OrganisationView):
    """Two organisations that are one."""

    @extend_schema(request=OrganisationMergeIn, responses=OrganisationFullOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Members, domains and notes of `gone` become this one's, and its name leads here. It can be undone for
        thirty days."""
        kept, given = self.organisation(request, pk), taken(OrganisationMergeIn(data=request.data))
        gone = self.organisation(request, given["gone"])
        merge = services.merge_organisations(kept=kept, gone=gone, by=request.user, at=timezone.now())
        return self.full(request, merge.kept)


class OrganisationMerges(OrganisationView):
    """Which organisations became part of this one, newest first."""

    @extend_schema(operation_id="organisation_merges", responses=MergeOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        return self.page(request, merges_of(self.organisation(request, pk)), MergeOut)


class UndoOrganisationMerge(OrganisationView):
    """They are two after all."""

    @extend_schema(operation_id="organisation_merge_undo", request=None, responses=MergeOut)
    def post(self, request: ApiRequest, pk: int, merge: int) -> Response:
        row = get_object_or_404(merges_of(self.organisation(request, pk)), pk=merge)
        return Response(MergeOut(services.undo_merge(merge=row, by=request.user, at=timezone.now())).data)
