# The mock server: docker build -t cerbo-portal-mock . && docker run --rm -p 127.0.0.1:8080:8080 cerbo-portal-mock
FROM python:3.13-slim AS build
WORKDIR /source
COPY requirements-mock.txt .
RUN python -m venv --without-pip /mock \
    && pip --python /mock install --no-cache-dir --no-deps --require-hashes --requirement requirements-mock.txt
COPY pyproject.toml README.md LICENSE ./
COPY openapi/cerbo-portal.yaml openapi/
COPY generated/cerbo_portal_client generated/cerbo_portal_client
COPY openapi/client/cerbo_portal_runtime openapi/client/cerbo_portal_runtime
COPY mock_server/cerbo_portal_mock mock_server/cerbo_portal_mock
RUN pip --python /mock install --no-cache-dir --no-deps .

FROM python:3.13-slim
COPY --from=build /mock /mock
USER 65534:65534
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=2s \
    CMD ["/mock/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/__admin/health')"]
# Callers outside of the container need the token of the control API: it is printed, or CERBO_MOCK_ADMIN_TOKEN.
ENTRYPOINT ["/mock/bin/cerbo-portal-mock", "--host", "0.0.0.0"]
