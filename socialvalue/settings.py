"""All settings in one file: safe by default, filled from the environment (see docs/running.md)."""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from socialvalue import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
# Everything the embedded run writes: database, letters, evidence, broker messages.
VAR = Path(env.text("SV_VAR", str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)

PRODUCTION = env.flag("PRODUCTION")
DEBUG = False if PRODUCTION else env.flag("DEBUG")


def _secret_key() -> str:
    """Return the key from the environment, or the embedded run's own, made once and kept."""
    given = env.text("SECRET_KEY")
    if given:
        return given
    if PRODUCTION:
        raise ImproperlyConfigured("Set SECRET_KEY to a long random text: production never makes its own.")
    kept = VAR / "secret-key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key())
    return kept.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the addresses people use, separated by commas.")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")

# --- The council -------------------------------------------------------------------------------------
DEMO = env.flag("DEMO")
# Whom the sign-in page of the demo offers, in this order.
DEMO_PEOPLE = [
    f"{name}@calderbeck.example"
    for name in (
        "colin.reyes",
        "dana.okafor",
        "della.marsh",
        "priya.shah",
        "lena.fischer",
        "ewa.nowak",
        "sami.aziz",
        "adam.price",
    )
]
COUNCIL_NAME = env.text("COUNCIL_NAME", "Calderbeck Council")
SERVICE_NAME = env.text("SERVICE_NAME", "Social value in our contracts")
BRAND_COLOUR = env.text("BRAND_COLOUR", "#0b5563")
BRAND_MARK = env.text("BRAND_MARK", "CB")
SITE_URL = env.text("SITE_URL", f"http://localhost:{env.number('PORT', 8000)}")
CONTACT_EMAIL = env.text("CONTACT_EMAIL", "social.value@calderbeck.example")
# What this council calls its people and its children in care and care leavers.
WORDS = {
    "commissioner": env.text("WORD_COMMISSIONER", "Commissioner"),
    "contract_manager": env.text("WORD_CONTRACT_MANAGER", "Contract manager"),
    "director": env.text("WORD_DIRECTOR", "Strategic Director"),
    "deputy_director": env.text("WORD_DEPUTY_DIRECTOR", "Deputy director"),
    "lead": env.text("WORD_LEAD", "Social value lead"),
    "executive_member": env.text("WORD_EXECUTIVE_MEMBER", "Executive member"),
    "scrutiny": env.text("WORD_SCRUTINY", "Scrutiny member"),
    "administrator": env.text("WORD_ADMINISTRATOR", "Administrator"),
    "directorate": env.text("WORD_DIRECTORATE", "Directorate"),
    "our_children": env.text("WORD_OUR_CHILDREN", "Our Children"),
}
# Cohort counts under this number are hidden from people outside the contract (up to 10).
SMALL_NUMBER = min(max(env.number("SMALL_NUMBER", 5), 2), 10)
# Whether somebody who holds a delegation may hand it on, one step, within its dates and limit.
ONWARD_DELEGATION = env.flag("ONWARD_DELEGATION")
# A month's return opens on the first working day of the next month and is due on this one.
RETURN_DUE_WORKING_DAY = env.number("RETURN_DUE_WORKING_DAY", 10)
# Returns of contracts worth this much (£) or more are marked for the lead's attention.
CHECK_FROM_POUNDS = env.number("CHECK_FROM_POUNDS", 1_000_000)
# Days on which this council closes besides England's bank holidays: 2026-12-29,2026-12-30
COUNCIL_CLOSED_DAYS = env.names("COUNCIL_CLOSED_DAYS")
# Contracts awarded before this day predate the council's policy; the day the Act of 2012 came into force.
SOCIAL_VALUE_POLICY_FROM = env.day("SOCIAL_VALUE_POLICY_FROM", "2013-01-31")
# A KPI set in force for longer than this is called out of date.
KPI_SET_STALE_YEARS = env.number("KPI_SET_STALE_YEARS", 3)

# --- Applications ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "govuk",
    "spreadsheets",
    "accounts",
    "contracts",
    "kpis",
    "reporting",
    "crispy_forms",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page is closed unless it is opened on purpose with @login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.TimeOutMiddleware",
    "accounts.once.OnceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "socialvalue.urls"
