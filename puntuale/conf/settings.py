"""Django's settings, from the environment. `puntuale serve` sets what it can itself; see docs/reference/settings.md."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from puntuale.conf.environment import LOCAL_HOSTS, Environment
from puntuale.privacy import journal
from puntuale.wording.languages import LANGUAGES as SPOKEN

environment = Environment(os.environ)

PACKAGE = Path(__file__).parent.parent
HOME = Path(environment.text("PUNTUALE_HOME", "var/desk")).resolve()

DEBUG = environment.flag("PUNTUALE_DEBUG")
SECRET_KEY = environment.secret("PUNTUALE_SECRET_KEY")
# What seals secrets in the database. Without keys of its own, the one above does; the first seals, all of them open.
DATA_KEYS = environment.names("PUNTUALE_DATA_KEYS", "") or [SECRET_KEY]
# Whether sign-up takes addresses of the names that are reserved for tests, such as acme.test.
TEST_DOMAINS = environment.flag("PUNTUALE_TEST_DOMAINS")
# Who needs a second factor: managers, agents (and managers), or everybody.
REQUIRE_MFA = environment.one_of("PUNTUALE_REQUIRE_MFA", ("off", "managers", "agents", "everybody"))
ALLOWED_HOSTS = environment.names("PUNTUALE_HOSTS", LOCAL_HOSTS)
BEHIND_HTTPS = environment.flag("PUNTUALE_HTTPS")


def _connecting(parts: dict[str, str], **pool: object) -> dict[str, object]:
    """Return how Django reaches a database."""
    known = {name: parts.pop(key, "") for name, key in _NAMES.items()}
    options = {**parts, "pool": {"max_size": 16, "timeout": 10, **pool}}
    return {"ENGINE": "django.db.backends.postgresql", **known, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
DATABASES = {"default": _connecting(environment.database("DATABASE_URL"), min_size=1, name="desk")}
# A second one that follows the first, and is read from where nobody waits for the last second.
if environment.text("PUNTUALE_REPLICA_URL", ""):
    _replica = environment.database("PUNTUALE_REPLICA_URL")
    DATABASES["replica"] = _connecting(_replica, min_size=0, timeout=3, name="replica")
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
# Where people find the desk, for links in letters, and who sends them. Without a mail server none is sent.
BASE_URL = environment.text("PUNTUALE_URL", "http://localhost:8000").rstrip("/")
_mail = environment.mail_server("PUNTUALE_SMTP")
EMAIL_IS_SET = bool(_mail)
EMAIL_HOST, EMAIL_PORT = _mail.get("host", "localhost"), _mail.get("port", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("user", ""), _mail.get("password", "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.get("ssl", False), _mail.get("starttls", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("PUNTUALE_MAIL_FROM", "Puntuale <puntuale@localhost>")
MAIL_DOMAIN = environment.domain_of("PUNTUALE_MAIL_FROM", DEFAULT_FROM_EMAIL)
# The address to which customers write. Without one no mail is taken, and letters ask for no answer.
MAIL_TO = environment.address("PUNTUALE_MAIL_TO")
# Where mail comes from besides `puntuale receive`: a mailbox to fetch it from, an address to listen at.
IMAP = environment.mailbox("PUNTUALE_IMAP")
LMTP = environment.listening("PUNTUALE_LMTP")
# The receiving server whose word we take for who a sender is and when a mail came, by the name that it gives itself.
MAIL_TRUSTED_HOST = environment.text("PUNTUALE_MAIL_TRUSTED_HOST", "")
# The domains from which carriers of certified mail (PEC) send their envelopes, which prove who wrote what is inside.
MAIL_CARRIERS = tuple(
    environment.names("PUNTUALE_MAIL_CARRIERS", "pec.aruba.it,legalmail.it,sicurezzapostale.it,postecert.it")
)
# Whether webhooks and chat servers of private networks may be told of pages.
PRIVATE_TARGETS = environment.flag("PUNTUALE_PRIVATE_TARGETS")
# An address of an outside monitor that is asked every minute while the watch is alive, and raises alarm when it is not.
HEARTBEAT_URL = environment.text("PUNTUALE_HEARTBEAT_URL", "")
# How many requests a minute a program may send to the API with one token.
API_RATE = environment.count("PUNTUALE_API_RATE", 1_200)
# How much one person who is no colleague may send within an hour; an organisation five times as much.
TICKETS_AN_HOUR = environment.limit("PUNTUALE_TICKETS_AN_HOUR", 60)
URGENT_TICKETS_AN_HOUR = environment.limit("PUNTUALE_URGENT_TICKETS_AN_HOUR", 20)
FILES_AN_HOUR = environment.limit("PUNTUALE_FILES_AN_HOUR", 200)
METRICS_TOKEN = environment.text("PUNTUALE_METRICS_TOKEN", "")
environment.check()

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "puntuale.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "puntuale.people",
    "puntuale.agreements",
    "puntuale.tickets",
    "puntuale.sending",
    "puntuale.watch",
    "puntuale.mail",
    "puntuale.webhooks",
    "puntuale.reports",
    "puntuale.oncall",
    "puntuale.whatif",
    "puntuale.privacy",
    "puntuale.looks",
    "puntuale.office",
    "puntuale.desk",
    "puntuale.portal",
    "puntuale.api",
]

MIDDLEWARE = [
    "puntuale.conf.health.Probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "puntuale.conf.headers.ContentSecurity",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "puntuale.conf.arrival.Arrival",
    "puntuale.looks.throttling.Throttled",
    "allauth.account.middleware.AccountMiddleware",
    "puntuale.accounts.second_factor.Needed",
    "puntuale.conf.access.Access",
    "puntuale.conf.replica.Replica",
    "puntuale.conf.conflicts.Conflicts",
]

ROOT_URLCONF = "puntuale.conf.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "puntuale.looks.context.frame",
            ],
        },
    }
]

# How often who tried what, for all processes alike. `prepare` makes the table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "counted",
        # Past that some are dropped, and whoever tries many names could make us forget what she tried before.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

AUTH_USER_MODEL = "people.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "puntuale.people.passwords.NotYourName", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "puntuale.people.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "puntuale.people.passwords.NotCommon"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["puntuale.accounts.backend.ByAddress"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "guarantee"

# Accounts: an address and a password, or a code sent to the address; nobody signs up but by our own pages.
ACCOUNT_ADAPTER = "puntuale.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "puntuale.accounts.forms.SignIn",
    "request_login_code": "puntuale.accounts.forms.CodeRequest",
    "reset_password": "puntuale.accounts.forms.ForgottenPassword",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "puntuale.accounts.backend.ResetLinks"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    # Of the second factor, by whoever knows the password already.
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip",
    "request_login_code": "20/m/ip",
    "check_address": "60/m/ip",
    "sign_up_code": "20/h/ip",
    "try_code": "20/m/ip",
    # What is tried on one address: by one client, by all together, by a network from which hardly anything was tried
    # and all such networks when that is used up, and by a browser that was signed in there before.
    "password_here": "5/5m/key,20/m/ip",
    "password_anywhere": "30/5m/key",
    "password_network": "3/h/key",
    "password_fresh": "5/m/key",
    "password_known": "10/5m/key",
} | {
    # Codes, links and sign-up each by themselves: whoever uses one up leaves the others.
    f"{kind}_{way}": rate
    for kind in ("mail_code", "mail_link", "mail_sign_up")
    for way, rate in {
        "here": "5/h/key",
        "anywhere": "8/10m/key",
        "network": "2/h/key",
        "fresh": "1/2m/key",
        "known": "5/h/key",
    }.items()
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_HTTPS else 0
MFA_ADAPTER = "puntuale.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "add_webauthn": "puntuale.accounts.forms.NewPasskey",
    "login_webauthn": "puntuale.accounts.forms.PasskeySignIn",
    "authenticate_webauthn": "puntuale.accounts.forms.PasskeyAsSecondStep",
    "reauthenticate_webauthn": "puntuale.accounts.forms.PasskeyAgain",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers know passkeys on encrypted connections only, and on this machine.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_HTTPS
MFA_ALLOW_UNVERIFIED_EMAIL = True
SOCIALACCOUNT_ADAPTER = "puntuale.accounts.adapters.SignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False

LANGUAGE_CODE = "en"
LANGUAGES = list(SPOKEN.items())
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "puntuale.looks.views.refused.csrf_failure"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
X_FRAME_OPTIONS = "DENY"
# The address people use, with its port, whatever host and port a proxy passes on.
CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(BASE_URL))]
if BEHIND_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS += [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS]

# Attachments: outside whatever is served, each under the hash of its content.
FILES = HOME / "files"
# Who was erased, written outside the database: in the home, and wherever else it is to outlast the home.
ERASURES = journal.places(HOME, environment.text("PUNTUALE_ERASURES", ""))
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 3_000_000
PROCRASTINATE_ON_APP_READY = "puntuale.conf.worker.register"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "puntuale.conf.logs.Line", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if DEBUG else "WARNING"},
    # Pages that are not there and forms with mistakes are no matter of the operator's; failures of ours are.
    "loggers": {
        "puntuale": {"level": "INFO"},
        "django.request": {"level": "INFO" if DEBUG else "ERROR"},
        # Those that Django gives handlers of their own write as all others do.
        "django": {"handlers": []},
        "django.server": {"handlers": [], "propagate": True},
    },
}
