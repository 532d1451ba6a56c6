package io.fulgur.tensor.testing;

import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.StepScope;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a step scope open or gradients switched off, and gives the thread's
 * pooled memory back, so that the next test starts clean.
 */
public final class TensorHygiene implements AfterEachCallback {
  @Override
  public void afterEach(ExtensionContext context) {
    if (StepScope.isOpen()) {
      throw new AssertionError("The test left a step scope open");
    }
    if (!Autograd.isGradEnabled()) {
      throw new AssertionError("The test left gradients switched off");
    }
    StepScope.clearThread();
  }
}
