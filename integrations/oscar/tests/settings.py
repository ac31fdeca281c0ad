"""The smallest shop that django-oscar can be, for `cargo xtask shop`.

Its orders are German, so that a template that writes numbers as people read them ("1.024,90") sends a wrong value.
"""

import os
from pathlib import Path

from oscar import INSTALLED_APPS  # noqa: F401
from oscar.defaults import *  # noqa: F403

# The database, and the templates that a shop's own project overrides.
FOLDER = Path(os.environ["SHOP_FOLDER"])

DEBUG = True
SECRET_KEY = "of a shop that is thrown away"
ROOT_URLCONF = "urls"
SITE_ID = 1
STATIC_URL = "static/"
MEDIA_ROOT = FOLDER / "media"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LANGUAGE_CODE = "de"
USE_THOUSAND_SEPARATOR = True
USE_TZ = True

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "shop.db",
        "ATOMIC_REQUESTS": True,
    }
}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
AUTHENTICATION_BACKENDS = ["oscar.apps.customer.auth_backends.EmailBackend"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FOLDER / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                # Tells the templates, and so the survey, the page's language.
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.core.context_processors.metadata",
            ]
        },
    }
]

OSCAR_SHOP_NAME = "Kontor"
OSCAR_DEFAULT_CURRENCY = "EUR"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_REQUIRED_ADDRESS_FIELDS = ("last_name", "line1", "country")


class Pictures:
    """Shows pictures as they are: thumbnails would need a further package, and the products have no pictures."""

    def generate_thumbnail(self, source, **_):
        return source

    def delete_thumbnails(self, source):
        pass


OSCAR_THUMBNAILER = "settings.Pictures"
