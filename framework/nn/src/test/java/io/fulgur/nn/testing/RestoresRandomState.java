package io.fulgur.nn.testing;

import io.fulgur.tensor.Generator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Gives the default generator a fixed seed before each test and its own state back after. */
public final class RestoresRandomState implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace SPACE =
      ExtensionContext.Namespace.create(RestoresRandomState.class);

  private record State(long seed, long offset) {}

  @Override
  public void beforeEach(ExtensionContext context) {
    Generator generator = Generator.defaultGenerator();
    context.getStore(SPACE).put("state", new State(generator.seed(), generator.offset()));
    generator.seed(42);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    State state = context.getStore(SPACE).remove("state", State.class);
    Generator.defaultGenerator().restore(state.seed(), state.offset());
  }
}
