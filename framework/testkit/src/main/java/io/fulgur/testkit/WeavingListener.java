package io.fulgur.testkit;

import io.fulgur.weave.HyperparameterAgent;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records constructor arguments for {@link io.fulgur.annotation.SaveHyperparameters} under a test
 * runner, also in one that does not run the build's weaving.
 *
 * <p>JUnit finds it by itself when the test kit is on the class path. It attaches an agent to the
 * test's own JVM, for which JDK 21 and later want {@code -XX:+EnableDynamicAgentLoading}; where
 * that is forbidden it warns, and tests run without.
 *
 * @since 0.1
 */
public final class WeavingListener implements LauncherSessionListener {
  private static final Logger LOG = LoggerFactory.getLogger(WeavingListener.class);

  /** Makes the listener; called by JUnit. */
  public WeavingListener() {}

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    try {
      HyperparameterAgent.install();
    } catch (IllegalStateException e) {
      LOG.warn(
          "Constructor arguments are not recorded in these tests, because no agent could be"
              + " attached. Start the JVM with -XX:+EnableDynamicAgentLoading"
              + " -Djdk.attach.allowAttachSelf=true.",
          e);
    }
  }
}
