package io.fulgur.progress;

import java.io.PrintStream;

/** A file or a pipe: one line when something is over. */
final class LineScreen implements Screen {
  private final PrintStream out;

  LineScreen(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(Scene scene) {}

  @Override
  public void end(Scene scene) {
    out.println(ProgressLine.plain(scene.tally(), scene.takeMetrics()));
    out.flush();
  }

  @Override
  public void clear(Scene scene) {}
}
