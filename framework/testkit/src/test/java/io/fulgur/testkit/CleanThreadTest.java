package io.fulgur.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.fulgur.tensor.Generator;
import io.fulgur.tensor.StepScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class CleanThreadTest {
  @ExtendWith(CleanThread.class)
  static class Careless {
    private static StepScope left;

    @Test
    void leavesAScopeOpen() {
      left = StepScope.open("careless");
    }
  }

  @ExtendWith(CleanThread.class)
  static class Careful {
    @Test
    void closesItsScope() {
      try (StepScope scope = StepScope.open("careful")) {
        Generator.defaultGenerator().nextLong();
      }
    }
  }

  private static List<String> failures(Class<?> tests) {
    List<String> failures = new ArrayList<>();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(tests))
            .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false")
            .build();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                result.getThrowable().ifPresent(failure -> failures.add(failure.getMessage()));
              }
            });
    return failures;
  }

  @Test
  void afterEach_scopeLeftOpen_failsTheTest() {
    try {
      assertThat(failures(Careless.class)).containsExactly("The test left a step scope open");
    } finally {
      Careless.left.close();
    }
  }

  @Test
  void afterEach_randomNumbersDrawn_arePutBack() {
    long offset = Generator.defaultGenerator().offset();

    assertThat(failures(Careful.class)).isEmpty();
    assertThat(Generator.defaultGenerator().offset()).isEqualTo(offset);
  }
}
