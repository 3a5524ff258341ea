"""What the finder is told."""

from django import forms


class PlaceForm(forms.Form):
    """Where the browser says that it is. Sent by POST, so that no place is ever written into a log."""

    lat = forms.FloatField(min_value=-90, max_value=90)
    lon = forms.FloatField(min_value=-180, max_value=180)
