# The mock server: docker build -t cerbo-portal-mock . && docker run --rm -p 127.0.0.1:8080:8080 cerbo-portal-mock
FROM python:3.13-slim AS build
WORKDIR /source
COPY requirements-mock.txt requirements-build.txt ./
# Building the wheel downloads nothing: what builds it is locked, and is no part of the image.
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements-build.txt \
    && python -m venv --without-pip /mock \
    && pip --python /mock install --no-cache-dir --no-deps --require-hashes --requirement requirements-mock.txt
COPY pyproject.toml README.md LICENSE ./
COPY openapi/cerbo-portal.yaml openapi/
COPY generated/cerbo_portal_client generated/cerbo_portal_client
COPY openapi/client/cerbo_portal_runtime openapi/client/cerbo_portal_runtime
COPY mock_server/cerbo_portal_mock mock_server/cerbo_portal_mock
RUN pip wheel --no-cache-dir --no-deps --no-index --no-build-isolation --wheel-dir /wheel . \
    && pip --python /mock install --no-cache-dir --no-deps --no-index /wheel/*.whl

FROM python:3.13-slim
COPY --from=build /mock /mock
USER 65534:65534
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=2s \
    CMD ["/mock/bin/python", "-c", "import http.client as h, sys; c = h.HTTPConnection('127.0.0.1', 8080, timeout=2); c.request('GET', '/__admin/health'); sys.exit(c.getresponse().status != 200)"]
# Callers outside of the container need the token of the control API: it is printed, or CERBO_MOCK_ADMIN_TOKEN.
ENTRYPOINT ["/mock/bin/cerbo-portal-mock", "--host", "0.0.0.0"]
