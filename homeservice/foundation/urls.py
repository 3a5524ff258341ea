from django.urls import path

from homeservice.foundation.views import upload_file

urlpatterns = [path("files/<int:pk>/", upload_file, name="upload_file")]
