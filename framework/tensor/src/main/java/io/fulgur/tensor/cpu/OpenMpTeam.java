package io.fulgur.tensor.cpu;

import com.sun.jna.Callback;
import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.fulgur.tensor.ThreadPolicy;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of OpenMP, for work in Java.
 *
 * <p>Why: native kernels before and after it run on these threads, which wait for more work on
 * cores of their own for a moment before they sleep. Threads of another pool would have to be
 * woken, and then share those cores with them.
 *
 * <p>Only GNU's runtime, which the natives for Linux use, can be asked; elsewhere there is no team.
 */
final class OpenMpTeam {
  private static final Logger LOG = LoggerFactory.getLogger(OpenMpTeam.class);
  private static final boolean AVAILABLE = load();
  private static final ThreadLocal<OpenMpTeam> CURRENT = ThreadLocal.withInitial(OpenMpTeam::new);

  private final AtomicInteger next = new AtomicInteger();
  private final Region region = this::takePieces;
  private @Nullable Piece work;
  private int pieces;
  private volatile @Nullable Throwable failure;
  private boolean busy;

  private OpenMpTeam() {
    // Keeps the runtime's threads attached to the JVM from one region to the next.
    Native.setCallbackThreadInitializer(
        region, new CallbackThreadInitializer(/* daemon= */ true, /* detach= */ false, "openmp"));
  }

  /** One of some pieces of work. */
  @FunctionalInterface
  interface Piece {
    void run(int piece);
  }

  /** What each thread of a team does in a parallel region. */
  interface Region extends Callback {
    void run(@Nullable Pointer data);
  }

  /** Functions that compilers call for {@code #pragma omp parallel}. */
  private static final class Library {
    private Library() {}

    static native void GOMP_parallel(Region region, @Nullable Pointer data, int threads, int flags);
  }

  private static boolean load() {
    if (ThreadPolicy.current().threads() < 2) {
      return false;
    }
    try {
      Native.register(Library.class, "libgomp.so.1");
      return true;
    } catch (UnsatisfiedLinkError e) {
      LOG.debug("No team of OpenMP", e);
      return false;
    }
  }

  /** Returns the team of the calling thread, or null where there is none or it is at work. */
  static @Nullable OpenMpTeam idle() {
    if (!AVAILABLE) {
      return null;
    }
    OpenMpTeam team = CURRENT.get();
    return team.busy ? null : team;
  }

  /** Runs pieces of work, each on whichever thread is free. */
  void run(int count, Piece piece) {
    work = piece;
    pieces = count;
    next.set(0);
    busy = true;
    try {
      Library.GOMP_parallel(
          region, null, Math.min(count, ThreadPolicy.current().threads()), /* flags= */ 0);
    } finally {
      busy = false;
      work = null;
    }
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      if (thrown instanceof RuntimeException mistake) {
        throw mistake;
      }
      if (thrown instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("A piece of a kernel's work failed", thrown);
    }
  }

  private void takePieces(@Nullable Pointer data) {
    Piece mine = work;
    try {
      for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
        if (mine != null) {
          mine.run(piece);
        }
      }
    } catch (Throwable e) { // An exception must not leave through native code.
      failure = e;
    }
  }
}
