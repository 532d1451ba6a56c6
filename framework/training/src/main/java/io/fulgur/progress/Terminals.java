package io.fulgur.progress;

import java.io.Console;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Locale;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** What is known of the terminal, if there is one. */
final class Terminals {
  private static final int USUAL_WIDTH = 80;
  private static final int NARROWEST = 40;

  private Terminals() {}

  /** Returns whether the standard output is a terminal on which a line can be overwritten. */
  @SuppressWarnings("SystemConsoleNull") // Where it is not null, it is asked further.
  static boolean isTerminal() {
    Console console = System.console();
    if (console == null || "dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      // Since Java 22 there may be a console without a terminal, and it says so.
      Method isTerminal = Console.class.getMethod("isTerminal");
      return Boolean.TRUE.equals(isTerminal.invoke(console));
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /**
   * Returns how many characters fit into a line.
   *
   * <p>The progress bar's library could tell, too, but leaves Ctrl-C to the system from then on
   * until a bar ends: the process would be gone before anything is saved.
   */
  static int width() {
    try (Terminal terminal = TerminalBuilder.builder().dumb(true).nativeSignals(false).build()) {
      // The last place stays free, as some terminals begin a line after it.
      int width = terminal.getWidth() - 1;
      return width < NARROWEST ? USUAL_WIDTH : width;
    } catch (IOException e) {
      return USUAL_WIDTH;
    }
  }

  /** Returns whether the standard output takes characters other than ASCII. */
  static boolean isUnicode() {
    String encoding =
        System.getProperty(
            "stdout.encoding",
            System.getProperty("sun.stdout.encoding", System.getProperty("native.encoding", "")));
    return encoding.toUpperCase(Locale.ROOT).startsWith("UTF");
  }
}
