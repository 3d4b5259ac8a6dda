from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class BscConfig(AppConfig):
    name = "bsc"
    verbose_name = _("Organisation and strategy")


class PortalAdminConfig(admin_apps.AdminConfig):
    """Django's admin, entered through the portal's own login."""

    default_site = "bsc.admin_site.PortalAdminSite"
    # bsc itself has two configurations in this module; this one is not its own.
    default = False
