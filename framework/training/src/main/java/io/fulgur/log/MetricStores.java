package io.fulgur.log;

/**
 * Where the newest values can be looked up: by callbacks, by the progress display, and what was
 * sent to loggers.
 */
record MetricStores(MetricStore callback, MetricStore progress, MetricStore logged) {
  MetricStores() {
    this(new MetricStore(), new MetricStore(), new MetricStore());
  }

  void clear() {
    callback.clear();
    progress.clear();
    logged.clear();
  }
}
