SECRET_KEY = "not one"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "application"
INSTALLED_APPS = ["corsheaders"]
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# cors
CORS_ALLOWED_ORIGINS = ["http://localhost:3000"]
# /cors
