# The app (--target app, port 8501) and the hook (--target hook, port 8000): deploy/README.md.
# Packages by their hashes, and of those that build or install packages none is left; nobody in it is root.
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/gazecrop

FROM base AS hook-packages
COPY requirements-serve.txt ./
RUN python -m venv /opt/packages \
    && /opt/packages/bin/python -m pip install --no-deps --require-hashes -r requirements-serve.txt \
    && /opt/packages/bin/python -m pip uninstall -y pip setuptools

FROM base AS app-packages
COPY requirements.txt ./
RUN python -m venv /opt/packages \
    && /opt/packages/bin/python -m pip install --no-deps --require-hashes -r requirements.txt \
    && /opt/packages/bin/python -m pip uninstall -y pip setuptools

FROM base AS slim
RUN python -m pip uninstall -y pip setuptools wheel \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin gazecrop \
    && install -d -o gazecrop -g gazecrop -m 0700 /data
ENV PATH=/opt/packages/bin:$PATH PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
COPY LICENSE ./
COPY saliency saliency/

FROM slim AS hook
COPY --from=hook-packages /opt/packages /opt/packages
RUN python -m compileall -q saliency
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)"]
CMD ["python", "-m", "saliency", "serve", "--host", "0.0.0.0", "--port", "8000", "--log", "json"]

FROM slim AS app
COPY --from=app-packages /opt/packages /opt/packages
COPY .streamlit .streamlit/
COPY samples samples/
COPY eval eval/
COPY pages pages/
COPY app.py frame.py ./
RUN python -m compileall -q saliency eval pages app.py frame.py
ENV GAZECROP_RATINGS_URL=sqlite:////data/ratings.sqlite GAZECROP_RUNS=/data/runs
VOLUME /data
USER 10001
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=2)"]
CMD ["python", "-m", "streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port", "8501", "--server.fileWatcherType", "none"]
