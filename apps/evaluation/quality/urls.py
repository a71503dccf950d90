from django.urls import URLPattern, URLResolver, path

from apps.evaluation.quality import api, api_calibration, api_reviews
from apps.evaluation.quality.views import calibration, reviews, scorecards, team

urlpatterns = [
    # /quality/
    path("quality/", team.quality, name="quality"),
    path("quality/sample/", team.set_sample, name="set_sample"),
    path("quality/causes/", team.raise_cause, name="raise_cause"),
    # /quality/reviews/
    path("quality/reviews/", reviews.quality_reviews, name="quality_reviews"),
    path("quality/reviews/new/", reviews.review_by_hand, name="review_by_hand"),
    path("quality/reviews/<int:pk>/", reviews.quality_review, name="quality_review"),
    path("quality/reviews/<int:pk>/draft/", reviews.keep_review_draft, name="keep_review_draft"),
    path("quality/reviews/<int:pk>/acknowledge/", reviews.acknowledge_review, name="acknowledge_review"),
    path("quality/reviews/<int:pk>/dispute/", reviews.dispute_review, name="dispute_review"),
    path("quality/reviews/<int:pk>/settle/", reviews.settle_review, name="settle_review"),
    # /quality/scorecards/
    path("quality/scorecards/", scorecards.quality_scorecards, name="quality_scorecards"),
    path("quality/scorecards/draft/", scorecards.draft_scorecard, name="draft_scorecard"),
    path("quality/scorecards/<int:pk>/", scorecards.quality_scorecard, name="quality_scorecard"),
    path("quality/scorecards/<int:pk>/publish/", scorecards.publish_scorecard, name="publish_scorecard"),
    path("quality/scorecards/<int:pk>/discard/", scorecards.discard_scorecard, name="discard_scorecard"),
    path("quality/scorecards/<int:pk>/add/", scorecards.add_criterion, name="add_criterion"),
    path("quality/scorecards/<int:pk>/<int:number>/", scorecards.edit_criterion, name="edit_criterion"),
    path("quality/scorecards/<int:pk>/<int:number>/move/", scorecards.move_criterion, name="move_criterion"),
    path(
        "quality/scorecards/<int:pk>/<int:number>/remove/",
        scorecards.remove_criterion,
        name="remove_criterion",
    ),
    # /quality/calibration/
    path("quality/calibration/", calibration.quality_calibration, name="quality_calibration"),
    path("quality/calibration/<int:pk>/", calibration.calibration_session, name="calibration_session"),
    path("quality/calibration/<int:pk>/<int:place>/", calibration.calibration_item, name="calibration_item"),
    path("quality/calibration/<int:pk>/close/", calibration.close_calibration, name="close_calibration"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    # /quality/
    path("quality/", api.Quality.as_view(), name="api_quality"),
    # /scorecards/
    path("scorecards/", api.Scorecards.as_view(), name="api_scorecards"),
    path("scorecards/<int:pk>/", api.OneScorecard.as_view(), name="api_scorecard"),
    path("scorecards/<int:pk>/publish/", api.PublishScorecard.as_view(), name="api_publish_scorecard"),
    # /reviews/
    path("reviews/", api_reviews.Reviews.as_view(), name="api_reviews"),
    path("reviews/<int:pk>/", api_reviews.OneReview.as_view(), name="api_review"),
    path("reviews/<int:pk>/publish/", api_reviews.PublishReview.as_view(), name="api_publish_review"),
    path(
        "reviews/<int:pk>/acknowledge/",
        api_reviews.AcknowledgeReview.as_view(),
        name="api_acknowledge_review",
    ),
    path("reviews/<int:pk>/dispute/", api_reviews.DisputeReview.as_view(), name="api_dispute_review"),
    path("reviews/<int:pk>/settle/", api_reviews.SettleReview.as_view(), name="api_settle_review"),
    # /calibrations/
    path("calibrations/", api_calibration.Calibrations.as_view(), name="api_calibrations"),
    path("calibrations/<int:pk>/", api_calibration.OneCalibration.as_view(), name="api_calibration"),
    path(
        "calibrations/<int:pk>/close/",
        api_calibration.CloseCalibration.as_view(),
        name="api_close_calibration",
    ),
    path(
        "calibrations/<int:pk>/<int:place>/",
        api_calibration.CalibrationAnswer.as_view(),
        name="api_calibration_item",
    ),
]
