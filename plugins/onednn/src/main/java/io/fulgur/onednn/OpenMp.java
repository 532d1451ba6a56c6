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

  /** The threads of a team, as the runtime was told by its environment; 0 without control of it. */
  private static final int TEAM = load();

  private OpenMp() {}

  /** The functions themselves. */
  private static final class Library {
    private Library() {}

    static native void omp_set_num_threads(int threads);

    static native int omp_get_max_threads();
  }

  private static int load() {
    try {
      Native.register(Library.class, "libgomp.so.1");
      return Library.omp_get_max_threads();
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      LOG.debug("No control of OpenMP's threads, so small work is left to other kernels", e);
      return 0;
    }
  }

  /** Returns whether the number of threads can be set; oneDNN has to be loaded before. */
  static boolean isAvailable() {
    return TEAM > 0;
  }

  /** Returns how many threads the next parallel region of the calling thread takes. */
  static int threads() {
    return TEAM > 0 ? Library.omp_get_max_threads() : 1;
  }

  /** Prepares something on the calling thread alone, and so for it alone. */
  static <T extends @Nullable Object> T alone(Supplier<T> work) {
    int before = threads();
    leaveTeam();
    try {
      return work.get();
    } finally {
      if (before > 1) {
        joinTeam();
      }
    }
  }

  /** Lets the next parallel regions of the calling thread have no other threads. */
  static void leaveTeam() {
    if (TEAM > 1) {
      Library.omp_set_num_threads(1);
    }
  }

  /**
   * Lets the next parallel regions of the calling thread have all threads, whatever they had
   * before: one that ran within another would else leave its single thread behind.
   */
  static void joinTeam() {
    if (TEAM > 1) {
      Library.omp_set_num_threads(TEAM);
    }
  }
}
