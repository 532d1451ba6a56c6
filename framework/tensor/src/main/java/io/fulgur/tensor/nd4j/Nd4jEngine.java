package io.fulgur.tensor.nd4j;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.EngineStatistics;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.KernelProvider;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.ThreadPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory from JavaCPP and kernels from ND4J, and from any {@link KernelProvider} on the class path.
 *
 * @since 0.1
 */
public final class Nd4jEngine implements Engine {
  private final EngineStatistics statistics = new EngineStatistics();
  private final List<KernelProvider> providers;

  /**
   * Starts ND4J, which takes seconds the first time.
   *
   * @throws FulgurException if ND4J finds no CPU backend
   */
  public Nd4jEngine() {
    ThreadPolicy.current().configureOpenMp();
    if (!Nd4j.getEnvironment().isCPU()) {
      throw new FulgurException(
          ErrorId.NO_ENGINE,
          "The ND4J backend on the class path is not a CPU backend; only nd4j-native is supported."
              + " Remove the nd4j-cuda artifact");
    }
    Stream<KernelProvider> found =
        ServiceLoader.load(KernelProvider.class, Nd4jEngine.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get);
    providers =
        Stream.concat(found, Stream.of(new Nd4jKernelProvider(statistics)))
            .filter(provider -> !excluded(provider.name()))
            .sorted(Comparator.comparingInt(KernelProvider::priority).reversed())
            .toList();
    if (Nd4j.getEnvironment().maxMasterThreads() != ThreadPolicy.current().threads()) {
      Nd4j.getEnvironment().setMaxThreads(ThreadPolicy.current().threads());
      Nd4j.getEnvironment().setMaxMasterThreads(ThreadPolicy.current().threads());
    }
    // Loading OpenMP's runtime may have pinned this thread, and threads that it starts would be.
    ThreadPolicy.current().unpin();
  }

  /** Kernel providers can be switched off by name, to compare or to circumvent one. */
  private static boolean excluded(String name) {
    String names = System.getProperty("fulgur.kernels.exclude", "");
    return List.of(names.split(",")).contains(name);
  }

  @Override
  public String name() {
    return "nd4j-cpu";
  }

  @Override
  public Storage allocate(DType dtype, long elements) {
    statistics.countAllocation(elements * dtype.sizeBytes());
    return new Nd4jStorage(this, dtype, elements);
  }

  @Override
  public @Nullable Kernel prepare(OpCall call) {
    for (KernelProvider provider : providers) {
      Kernel kernel = provider.prepare(call);
      if (kernel != null) {
        return kernel;
      }
    }
    return null;
  }

  @Override
  public boolean prefersChannelsLast(DType dtype) {
    return providers.stream().anyMatch(provider -> provider.prefersChannelsLast(dtype));
  }

  @Override
  public void synchronize() {
    // Kernels run on the calling thread and have finished when they return.
  }

  @Override
  public EngineStatistics statistics() {
    return statistics;
  }

  /**
   * {@inheritDoc}
   *
   * <p>{@code native_bytes}, what tensors and ND4J have allocated outside of the heap, and {@code
   * resident_bytes}, the memory of the whole process.
   */
  @Override
  public Map<String, Double> deviceStats() {
    return Map.of(
        "native_bytes", (double) Pointer.totalBytes(),
        "resident_bytes", (double) Pointer.physicalBytes());
  }

  @Override
  public String description() {
    return "ND4J "
        + Nd4j.getBackend().getClass().getSimpleName()
        + ", "
        + ThreadPolicy.current()
        + ", kernels: "
        + providers.stream().map(KernelProvider::name).collect(Collectors.joining(", "));
  }
}
