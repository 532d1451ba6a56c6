package io.fulgur.onednn;

import com.sun.jna.Native;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of threads that the calling thread's next parallel region takes.
 *
 * <p>oneDNN divides work among all threads however small it is, and waking one takes tens of
 * microseconds, so small work has to be told to stay on the calling thread. oneDNN's bindings do
 * not cover this function of its OpenMP runtime, GNU's, which is loaded once for oneDNN and ND4J.
 */
final class OpenMp {
  private static final Logger LOG = LoggerFactory.getLogger(OpenMp.class);
  private static final boolean AVAILABLE = load();

  private OpenMp() {}

  /** The functions themselves. */
  private static final class Library {
    private Library() {}

    static native void omp_set_num_threads(int threads);

    static native int omp_get_max_threads();
  }

  private static boolean load() {
    try {
      Native.register(Library.class, "libgomp.so.1");
      return Library.omp_get_max_threads() > 0;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      LOG.debug("No control of OpenMP's threads, so small work is left to other kernels", e);
      return false;
    }
  }

  /** Returns whether the number of threads can be set; oneDNN has to be loaded before. */
  static boolean isAvailable() {
    return AVAILABLE;
  }

  /** Returns how many threads a parallel region of this thread takes now. */
  static int threads() {
    return AVAILABLE ? Library.omp_get_max_threads() : Runtime.getRuntime().availableProcessors();
  }

  static void setThreads(int threads) {
    if (AVAILABLE) {
      Library.omp_set_num_threads(threads);
    }
  }

  /** Makes something that will run on the calling thread alone. */
  static <T extends @Nullable Object> T alone(Supplier<T> work) {
    int threads = threads();
    setThreads(1);
    try {
      return work.get();
    } finally {
      setThreads(threads);
    }
  }
}