WSGI_APPLICATION = "socialvalue.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "govuk.context.brand",
                "reporting.context.navigation",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "govuk"
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False

# --- Database, cache, broker -------------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("DATABASE_URL"), VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "filesystem://localhost")
# A worker takes whatever lies in its queue: services that share a broker, and test processes, need one each.
CELERY_TASK_DEFAULT_QUEUE = env.text("CELERY_QUEUE", "celery")
# Sign-in throttling must hold across processes: Redis where there is one, else the database.
CACHE_URL = env.text("CACHE_URL")
CACHES: dict[str, dict[str, object]]
if CACHE_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_URL,
            # Where several services share one Redis.
            "KEY_PREFIX": env.text("CACHE_PREFIX"),
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            # Beyond this many, entries that still count are dropped: forms must not push sign-in counts out.
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    }

if CELERY_BROKER_URL.startswith("filesystem"):
    for _folder in ("in", "processed", "control"):
        (VAR / "broker" / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR / "broker" / "in"),
        "data_folder_out": str(VAR / "broker" / "in"),
        "processed_folder": str(VAR / "broker" / "processed"),
        "control_folder": str(VAR / "broker" / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 6 * 60 * 60,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    }
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "post-letters": {"task": "accounts.tasks.post_letters", "schedule": 60.0},
    "continue-imports": {"task": "contracts.tasks.continue_imports", "schedule": 60.0},
    "continue-measure-imports": {"task": "kpis.tasks.continue_measure_imports", "schedule": 60.0},
    "continue-adoptions": {"task": "kpis.tasks.continue_adoptions", "schedule": 60.0},
    "end-contracts": {"task": "kpis.tasks.end_contracts", "schedule": crontab(minute="50")},
    "open-returns": {"task": "kpis.tasks.open_returns", "schedule": crontab(minute="5")},
    # Each hour, so also a minute after the midnight at which a delegation ends or begins.
    "ask-who-can-decide": {"task": "kpis.tasks.ask_who_can_decide", "schedule": crontab(minute="1")},
    "close-returns": {"task": "kpis.tasks.close_returns", "schedule": crontab(hour="6", minute="10")},
    "send-reminders": {"task": "kpis.tasks.send_reminders", "schedule": crontab(minute="20")},
}

# --- Sign-in -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "reset_password": "accounts.forms.sign_in.PasswordResetForm",
    "reset_password_from_key": "accounts.forms.sign_in.NewPasswordForm",
    "change_password": "accounts.forms.sign_in.PasswordChangeForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "accounts.adapter.SecondStepAdapter"
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.CodeForm",
    "reauthenticate": "accounts.forms.sign_in.CodeAgainForm",
    "activate_totp": "accounts.forms.sign_in.ActivateAppForm",
    "deactivate_totp": "accounts.forms.sign_in.RemoveAppForm",
    "generate_recovery_codes": "accounts.forms.sign_in.RecoveryCodesForm",
}
# Minutes without a page before a person must sign in again.
TIME_OUT_MINUTES = env.number("TIME_OUT_MINUTES", 60)
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Letters -----------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "accounts.mailbox.FileMailbox")
LETTERS_FOLDER = Path(env.text("LETTERS_FOLDER", str(VAR / "letters")))
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{SERVICE_NAME} <{CONTACT_EMAIL}>")
# A sender that died leaves its claim on a letter; after this many seconds another may take it up.
LETTER_CLAIM_SECONDS = env.number("LETTER_CLAIM_SECONDS", 60)

# --- Files, language, security -----------------------------------------------------------------------
MEDIA_ROOT = Path(env.text("EVIDENCE_FOLDER", str(VAR / "files")))
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
MAX_UPLOAD_MEGABYTES = env.number("MAX_UPLOAD_MEGABYTES", 20)
STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR / "static")))
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = None

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "govuk.refusals.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("SECURE_SSL_REDIRECT", True)
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31536000) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
if env.flag("BEHIND_PROXY"):
    # Throttling counts the visitor's address, not the proxy's.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"socialvalue": {"level": "INFO"}},
}
