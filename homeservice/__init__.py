"""Homeservice, a community home-services platform (社区家政服务平台)."""

from homeservice.celery import app as celery_app

__all__ = ["celery_app"]
