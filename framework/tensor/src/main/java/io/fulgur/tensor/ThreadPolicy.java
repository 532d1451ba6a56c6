package io.fulgur.tensor;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.util.BitSet;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the threads of a process share its cores: the one that runs steps, those of OpenMP that help
 * it, those of the common pool, and data workers.
 *
 * <p>Set by system property, or by the environment variable in parentheses:
 *
 * <ul>
 *   <li>{@code fulgur.threads} ({@code FULGUR_THREADS}): how many threads a kernel may take; the
 *       default is the number of processors;
 *   <li>{@code fulgur.openmp.spin} ({@code FULGUR_OPENMP_SPIN}): how many turns a thread of OpenMP
 *       waits for more work before it sleeps, 3000 unless said otherwise; 0 sleeps at once;
 *   <li>{@code fulgur.affinity} ({@code FULGUR_AFFINITY}): {@code true} pins the thread that runs
 *       steps, and OpenMP's, to a core each; the default where there are 2 to 8 processors. Switch
 *       it off where several processes train on one machine;
 *   <li>{@code fulgur.data.nice} ({@code FULGUR_DATA_NICE}): by how much data workers stand back, 0
 *       to 19; 19 unless said otherwise.
 * </ul>
 *
 * <p>OpenMP's own variables ({@code OMP_NUM_THREADS}, {@code OMP_WAIT_POLICY}, {@code
 * GOMP_SPINCOUNT}, {@code OMP_PROC_BIND}, {@code OMP_PLACES}) win where they are set. Its runtime
 * reads them when it is loaded, so ND4J must not be used before the engine is.
 *
 * <p>Spinning, waking and pinning are settled on Linux only; elsewhere the number of threads is all
 * there is to this.
 *
 * @since 0.1
 */
public final class ThreadPolicy {
  /*
   * Why. A kernel that shares its work waits for all threads of its team, so one thread that the
   * scheduler has put behind another delays the whole step. Waking a sleeping thread takes about
   * 40 us, so OpenMP's spin between kernels; by default for so long that on a busy machine, where
   * two of a team end up on one core, each waits out whole time slices of the other. 3000 turns
   * bridge the gaps between the kernels of a step and no more. Pinning keeps a team on cores of its
   * own, and the nice value keeps data workers off them while they are needed.
   *
   * A thread inherits the core of the one that starts it. Those started here free themselves; see
   * standBack and leaveStepCore.
   */
  private static final Logger LOG = LoggerFactory.getLogger(ThreadPolicy.class);
  private static final int SPIN = 3000;
  private static final int NICE = 19;
  private static final int MOST_PINNED = 8;
  private static final int MOST_NICE = 19;
  private static final ThreadPolicy CURRENT = choose();

  private final int threads;
  private final int spin;
  private final boolean affinity;
  private final int nice;

  /** The cores that this process may use, or null where they are not known. */
  private final @Nullable BitSet cores;

  /** The thread that has the first core. */
  private final AtomicReference<@Nullable Thread> pinned = new AtomicReference<>();

  /** Functions of the C library that act on the calling thread. */
  private static final class Library {
    private static final int MASK_BYTES = 128;

    private Library() {}

    static native int setenv(String name, String value, int overwrite);

    static native int setpriority(int which, int who, int value);

    static native int sched_getaffinity(int thread, NativeLong size, byte[] mask);

    static native int sched_setaffinity(int thread, NativeLong size, byte[] mask);

    static boolean load() {
      if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
        return false;
      }
      try {
        Native.register(Library.class, "c");
        return true;
      } catch (UnsatisfiedLinkError e) {
        LOG.debug("No control of threads", e);
        return false;
      }
    }

    static @Nullable BitSet affinity() {
      byte[] mask = new byte[MASK_BYTES];
      return sched_getaffinity(0, new NativeLong(MASK_BYTES), mask) < 0
          ? null
          : BitSet.valueOf(mask);
    }

