package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ThreadPolicyTest {
  /** Runs on a thread of its own, whose settings end with it. */
  private static <T> T onNewThread(Supplier<T> work)
      throws ExecutionException, InterruptedException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread = new Thread(() -> result.completeAsync(work, Runnable::run));
    thread.start();
    thread.join();
    return result.get();
  }

  private static String status(String field) {
    try {
      return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
          .filter(line -> line.startsWith(field + ":"))
          .map(line -> line.substring(field.length() + 1).trim())
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The 19th field of a thread's statistics. */
  private static int nice() {
    try {
      String text = Files.readString(Path.of("/proc/thread-self/stat"));
      List<String> fields = List.of(text.substring(text.lastIndexOf(')') + 2).split(" ", -1));
      return Integer.parseInt(fields.get(16));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void standBack_lowersThePriorityOfItsThreadAlone() throws Exception {
    int before = nice();

    int lowered =
        onNewThread(
            () -> {
              ThreadPolicy.current().standBack();
              return nice();
            });

    assertThat(lowered).isEqualTo(19);
    assertThat(nice()).isEqualTo(before);
  }

  @Test
  void pin_takesTheFirstCoreForOneThreadAtATime_andUnpinGivesItBack() throws Exception {
    ThreadPolicy policy = ThreadPolicy.current();
    String all = onNewThread(() -> status("Cpus_allowed_list"));

    String[] seen =
        onNewThread(
            () -> {
              boolean pinned = policy.pin();
              String inside = status("Cpus_allowed_list");
              boolean again = policy.pin();
              policy.unpin();
              return new String[] {
                String.valueOf(pinned), inside, String.valueOf(again), status("Cpus_allowed_list")
              };
            });

    if (policy.toString().contains("pinned")) {
      assertThat(seen[0]).isEqualTo("true");
      assertThat(seen[1]).doesNotContain("-").doesNotContain(",");
      assertThat(seen[2]).isEqualTo("false");
    } else {
      assertThat(seen[0]).isEqualTo("false");
      assertThat(seen[1]).isEqualTo(all);
    }
    assertThat(seen[3]).isEqualTo(all);
  }

  @Test
  void engine_describesThePolicy() {
    assertThat(Engine.defaultEngine().description())
        .contains(ThreadPolicy.current().threads() + " thread")
        .contains("OpenMP spin 3000");
  }
}
