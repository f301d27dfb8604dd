# The locked environment, on the platform for which identical bytes are guaranteed.
#
#   docker build --target report --tag report .
#   docker run --rm --volume "$PWD:/project" report                # make report → _site/
#   docker run --rm --volume "$PWD:/project" report make check     # any other verb
#
# With a user id other than 1000 add: --user "$(id -u):$(id -g)" --env HOME=/tmp
# The packages are in /opt/venv, outside the project, so that the mounted folder and its own .venv
# stay unchanged. The image does not include Quarto; the embedded typesetter is in the lock.

# Renew the digest with: docker buildx imagetools inspect python:3.11-slim-bookworm
FROM python:3.11-slim-bookworm@sha256:0bee7276f83efd4a1ee05bbbf4281d95ed28e079220a9457f25a93e3f1e3c31b AS report
# Debian's versions change with security updates; everything that affects the output is in the lock.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 author \
    && install --directory --owner=1000 --mode=0777 /opt/venv /project \
    && git config --system --add safe.directory /project
ENV LC_ALL=C.UTF-8 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    VENV=/opt/venv
USER 1000:1000
WORKDIR /project
# First only what the environment is built from, so that this layer is rebuilt only when one of these
# files changes. The umask lets any user update it, for `make lab` or after a change of the lock.
COPY --chown=1000:1000 Makefile pyproject.toml requirements.lock README.md LICENSE ./
COPY --chown=1000:1000 tools tools
COPY --chown=1000:1000 src/anew/__init__.py src/anew/
RUN umask 0 && make setup
COPY --chown=1000:1000 . .
CMD ["make", "report"]

# Adds what the tests need (Chromium, linters): for `make test` and for editors.
FROM report AS develop
USER 0:0
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        bubblewrap chromium default-jre-headless libatomic1 npm openssh-client \
    && rm -rf /var/lib/apt/lists/*
USER 1000:1000
RUN umask 0 && make setup-test
CMD ["make", "test"]
