package io.fulgur.testkit;

import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.EngineStatistics;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.StepScope;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a step scope open, gradients switched off, or a native kernel that
 * nobody closes; gives the pooled memory of its thread back and puts the random numbers where they
 * were, so that no test depends on those before it.
 *
 * <pre>{@code
 * @ExtendWith(CleanThread.class)
 * class MyCallbackTest { ... }
 * }</pre>
 *
 * <p>A test that trains on threads of its own calls {@link StepScope#clearThread()} on them before
 * they end.
 *
 * @since 0.1
 */
public final class CleanThread implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(CleanThread.class);

  /** What there was before a test. */
  private record Before(long seed, long offset, long openKernels) {}

  /** Makes the extension; called by JUnit. */
  public CleanThread() {}

  @Override
  public void beforeEach(ExtensionContext context) {
    StepScope.clearThread();
    Generator random = Generator.defaultGenerator();
    context
        .getStore(NAMESPACE)
        .put(Before.class, new Before(random.seed(), random.offset(), openKernels()));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Before before = context.getStore(NAMESPACE).remove(Before.class, Before.class);
    Generator.defaultGenerator().restore(before.seed(), before.offset());
    if (StepScope.isOpen()) {
      throw new AssertionError("The test left a step scope open");
    }
    if (!Autograd.isGradEnabled()) {
      throw new AssertionError("The test left gradients switched off");
    }
    StepScope.clearThread();
    long left = openKernels() - before.openKernels();
    if (left != 0) {
      throw new AssertionError(
          "The test left %d native kernels open; threads that it trains on must call StepScope.clearThread()"
              .formatted(left));
    }
  }

  private static long openKernels() {
    EngineStatistics statistics = Engine.defaultEngine().statistics();
    return statistics.preparedKernels() - statistics.closedKernels();
  }
}