    static void affinity(BitSet cores) {
      byte[] mask = new byte[MASK_BYTES];
      byte[] bytes = cores.toByteArray();
      System.arraycopy(bytes, 0, mask, 0, bytes.length);
      if (sched_setaffinity(0, new NativeLong(MASK_BYTES), mask) != 0) {
        LOG.debug("The cores of a thread cannot be chosen");
      }
    }
  }

  /** The runtime of OpenMP that engines have loaded. */
  private static final class OpenMp {
    private static final boolean LOADED = load();

    private OpenMp() {}

    static native int omp_get_place_num();

    private static boolean load() {
      try {
        Native.register(OpenMp.class, "libgomp.so.1");
        return true;
      } catch (UnsatisfiedLinkError e) {
        LOG.debug("No OpenMP to ask for places", e);
        return false;
      }
    }

    /**
     * Lets the runtime bind the calling thread, which it does once, and to the core of the thread
     * that runs steps: at the first use of it, or now.
     */
    static void bind() {
      if (LOADED) {
        int place = omp_get_place_num();
        LOG.debug("OpenMP has place {} for {}", place, Thread.currentThread());
      }
    }
  }

  private ThreadPolicy(int threads, int spin, boolean affinity, int nice, @Nullable BitSet cores) {
    this.threads = threads;
    this.spin = spin;
    this.affinity = affinity;
    this.nice = nice;
    this.cores = cores;
  }

  /** Returns the policy of this process. */
  public static ThreadPolicy current() {
    return CURRENT;
  }

  private static ThreadPolicy choose() {
    boolean controlled = Library.load();
    BitSet cores = controlled ? Library.affinity() : null;
    int processors = Runtime.getRuntime().availableProcessors();
    int threads = number("threads", processors, 1, Integer.MAX_VALUE);
    boolean small = processors > 1 && processors <= MOST_PINNED;
    String wish = setting("affinity");
    boolean affinity =
        cores != null
            && cores.cardinality() >= threads
            && threads > 1
            && (wish == null ? small : Boolean.parseBoolean(wish));
    return new ThreadPolicy(
        threads,
        number("openmp.spin", SPIN, 0, Integer.MAX_VALUE),
        affinity,
        number("data.nice", NICE, 0, MOST_NICE),
        cores);
  }

  private static @Nullable String setting(String name) {
    String property = System.getProperty("fulgur." + name);
    return property != null
        ? property
        : System.getenv("FULGUR_" + name.replace('.', '_').toUpperCase(Locale.ROOT));
  }

  private static int number(String name, int otherwise, int least, int most) {
    String text = setting(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text.trim());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      LOG.debug("Not a number: {}", text, e);
    }
    LOG.warn(
        "fulgur.{} is \"{}\"; it must be a whole number from {} to {}", name, text, least, most);
    return otherwise;
  }

  /** Returns how many threads a kernel may take. */
  public int threads() {
    return threads;
  }

  /**
   * Tells OpenMP's runtime, by the environment that it reads when it is loaded. For engines, before
   * they load anything native.
   */
  public void configureOpenMp() {
    if (cores == null) {
      return;
    }
    set("OMP_NUM_THREADS", Integer.toString(threads));
    if (System.getenv("OMP_WAIT_POLICY") == null) {
      set("GOMP_SPINCOUNT", Integer.toString(spin));
    }
    if (affinity) {
      set("OMP_PROC_BIND", "true");
      StringBuilder places = new StringBuilder();
      int core = cores.nextSetBit(0);
      for (int i = 0; i < threads; i++) {
        places.append(i == 0 ? "{" : ",{").append(core).append('}');
        core = cores.nextSetBit(core + 1);
      }
      set("OMP_PLACES", places.toString());
    }
  }

  private static void set(String name, String value) {
    if (Library.setenv(name, value, /* overwrite= */ 0) != 0) {
      LOG.debug("{} cannot be set", name);
    }
  }

  /**
   * Lets the calling thread run anywhere again, after the runtime of OpenMP has pinned it to the
   * core of the thread that runs steps, or one that was pinned has started it.
   */
  public void unpin() {
    if (affinity && cores != null) {
      pinned.compareAndSet(Thread.currentThread(), null);
      Library.affinity(cores);
    }
  }

  /**
   * Pins the calling thread, which is going to run steps, to the first core, unless another thread
   * has that.
   *
   * @return whether it has to be {@linkplain #unpin() unpinned} afterwards
   */
  public boolean pin() {
    if (!affinity || cores == null) {
      return false;
    }
    Thread owner = pinned.get();
    boolean free = owner == null || !owner.isAlive();
    if (!free || !pinned.compareAndSet(owner, Thread.currentThread())) {
      return false;
    }
    BitSet first = new BitSet();
    first.set(cores.nextSetBit(0));
    Library.affinity(first);
    return true;
  }

  /** Keeps the calling thread, which shares the work of kernels, off the core that runs steps. */
  public void leaveStepCore() {
    if (affinity && cores != null) {
      OpenMp.bind();
      BitSet others = (BitSet) cores.clone();
      others.clear(cores.nextSetBit(0));
      Library.affinity(others);
    }
  }

  /** Makes the calling thread stand back for those that run steps; for data workers. */
  public void standBack() {
    unpin();
    if (cores != null && nice > 0 && Library.setpriority(0, 0, nice) != 0) {
      LOG.debug("The priority of a thread cannot be set");
    }
  }

  /** Returns e.g. {@code 2 threads pinned to cores, OpenMP spin 3000, data workers nice 19}. */
  @Override
  public String toString() {
    if (cores == null) {
      return threads + " threads";
    }
    return threads
        + (threads == 1 ? " thread" : " threads")
        + (affinity ? " pinned to cores" : "")
        + ", OpenMP spin "
        + spin
        + ", data workers nice "
        + nice;
  }
}
