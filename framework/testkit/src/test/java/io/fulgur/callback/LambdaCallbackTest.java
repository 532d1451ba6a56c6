package io.fulgur.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingCallback;
import io.fulgur.trainer.TestTrainers;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LambdaCallbackTest {
  private static final Set<String> NO_HOOKS = Set.of("loadState");

  private static Set<String> hooks() {
    Set<String> names = new TreeSet<>();
    for (Method method : Callback.class.getMethods()) {
      if (method.getReturnType() == void.class && !NO_HOOKS.contains(method.getName())) {
        names.add(method.getName());
      }
    }
    return names;
  }

  /** Sets every function to one that adds the name of its hook to a list. */
  private static LambdaCallback recording(List<String> calls) {
    LambdaCallbackBuilder builder = LambdaCallback.builder();
    for (Method setter : LambdaCallbackBuilder.class.getMethods()) {
      if (setter.getReturnType() == LambdaCallbackBuilder.class) {
        InvocationHandler handler =
            (proxy, method, arguments) -> {
              calls.add(setter.getName());
              return null;
            };
        Class<?> type = setter.getParameterTypes()[0];
        Object function =
            Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
        try {
          setter.invoke(builder, function);
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(e.getMessage(), e);
        }
      }
    }
    return builder.build();
  }

  @Test
  void builder_hooks_areThoseOfCallbacks() {
    assertThat(
            Arrays.stream(LambdaCallbackBuilder.class.getMethods())
                .filter(each -> each.getReturnType() == LambdaCallbackBuilder.class)
                .map(Method::getName))
        .containsExactlyInAnyOrderElementsOf(hooks());
  }

  @Test
  void runs_everyFunction_isCalledWhereACallbacksMethodIs(@TempDir Path folder) {
    List<String> lambdas = new ArrayList<>();
    List<String> methods = new ArrayList<>();
    Callback saver =
        LambdaCallback.builder()
            .onTrainEnd((trainer, module) -> trainer.saveCheckpoint(folder.resolve("end.ckpt")))
            .build();
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(1)
            .callbacks(RecordingCallback.into(methods), recording(lambdas), saver)
            .build();
    BoringModule module = new BoringModule();
    trainer.fit(module, BoringData.module(2, 2));
    trainer.validate(module, BoringData.module(2, 2));
    trainer.test(module, BoringData.module(2, 2));
    trainer.predict(module, BoringData.module(2, 2));

    assertThat(lambdas).isEqualTo(methods);
    Set<String> missed = new TreeSet<>(hooks());
    missed.removeAll(new TreeSet<>(lambdas));
    assertThat(missed).containsExactlyInAnyOrder("onException", "onLoadCheckpoint");
  }

  @Test
  void runs_failAndResume_callTheFunctionsForThat(@TempDir Path folder) {
    Path path = folder.resolve("some.ckpt");
    List<String> calls = new ArrayList<>();
    Trainer failing =
        TestTrainers.quiet()
            .maxEpochs(2)
            .callback(
                LambdaCallback.builder()
                    .onTrainBatchEnd(
                        (trainer, module, output, batch, index, loader) -> {
                          trainer.saveCheckpoint(path);
                          throw new IllegalStateException("on purpose");
                        })
                    .onException((trainer, module, error) -> calls.add(error.getMessage()))
                    .build())
            .build();
    try {
      failing.fit(new BoringModule(), BoringData.module(2, 1));
    } catch (RuntimeException e) {
      calls.add("thrown");
    }
    TestTrainers.quiet()
        .maxEpochs(2)
        .callback(
            LambdaCallback.builder()
                .onLoadCheckpoint(
                    (trainer, module, checkpoint) -> calls.add("step " + checkpoint.globalStep()))
                .build())
        .build()
        .fit(new BoringModule(), BoringData.module(2, 1), path);

    assertThat(calls).hasSize(3);
    assertThat(calls.get(0)).contains("on purpose");
    assertThat(calls.subList(1, 3)).containsExactly("thrown", "step 1");
  }
}
