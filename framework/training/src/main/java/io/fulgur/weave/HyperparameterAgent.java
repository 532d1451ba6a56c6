package io.fulgur.weave;

import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;

/**
 * Weaves classes annotated with {@link io.fulgur.annotation.SaveHyperparameters} when they are
 * loaded.
 *
 * <p>Either start the JVM with {@code -javaagent:fulgur.jar}, or call {@link #install()} before the
 * classes are loaded. Those that the build has woven are left alone.
 *
 * @since 0.1
 */
public final class HyperparameterAgent {
  private static boolean installed;

  private HyperparameterAgent() {}

  /** Called by the JVM when it was started with {@code -javaagent}. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    install(instrumentation);
  }

  /** Called by the JVM when the agent is attached to it while it runs. */
  public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
    install(instrumentation);
  }

  /**
   * Attaches to this JVM; further calls do nothing.
   *
   * @throws IllegalStateException if this JVM does not let agents be attached
   */
  public static synchronized void install() {
    if (!installed) {
      install(ByteBuddyAgent.install());
    }
  }

  private static synchronized void install(Instrumentation instrumentation) {
    if (!installed) {
      instrumentation.addTransformer(new WeavingTransformer());
      installed = true;
    }
  }
}
