package io.fulgur.profile;

import io.fulgur.RunKind;
import java.nio.file.Path;

/** Records actions on and on, and says so once a block has gone to the file. */
final class TracingLoop {
  static final int ACTIONS = 5000;

  private TracingLoop() {}

  public static void main(String[] arguments) {
    Profiler profiler = ChromeTraceProfiler.builder().directory(Path.of(arguments[0])).build();
    profiler.setup(RunKind.FIT, Path.of(arguments[0]));
    for (int i = 0; ; i++) {
      profiler.start("outer");
      profiler.start("inner");
      profiler.stop("inner");
      profiler.stop("outer");
      if (i == ACTIONS) {
        System.out.println("recording");
        System.out.flush();
      }
    }
  }
}
