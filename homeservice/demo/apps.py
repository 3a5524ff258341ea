from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "homeservice.demo"
    label = "demo"
