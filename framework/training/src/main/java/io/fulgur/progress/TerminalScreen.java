package io.fulgur.progress;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/** A terminal: a bar that a thread of the library draws anew now and then. */
final class TerminalScreen implements Screen {
  private final PrintStream out;
  private final int width;
  private final boolean unicode;
  private final int refreshIntervalMillis;
  private @Nullable ProgressBar bar;

  TerminalScreen(PrintStream out, int width, boolean unicode, int refreshIntervalMillis) {
    this.out = out;
    this.width = width;
    this.unicode = unicode;
    this.refreshIntervalMillis = refreshIntervalMillis;
  }

  @Override
  public void begin(Scene scene) {
    bar =
        new ProgressBarBuilder()
            .setUpdateIntervalMillis(refreshIntervalMillis)
            .continuousUpdate()
            .setRenderer((ProgressState state, int room) -> draw(scene, room))
            .setConsumer(new Line(out, width))
            .build();
  }

  private String draw(Scene scene, int room) {
    String line =
        ProgressLine.bar(scene.tally(), scene.inner(), scene.takeMetrics(), room, unicode);
    // What the line before had more must go.
    return line + " ".repeat(Math.max(0, room - line.length()));
  }

  @Override
  public void end(Scene scene) {
    if (bar != null) {
      bar.close();
      bar = null;
      out.println();
      out.flush();
    }
  }

  @Override
  public void clear(Scene scene) {
    if (bar != null) {
      bar.close();
      bar = null;
      out.print("\r" + " ".repeat(width) + "\r");
      out.flush();
    }
  }

  /** The library's line, which ends it only when we say so. */
  private static final class Line extends ConsoleProgressBarConsumer {
    private final PrintStream stream;

    Line(PrintStream out, int width) {
      super(out, width);
      this.stream = out;
    }

    @Override
    public void close() {
      stream.flush();
    }
  }
}
