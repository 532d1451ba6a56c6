package io.fulgur.weave;

import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(HyperparameterAgent.class);

  /** Packages in which nobody writes modules; looking at their classes would only take time. */
  private static final String[] FOREIGN = {
    "java.", "javax.", "jdk.", "sun.", "com.sun.", "net.bytebuddy.", "org.junit.", "org.assertj.",
    "org.nd4j.", "org.bytedeco.", "com.google.", "com.fasterxml.", "org.slf4j.", "org.jacoco."
  };

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
    if (installed) {
      return;
    }
    ElementMatcher.Junction<TypeDescription> foreign = ElementMatchers.isSynthetic();
    for (String prefix : FOREIGN) {
      foreign = foreign.or(ElementMatchers.nameStartsWith(prefix));
    }
    new AgentBuilder.Default()
        .with(AgentBuilder.TypeStrategy.Default.DECORATE)
        .with(AgentBuilder.PoolStrategy.Default.EXTENDED)
        .with(AgentBuilder.DescriptionStrategy.Default.POOL_ONLY)
        .with(new FailureListener())
        .ignore(foreign)
        .type(HyperparameterWeaver::wants)
        .transform((builder, type, loader, module, domain) -> weave(builder, type))
        .installOn(instrumentation);
    installed = true;
  }

  private static DynamicType.Builder<?> weave(
      DynamicType.Builder<?> builder, TypeDescription type) {
    return HyperparameterWeaver.weave(builder, type);
  }

  /** Keeps why a class was not woven, for whoever asks for its hyperparameters. */
  private static final class FailureListener extends AgentBuilder.Listener.Adapter {
    @Override
    public void onError(
        String typeName,
        @Nullable ClassLoader loader,
        @Nullable JavaModule module,
        boolean loaded,
        Throwable reason) {
      LOG.debug("{} could not be woven", typeName, reason);
      HyperparameterCapture.failed(typeName, String.valueOf(reason.getMessage()));
    }
  }
}
