package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_default_flags;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The library, loaded once: its engine for the CPU and the stream that all primitives run on, which
 * on a CPU is the calling thread.
 */
final class OneDnn {
  private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);
  private static final @Nullable OneDnn LOADED = load();

  private final dnnl_engine engine = new dnnl_engine();
  private final dnnl_stream stream = new dnnl_stream();

  private OneDnn() {
    Loader.load(org.bytedeco.dnnl.global.dnnl.class);
    check(dnnl_engine_create(engine, dnnl_cpu, 0), "creating an engine");
    check(dnnl_stream_create(stream, engine, dnnl_stream_default_flags), "creating a stream");
  }

  private static @Nullable OneDnn load() {
    try {
      OneDnn loaded = new OneDnn();
      dnnl_version_t version = dnnl_version();
      LOG.debug("oneDNN {}.{}.{}", version.major(), version.minor(), version.patch());
      return loaded;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | FulgurException e) {
      LOG.warn(
          "oneDNN is on the class path but could not be loaded, so other kernels compute what it"
              + " would: {}. Add the natives of org.bytedeco:dnnl and org.bytedeco:opencl for this"
              + " platform, or remove fulgur-onednn",
          e.toString());
      return null;
    }
  }

  /** Returns whether the library could be loaded. */
  static boolean isLoaded() {
    return LOADED != null;
  }

  static dnnl_engine engine() {
    return required().engine;
  }

  static dnnl_stream stream() {
    return required().stream;
  }

  private static OneDnn required() {
    OneDnn loaded = LOADED;
    if (loaded == null) {
      throw new IllegalStateException("oneDNN is not loaded");
    }
    return loaded;
  }

  /** Throws if a call of the library failed. */
  static void check(int status, String doing) {
    if (status != dnnl_success) {
      throw new FulgurException(
          ErrorId.KERNEL_FAILED, "oneDNN failed in " + doing + ": status " + status);
    }
  }
}
